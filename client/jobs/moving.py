"""Going on with a download in another folder, where what is here of it comes along.

Whatever ends this, all of it is still in one of the two places.
"""

from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from client.engine.transfer import AS_USUAL, Engine, Tuning
from client.engine.trouble import Kind, disk_trouble
from client.errors import ClientError, FolderError, JobError, JobStopped
from client.folders.carrying import Carrying, UnreadableError
from client.folders.keeping import Kept, forget, kept_torrent, open_kept
from client.folders.places import is_there
from client.folders.targets import Target, delete_saved, place, reserve_beside
from client.jobs.download import Saving, check_room, download, prepare, told_before, troubled
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop, StopRule
from client.opening.what import Torrent
from client.words import gettext as _
from client.words import reason_of
from installer.formats.magnet import Magnet


def continue_elsewhere(
    what: Torrent | Magnet,
    saving: Saving,
    before: Path,
    state: Path,
    engine: Engine,
    stop: Stop,
    rule: StopRule,
    tuning: Tuning = AS_USUAL,
) -> Iterator[Progress]:
    """Download into this folder what was begun in the one before."""
    if isinstance(what, Magnet):
        what = told_before(what, before, state) or what
    remains = ""
    if isinstance(what, Torrent) and before.absolute() != saving.folder.absolute():
        remains = yield from _Move(what, before, saving.folder, state, tuning).run(stop)
    for progress in download(what, saving, state, engine, stop, rule, tuning):
        yield replace(progress, remains=remains)


@dataclass(frozen=True, slots=True)
class _Move:
    torrent: Torrent
    before: Path
    folder: Path
    state: Path
    tuning: Tuning

    def run(self, stop: Stop) -> Generator[Progress, None, str]:
        """Bring along what can be brought; a sentence about what stays where it is."""
        info_hash = self.torrent.metainfo.info_hash
        if kept_torrent(self.state, info_hash, self.before) is None:
            return ""
        yield self._moment(0, 0)
        prepare(self.folder)
        with (
            closing(open_kept(self.state, info_hash, self.before)) as old,
            closing(open_kept(self.state, info_hash, self.folder)) as new,
        ):
            remains = yield from self._bring(old, new, stop)
        # A drive that is not there may come back.
        if not remains and is_there(self.before):
            forget(self.state, info_hash, self.before)
        return remains

    def _bring(self, old: Kept, new: Kept, stop: Stop) -> Generator[Progress, None, str]:
        if old.name is None or not old.is_ours:
            return ""
        metainfo = self.torrent.metainfo
        source = place(metainfo, self.before, old.name)
        if new.name is not None and not new.is_arriving:
            # It was begun here earlier, and one of the two is enough.
            return self._stays() if _carrying(self.torrent, source, source).size else ""
        if not _carrying(self.torrent, source, source).size:
            return self._nothing_left(old, new)
        target = self._reserve(new)
        carrying = _carrying(self.torrent, source, target)
        try:
            if not carrying.rename():
                with troubled(Kind.DISK_FULL):
                    check_room(metainfo, target, self.tuning)
                yield from self._copy(carrying, stop)
        except BaseException as error:
            with suppress(ClientError):
                delete_saved(target, metainfo.info_hash)
            new.forget_place()
            if isinstance(error, UnreadableError):
                return self._is_lost()
            raise
        new.keep(self.torrent.content, target.name, is_ours=True)
        if carrying.has_holes:
            return self._stays()
        try:
            delete_saved(source, metainfo.info_hash)
        except FolderError:
            return self._stays()
        return ""

    def _nothing_left(self, old: Kept, new: Kept) -> str:
        """It has all been renamed, or was never begun, or its drive is not there."""
        is_lost = not is_there(self.before) if new.is_arriving else old.resume is not None
        if new.name is not None:
            new.keep(self.torrent.content, new.name, is_ours=True)
        return self._is_lost() if is_lost else ""

    def _reserve(self, new: Kept) -> Target:
        metainfo = self.torrent.metainfo
        if new.name is not None:
            return place(metainfo, self.folder, new.name)
        with troubled(Kind.UNFIT):
            target = reserve_beside(metainfo, self.folder)
        new.keep(self.torrent.content, target.name, is_ours=True, is_arriving=True)
        return target

    def _copy(self, carrying: Carrying, stop: Stop) -> Iterator[Progress]:
        done, size = 0, carrying.size
        try:
            for step in carrying.copy():
                done += step
                yield self._moment(done, size)
                if stop.is_asked:
                    raise JobStopped(_("Stopped before it was moved. Start it again to continue."))
        except OSError as error:
            number = getattr(error, "winerror", None) or error.errno or 0
            trouble = disk_trouble(number, reason_of(error), str(self.folder))
            raise JobError(trouble.sentence, trouble=trouble) from error

    def _moment(self, done: int, size: int) -> Progress:
        name, site_name = self.torrent.metainfo.name, self.torrent.site_name
        return Progress(Phase.MOVING, name, site_name, done_bytes=done, total_bytes=size)

    def _stays(self) -> str:
        text = _("A part of this is in {folder} too, from before; nothing was deleted there.")
        return text.format(folder=self.before)

    def _is_lost(self) -> str:
        return _(
            "What was saved in {folder} before cannot be read now, so all of it is downloaded "
            "again. Nothing was deleted there."
        ).format(folder=self.before)


def _carrying(torrent: Torrent, source: Target, target: Target) -> Carrying:
    return Carrying(source, target, torrent.metainfo.info_hash)
