"""What lies on the desk: questions to answer and transfers that run. Needs no screen.

The window draws it and calls its methods; everything slow happens in threads of their own.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from client.engine.transfer import AS_USUAL, Details, Engine, Limits, Tuning
from client.engine.trouble import Kind, Trouble, folder_gone
from client.errors import FolderError, OpeningError
from client.folders.keeping import forget, is_ours, kept_torrent
from client.folders.places import is_there
from client.folders.shelf import Shelved, read_shelf, write_shelf
from client.folders.targets import delete_saved, place
from client.gui.presenter import Card, Standing, present
from client.jobs.download import Saving, download
from client.jobs.progress import Phase, Progress
from client.jobs.publish import Publication, publish
from client.jobs.running import Running, Work
from client.jobs.seed import seed
from client.jobs.stopping import Stop, StopRule
from client.opening.what import Torrent, read_torrent
from client.site.publishing import Words
from client.words import gettext as _
from installer.errors import PassalongError
from installer.formats import magnet
from installer.formats.magnet import Magnet
from installer.formats.metainfo import File
from installer.formats.ticket import Ticket

_FOREVER = StopRule()
_RETRY_SECONDS = 15.0


class Question:
    """Something that was opened and waits for an answer of the person."""

    def __init__(self, what: Torrent | Magnet | Ticket, path: Path | None = None) -> None:
        self.what = what
        self.path = path
        self.priorities = ""
        self.news = ""
        self.site_url = ""


class Transfer:
    """One job of the window, which can be paused and taken up again."""

    def __init__(self, work: Work, shelved: Shelved, start: Progress) -> None:
        self.shelved = shelved
        self._work = work
        self._last = start
        self._running: Running | None = None
        self._is_wanted = shelved.is_active
        self._error = ""
        self._failed_at = 0.0
        self._trouble: Kind | None = None

    @property
    def progress(self) -> Progress:
        """The last moment of the job."""
        last = self._running.progress if self._running is not None else self._last
        return replace(
            last,
            site_name=last.site_name or self.shelved.site_name,
            page_url=last.page_url or self.shelved.page_url,
        )

    @property
    def standing(self) -> Standing:
        """How it stands."""
        if self._running is not None and self._is_wanted:
            return Standing.RUNS
        if self._error:
            return Standing.FAILED
        return Standing.RESTS if self.progress.is_complete else Standing.PAUSED

    @property
    def card(self) -> Card:
        """How it is drawn."""
        return present(self.progress, self.standing, self._error)

    @property
    def tuning(self) -> Tuning:
        """How the person wants it to go."""
        kept = self.shelved
        limits = Limits(kept.max_upload, kept.max_download)
        return Tuning(kept.priorities, kept.is_in_order, limits)

    @tuning.setter
    def tuning(self, wanted: Tuning) -> None:
        self.shelved = replace(
            self.shelved,
            priorities=wanted.priorities,
            is_in_order=wanted.is_in_order,
            max_upload=wanted.limits.upload,
            max_download=wanted.limits.download,
        )

    @property
    def is_at_work(self) -> bool:
        """Whether its thread has not ended yet."""
        return self._running is not None

    def start(self) -> None:
        """Begin, or go on."""
        self._is_wanted = True
        self._error = ""
        if self._running is None:
            self._running = Running(self._work, self._last)

    def start_if_there(self) -> None:
        """Begin, but fetch nothing anew that was complete and is gone: that is for a click."""
        place = self._last.place
        if not self._last.is_complete or place is None or is_there(place):
            self.start()
            return
        trouble = folder_gone(self.shelved.folder)
        self._error, self._trouble = trouble.sentence, trouble.kind

    def start_again(self) -> None:
        """End the job and begin it anew, if it is at work."""
        if self._running is not None and self._is_wanted:
            self._running.stop()

    def pause(self) -> None:
        """Rest until started again; what is here stays."""
        self._is_wanted = False
        if self._running is not None:
            self._running.stop()

    def wait(self, seconds: float) -> None:
        """Let the thread end."""
        if self._running is not None:
            self._running.wait(seconds)
            self.look(0.0)

    def look(self, now: float) -> bool:
        """Notice that the thread has ended; true when something changed that must be kept."""
        running = self._running
        if running is None:
            return self._retry(now)
        changed = self._learn(running.progress)
        if running.is_alive:
            return changed
        self._last = replace(running.progress, rate=0, upload_rate=0, givers=0, takers=0)
        self._running = None
        self._error = running.error if self._is_wanted else ""
        self._failed_at = now
        self._trouble = running.trouble.kind if isinstance(running.trouble, Trouble) else None
        if self._is_wanted and not self._error:
            self.start()
        return True

    def _retry(self, now: float) -> bool:
        """A full disk or a drive that is gone may be mended without anybody telling us."""
        if not self._error or now - self._failed_at < _RETRY_SECONDS:
            return False
        place = self._last.place
        is_back = self._trouble is Kind.FOLDER_GONE and place is not None and is_there(place)
        if not is_back and self._trouble is not Kind.DISK_FULL:
            return False
        self.start()
        return True

    def _learn(self, progress: Progress) -> bool:
        place = progress.place
        learned = replace(
            self.shelved,
            info_hash=progress.info_hash.hex() or self.shelved.info_hash,
            name=place.name if place is not None else self.shelved.name,
            page_url=progress.page_url or self.shelved.page_url,
            is_complete=progress.is_complete or self.shelved.is_complete,
            is_active=self._is_wanted,
        )
        changed = learned != self.shelved
        self.shelved = learned
        return changed


class Desk:
    """Questions and transfers, newest first."""

    def __init__(
        self, engine: Callable[[], Engine], state: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.questions: list[Question] = []
        self.transfers: list[Transfer] = []
        self.sentences: list[str] = []
        self._engine = engine
        self.state = state
        self._clock = clock
        self._save_again_at: float | None = None

    def restore(self) -> None:
        """Take up again what was there when the window was closed."""
        for shelved in read_shelf(self.state):
            transfer = self._restored(shelved)
            if transfer is not None:
                self.transfers.append(transfer)
                if shelved.is_active:
                    transfer.start_if_there()

    def ask(self, what: Torrent | Magnet | Ticket, path: Path | None = None) -> Question | None:
        """Put a question on the desk, unless this torrent is here already."""
        if not isinstance(what, Ticket):
            here = self._find(_info_hash(what))
            if here is not None:
                here.start()
                return None
        for question in self.questions:
            if question.what == what:
                return question
        question = Question(what, path)
        self.questions.insert(0, question)
        return question

    def dismiss(self, question: Question) -> None:
        """The person does not want it."""
        self.questions.remove(question)

    def download(self, question: Question, folder: Path, name: str | None = None) -> Transfer:
        """The answer to the question where to save."""
        what = question.what
        assert not isinstance(what, Ticket)
        shelved = Shelved(
            _info_hash(what).hex(),
            str(folder),
            name or "",
            what.site_name if isinstance(what, Torrent) else "",
            magnet=magnet.write(what) if isinstance(what, Magnet) else "",
            priorities=question.priorities,
        )
        transfer = Transfer(self._downloading(what, Saving(folder, name)), shelved, _start(what))
        return self._begin(question, transfer)

    def publish(self, question: Question, path: Path, words: Words) -> Transfer:
        """The answer to the question what to publish."""
        ticket = question.what
        assert isinstance(ticket, Ticket)
        publication = Publication(ticket, path, words)

        def work(stop: Stop) -> Iterator[Progress]:
            if not transfer.shelved.info_hash:
                return publish(publication, self.state, self._engine(), stop, _FOREVER)
            # It was published before it was paused, so only sharing is left to do.
            what = self._kept_what(transfer.shelved, path.parent)
            assert isinstance(what, Torrent)
            return self._sharing(what, path)(stop)

        start = Progress(Phase.HASHING, path.name, ticket.site_name, place=path)
        shelved = Shelved("", str(path.parent), path.name, ticket.site_name, is_share_only=True)
        transfer = Transfer(work, shelved, start)
        return self._begin(question, transfer)

    def share(self, torrent: Torrent, path: Path) -> Transfer:
        """Share what is here already; what is on the desk goes on, as it is."""
        here = self._find(torrent.metainfo.info_hash)
        if here is not None:
            here.start()
            return here
        info_hash = torrent.metainfo.info_hash.hex()
        shelved = Shelved(info_hash, str(path.parent), path.name, is_share_only=True)
        transfer = Transfer(self._sharing(torrent, path), shelved, _start(torrent))
        return self._begin(None, transfer)

    def cancel(self, transfer: Transfer, *, is_deleted: bool) -> None:
        """Take it off the desk, and off the disk if that is wanted."""
        transfer.pause()
        transfer.wait(10)
        # On a full disk only this makes the room in which the shelf can be kept.
        if not self._is_shared_by_another(transfer):
            self._clear(transfer.shelved, is_deleted=is_deleted)
        self.transfers.remove(transfer)
        self._save()

    def _is_shared_by_another(self, transfer: Transfer) -> bool:
        """Whether another transfer lives on the same files and notes: one published twice."""
        pair = (transfer.shelved.info_hash, transfer.shelved.folder)
        return any(
            (other.shelved.info_hash, other.shelved.folder) == pair
            for other in self.transfers
            if other is not transfer
        )

    def _clear(self, shelved: Shelved, *, is_deleted: bool) -> None:
        if not shelved.info_hash:
            return
        info_hash, folder = bytes.fromhex(shelved.info_hash), Path(shelved.folder)
        content = kept_torrent(self.state, info_hash, folder)
        is_deleted = is_deleted and is_ours(self.state, info_hash, folder)
        if is_deleted and content is not None and shelved.name:
            target = place(read_torrent(content).metainfo, folder, shelved.name)
            delete_saved(target, info_hash)
        forget(self.state, info_hash, folder)

    def details(self, transfer: Transfer) -> Details:
        """What stands in the fold of this transfer."""
        if not transfer.is_at_work or not transfer.shelved.info_hash:
            return Details()
        return self._engine().details(bytes.fromhex(transfer.shelved.info_hash))

    def files(self, transfer: Transfer) -> tuple[File, ...]:
        """The files of a transfer, as far as they are known."""
        try:
            what = self._kept_what(transfer.shelved, Path(transfer.shelved.folder))
        except (PassalongError, ValueError):
            return ()
        return what.metainfo.files if isinstance(what, Torrent) else ()

    def tune(self, transfer: Transfer, tuning: Tuning) -> None:
        """Let it go on in this way."""
        has_other_files = tuning.priorities != transfer.tuning.priorities
        transfer.tuning = tuning
        self._save()
        if has_other_files:
            transfer.start_again()
        elif transfer.is_at_work and transfer.shelved.info_hash:
            self._engine().tune(bytes.fromhex(transfer.shelved.info_hash), tuning)

    def look(self) -> None:
        """Notice what happened since the last look."""
        now = self._clock()
        changed = any([transfer.look(now) for transfer in self.transfers])  # noqa: C419 - each looks
        if changed or (self._save_again_at is not None and now >= self._save_again_at):
            self._save()

    @property
    def is_sharing(self) -> bool:
        """Whether closing would end something for this person or for others."""
        return any(transfer.standing is Standing.RUNS for transfer in self.transfers)

    def close(self) -> None:
        """End everything, so that a restart finds it as it is."""
        self._save()
        for transfer in self.transfers:
            if transfer.is_at_work:
                transfer.pause()
        for transfer in self.transfers:
            transfer.wait(10)

    def _begin(self, question: Question | None, transfer: Transfer) -> Transfer:
        if question is not None:
            self.questions.remove(question)
        self.transfers.insert(0, transfer)
        transfer.start()
        self._save()
        return transfer

    def _save(self) -> None:
        """Keep the shelf; while its disk is full, say so once and try again later."""
        kept = [transfer.shelved for transfer in self.transfers if transfer.shelved.info_hash]
        try:
            write_shelf(self.state, kept)
        except FolderError as error:
            if self._save_again_at is None:
                self.sentences.append(str(error))
            self._save_again_at = self._clock() + _RETRY_SECONDS
        else:
            self._save_again_at = None

    def _downloading(self, what: Torrent | Magnet, saving: Saving) -> Work:
        def work(stop: Stop) -> Iterator[Progress]:
            tuning = self._tuning(_info_hash(what))
            return download(what, saving, self.state, self._engine(), stop, _FOREVER, tuning)

        return work

    def _sharing(self, torrent: Torrent, path: Path) -> Work:
        def work(stop: Stop) -> Iterator[Progress]:
            tuning = self._tuning(_info_hash(torrent))
            return seed(torrent, path, self.state, self._engine(), stop, _FOREVER, tuning)

        return work

    def _tuning(self, info_hash: bytes) -> Tuning:
        here = self._find(info_hash)
        return AS_USUAL if here is None else here.tuning

    def _find(self, info_hash: bytes) -> Transfer | None:
        for transfer in self.transfers:
            if transfer.shelved.info_hash == info_hash.hex():
                return transfer
        return None

    def _restored(self, shelved: Shelved) -> Transfer | None:
        folder = Path(shelved.folder)
        try:
            what = self._kept_what(shelved, folder)
        except (PassalongError, ValueError):
            return None
        if shelved.is_share_only and isinstance(what, Torrent):
            work = self._sharing(what, folder / shelved.name)
        else:
            work = self._downloading(what, Saving(folder, shelved.name or None))
        total = what.metainfo.total_size if isinstance(what, Torrent) else 0
        start = replace(
            _start(what),
            page_url=shelved.page_url,
            place=folder / shelved.name if shelved.name else None,
            is_complete=shelved.is_complete,
            done_bytes=total if shelved.is_complete else 0,
        )
        return Transfer(work, shelved, start)

    def _kept_what(self, shelved: Shelved, folder: Path) -> Torrent | Magnet:
        content = kept_torrent(self.state, bytes.fromhex(shelved.info_hash), folder)
        if content is not None:
            return read_torrent(content, shelved.site_name)
        if not shelved.magnet:
            raise OpeningError(_("Nothing is known of this transfer any more."))
        return magnet.read(shelved.magnet)


def _start(what: Torrent | Magnet) -> Progress:
    if isinstance(what, Magnet):
        return Progress(Phase.ASKING, what.name)
    size = what.metainfo.total_size
    return Progress(Phase.CHECKING, what.metainfo.name, what.site_name, total_bytes=size)


def _info_hash(what: Torrent | Magnet) -> bytes:
    if isinstance(what, Torrent):
        return what.metainfo.info_hash
    return what.info_hash or what.info_hash_v2 or b""
