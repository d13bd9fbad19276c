"""What was saved of a transfer that stands on the shelf: what it is, and deleting it."""

from dataclasses import replace
from pathlib import Path

from client.engine.transfer import NORMAL, SKIPPED
from client.errors import OpeningError
from client.folders.keeping import forget, is_ours, kept_name, kept_torrent
from client.folders.places import is_there
from client.folders.shelf import Shelved
from client.folders.targets import Target, delete_saved, has_content, place
from client.opening.what import Torrent, link_to, read_torrent
from client.words import gettext as _
from installer.errors import PassalongError
from installer.formats import magnet
from installer.formats.magnet import Magnet
from installer.formats.metainfo import File


class Saved:
    """What the disk knows of one transfer; after a restart too."""

    def __init__(self, state: Path, shelved: Shelved) -> None:
        self._state = state
        self._shelved = shelved
        self._info_hash = bytes.fromhex(shelved.info_hash)
        self._folder = Path(shelved.folder)
        before = replace(shelved, folder=shelved.moved_from, name="", moved_from="")
        self._before = Saved(state, before) if shelved.moved_from else None

    @property
    def what(self) -> Torrent | Magnet:
        """What it is about."""
        content = kept_torrent(self._state, self._info_hash, self._folder)
        if content is None and self._before is not None:
            return self._before.what
        if content is not None:
            return read_torrent(content, self._shelved.site_name)
        if not self._shelved.magnet:
            raise OpeningError(_("Nothing is known of this transfer any more."))
        return magnet.read(self._shelved.magnet)

    @property
    def files(self) -> tuple[File, ...]:
        """Its files, as far as they are known."""
        try:
            what = self.what
        except (PassalongError, ValueError):
            return ()
        return what.metainfo.files if isinstance(what, Torrent) else ()

    @property
    def link(self) -> Magnet | None:
        """What names it elsewhere, as far as it is known."""
        try:
            return link_to(self.what)
        except (PassalongError, ValueError):
            return None

    @property
    def is_whole(self) -> bool:
        """Whether all files that were wanted are still there, as far as that can be known."""
        try:
            what = self.what
            if not isinstance(what, Torrent) or not self._shelved.name:
                return True
            target = place(what.metainfo, self._folder, self._shelved.name)
        except (PassalongError, ValueError):
            return True
        digits = self._shelved.priorities or NORMAL * len(target.files)
        files = zip(target.files, what.metainfo.files, digits, strict=False)
        return all(
            is_there(target.folder / path)
            for path, file, digit in files
            if file.length and digit != SKIPPED
        )

    @property
    def has_content(self) -> bool:
        """Whether a part of it is on the disk that the person may want to keep."""
        if self._before is not None and self._before.has_content:
            return True
        target = self._made
        return target is not None and has_content(target, self._info_hash)

    def clear(self, *, is_deleted: bool) -> None:
        """Remember nothing of it, and delete what we made if that is wanted."""
        if not self._info_hash:
            return
        if self._before is not None:
            self._before.clear(is_deleted=is_deleted)
        target = self._made
        if is_deleted and target is not None:
            delete_saved(target, self._info_hash)
        forget(self._state, self._info_hash, self._folder)

    @property
    def _made(self) -> Target | None:
        """The place that we made for it, and may delete."""
        shelved = self._shelved
        if not shelved.info_hash or shelved.is_share_only:
            return None
        name = shelved.name or kept_name(self._state, self._info_hash, self._folder)
        content = kept_torrent(self._state, self._info_hash, self._folder)
        is_made = is_ours(self._state, self._info_hash, self._folder)
        if content is None or not name or not is_made:
            return None
        return place(read_torrent(content).metainfo, self._folder, name)
