"""Making transfers: which job belongs to a question that was answered, or to what was shelved."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from client.engine.transfer import Engine, Tuning
from client.folders.shelf import Shelved
from client.gui.transfer import Transfer
from client.jobs.copying import ASK_SECONDS, tell_of_copy
from client.jobs.download import Saving, download
from client.jobs.moving import continue_elsewhere
from client.jobs.progress import Phase, Progress
from client.jobs.publish import Publication, publish
from client.jobs.running import Work
from client.jobs.saved import Saved
from client.jobs.seed import seed
from client.jobs.stopping import Stop, StopRule
from client.opening.what import Torrent, link_to
from client.site.publishing import Words
from client.site.site_copy import has_site_copy
from installer.formats import magnet
from installer.formats import ticket as tickets
from installer.formats.magnet import Magnet

_FOREVER = StopRule()

TuningOf = Callable[[bytes], Tuning]


class Works:
    """Makes transfers of one state folder, which share an engine."""

    def __init__(
        self,
        engine: Callable[[], Engine],
        state: Path,
        tuning_of: TuningOf,
        copy_pause: float = ASK_SECONDS,
    ) -> None:
        self._engine = engine
        self._state = state
        self._tuning_of = tuning_of
        self._copy_pause = copy_pause

    def downloading(self, what: Torrent | Magnet, saving: Saving, priorities: str) -> Transfer:
        """Get it from others."""
        shelved = Shelved(
            info_hash_of(what).hex(),
            str(saving.folder),
            saving.name or "",
            what.site_name if isinstance(what, Torrent) else "",
            magnet=magnet.write(what) if isinstance(what, Magnet) else "",
            priorities=priorities,
        )
        return self._downloading(what, saving, shelved, _start(what))

    def sharing(self, torrent: Torrent, path: Path) -> Transfer:
        """Give what is here to others."""
        info_hash = torrent.metainfo.info_hash.hex()
        shelved = Shelved(info_hash, str(path.parent), path.name, is_share_only=True)
        return self._transfer(
            self._share(torrent, path), shelved, _start(torrent), link_to(torrent)
        )

    def publishing(self, publication: Publication) -> Transfer:
        """Make a torrent, hand it to the site, and share it."""
        ticket, path, words = publication.ticket, publication.path, publication.words
        shelved = Shelved(
            "",
            str(path.parent),
            path.name,
            ticket.site_name,
            upload_url=ticket.upload_url,
            is_share_only=True,
            ticket=tickets.write(ticket).hex(),
            title=words.title,
            description=words.description,
            category=words.category,
        )
        return self._publishing(publication, shelved)

    def _publishing(self, publication: Publication, shelved: Shelved) -> Transfer:
        ticket, path = publication.ticket, publication.path

        def work(stop: Stop) -> Iterator[Progress]:
            if not transfer.shelved.info_hash:
                return publish(publication, self._state, self._engine(), stop, _FOREVER)
            # It was published before it was paused, so only sharing is left to do.
            what = Saved(self._state, transfer.shelved).what
            assert isinstance(what, Torrent)
            return self._share(what, path, ticket.upload_url)(stop)

        start = Progress(Phase.HASHING, path.name, ticket.site_name, place=path)
        transfer = self._transfer(work, shelved, start)
        return transfer

    def restored(self, shelved: Shelved) -> Transfer:
        """Go on with what was shelved; refuses what nothing is known of."""
        if shelved.ticket:
            return self._publishing(_publication(shelved), shelved)
        what = Saved(self._state, shelved).what
        folder = Path(shelved.folder)
        total = what.metainfo.total_size if isinstance(what, Torrent) else 0
        start = replace(
            _start(what),
            page_url=shelved.page_url,
            place=folder / shelved.name if shelved.name else None,
            is_complete=shelved.is_complete,
            done_bytes=total if shelved.is_complete else 0,
        )
        if shelved.is_share_only and isinstance(what, Torrent):
            work = self._share(what, folder / shelved.name, shelved.upload_url)
            return self._transfer(work, shelved, start, link_to(what))
        return self._downloading(what, Saving(folder, shelved.name or None), shelved, start)

    def _transfer(
        self, work: Work, shelved: Shelved, start: Progress, link: Magnet | None = None
    ) -> Transfer:
        return Transfer(work, shelved, start, lambda now: Saved(self._state, now).is_whole, link)

    def _downloading(
        self, what: Torrent | Magnet, saving: Saving, shelved: Shelved, start: Progress
    ) -> Transfer:
        def work(stop: Stop) -> Iterator[Progress]:
            now, tuning = transfer.shelved, self._tuning_of(info_hash_of(what))
            if not now.moved_from:
                is_elsewhere = Path(now.folder) != saving.folder
                here = Saving(Path(now.folder)) if is_elsewhere else saving
                return download(what, here, self._state, self._engine(), stop, _FOREVER, tuning)
            return continue_elsewhere(
                what,
                Saving(Path(now.folder)),
                Path(now.moved_from),
                self._state,
                self._engine(),
                stop,
                _FOREVER,
                tuning,
            )

        transfer = self._transfer(work, shelved, start, link_to(what))
        return transfer

    def _share(self, torrent: Torrent, path: Path, upload_url: str = "") -> Work:
        info_hash = info_hash_of(torrent)

        def work(stop: Stop) -> Iterator[Progress]:
            tuning = self._tuning_of(info_hash)
            moments = seed(torrent, path, self._state, self._engine(), stop, _FOREVER, tuning)
            if not upload_url:
                return moments
            return tell_of_copy(
                moments, lambda: has_site_copy(upload_url, info_hash), self._copy_pause
            )

        return work


def _publication(shelved: Shelved) -> Publication:
    return Publication(
        tickets.read(bytes.fromhex(shelved.ticket)),
        Path(shelved.folder) / shelved.name,
        Words(shelved.title, shelved.description, shelved.category),
    )


def info_hash_of(what: Torrent | Magnet) -> bytes:
    """What a transfer is known by."""
    if isinstance(what, Torrent):
        return what.metainfo.info_hash
    return what.info_hash or what.info_hash_v2 or b""


def info_hashes_of(what: Torrent | Magnet) -> set[bytes]:
    """Of both versions (BEP 52), as far as they are known."""
    values = what.metainfo if isinstance(what, Torrent) else what
    return {one for one in (values.info_hash, values.info_hash_v2) if one}


def _start(what: Torrent | Magnet) -> Progress:
    if isinstance(what, Magnet):
        return Progress(Phase.ASKING, what.name)
    size = what.metainfo.total_size
    return Progress(Phase.CHECKING, what.metainfo.name, what.site_name, total_bytes=size)
