"""Making a torrent from files: version 1, or hybrid (BEP 52) on request."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from client.errors import JobStopped
from client.folders.collecting import Collection, collect
from client.jobs.hashing import Hasher, cores
from client.jobs.pieces import Source
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop
from client.jobs.workers import Standby
from client.words import gettext as _
from client.words import ngettext
from installer import VERSION
from installer.formats import metainfo
from installer.formats.names import shown

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a torrent should be like; without `piece_length` the size of the files decides."""

    announce: Sequence[str] = ()
    is_hybrid: bool = False
    is_private: bool = False
    comment: str = ""
    piece_length: int | None = None


class Making:
    """One torrent in the making. Iterate over `run` to the end, then take `torrent`."""

    def __init__(
        self,
        path: Path,
        recipe: Recipe,
        threads: int | None = None,
        standby: Standby | None = None,
    ) -> None:
        self.collection = files = collect(path, is_hybrid=recipe.is_hybrid)
        self._recipe = recipe
        self._piece_length = recipe.piece_length or metainfo.piece_length_for(files.total_size)
        metainfo.check_torrent_size(
            files.name,
            files.files,
            self._piece_length,
            is_folder=files.is_folder,
            is_hybrid=recipe.is_hybrid,
        )
        self._hasher = Hasher(
            _sources(self.collection, self._piece_length if recipe.is_hybrid else None),
            self._piece_length,
            with_roots=recipe.is_hybrid,
            threads=threads or cores(),
            standby=standby or Standby(),
        )

    def run(self, stop: Stop) -> Iterator[Progress]:
        """Hash the files."""
        total = self.collection.total_size
        with closing(self._hasher.run()) as hashing:
            for done in hashing:
                yield Progress(
                    Phase.HASHING,
                    name=self.collection.name,
                    done_bytes=done,
                    total_bytes=total,
                    notice=left_out_notice(self.collection),
                )
                if stop.is_asked:
                    raise JobStopped(_("Stopped before the torrent was made."))

    def torrent(self) -> bytes:
        """The torrent file."""
        info, layers = self._info()
        return metainfo.write(
            info,
            announce=[[url] for url in self._recipe.announce],
            comment=self._recipe.comment,
            created_by=f"Passalong {VERSION}",
            piece_layers=layers,
        )

    def _info(self) -> tuple[bytes, dict[bytes, bytes]]:
        files = self.collection
        hashes = self._hasher.result()
        common = (files.name, files.files, files.is_folder, self._piece_length, hashes.pieces)
        if not self._recipe.is_hybrid:
            return metainfo.info_v1(*common, private=self._recipe.is_private), {}
        trees = [
            metainfo.file_hashes(file, self._piece_length, roots)
            for file, roots in zip(files.files, hashes.roots, strict=True)
        ]
        info = metainfo.info_hybrid(*common, trees, private=self._recipe.is_private)
        return info, metainfo.piece_layers(trees)


def left_out_notice(collection: Collection) -> str:
    """Say it when a folder holds things that are not published."""
    count = len(collection.left_out)
    if not count:
        return ""
    named = [shown(name) for name in collection.left_out[:_MOST_NAMED]]
    names = ", ".join([*named, "…"] if count > len(named) else named)
    return ngettext(
        "Left out, since it is hidden, temporary or a link: {names}",
        "{count} left out, since they are hidden, temporary or links: {names}",
        count,
    ).format(count=count, names=names)


def _sources(collection: Collection, padded_to: int | None) -> list[Source]:
    files = collection.files
    padding = metainfo.paddings(files, padded_to) if padded_to else (0,) * len(files)
    return [
        Source(collection.path_of(file), file.length, zeros)
        for file, zeros in zip(files, padding, strict=True)
    ]
