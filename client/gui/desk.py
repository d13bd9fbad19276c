"""What lies on the desk: questions to answer and transfers that run. Needs no screen.

The window draws it and calls its methods; everything slow happens in threads of their own.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from client.engine.transfer import AS_USUAL, Details, Engine, Tuning
from client.errors import JobError
from client.folders.shelf import read_shelf
from client.gui.errand import Errand
from client.gui.errands import Errands
from client.gui.glances import Glances
from client.gui.leaving import Leaving
from client.gui.message import Message
from client.gui.presenter import Standing
from client.gui.question import Question
from client.gui.shelving import Shelving
from client.gui.transfer import RETRY_SECONDS, Transfer
from client.gui.works import Works, info_hash_of
from client.jobs.download import Saving
from client.jobs.publish import Publication
from client.jobs.saved import Saved
from client.opening.what import Torrent
from client.site.publishing import Words
from client.words import gettext as _
from installer.errors import PassalongError
from installer.formats.magnet import Magnet
from installer.formats.metainfo import File
from installer.formats.ticket import Ticket

_PATIENCE_SECONDS = 10.0


class Desk:
    """Questions and transfers, newest first."""

    def __init__(
        self, engine: Callable[[], Engine], state: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.questions: list[Question] = []
        self.transfers: list[Transfer] = []
        self.messages: list[Message] = []
        self._engine = engine
        self._glances = Glances(engine)
        self._leaving: dict[Transfer, Leaving] = {}
        self._tuning: Errand | None = None
        self.errands = Errands()
        self._linked: set[Transfer] = set()
        self.state = state
        self._shelving = Shelving(state)
        self._works = Works(engine, state, self._tuning_of)
        self._clock = clock
        self._save_again_at: float | None = None
        self._is_told_of_shelf = False

    def restore(self) -> None:
        """Take up again what was there when the window was closed."""
        for shelved in read_shelf(self.state):
            try:
                transfer = self._works.restored(shelved)
            except (PassalongError, ValueError):
                continue
            self.transfers.append(transfer)
            if shelved.is_active:
                transfer.start()

    def ask(self, what: Torrent | Magnet | Ticket, path: Path | None = None) -> Question | None:
        """Put a question on the desk, unless this torrent is here already."""
        if not isinstance(what, Ticket):
            here = self._find(info_hash_of(what))
            if here is not None:
                self._recall(here)
                return None
        same = next((question for question in self.questions if question.is_about(what)), None)
        if same is not None and not same.tells_less_than(what):
            return same
        question = Question(what, path)
        if same is not None:
            question.save_to, question.priorities = same.save_to, same.priorities
            self.questions.remove(same)
        if isinstance(what, Ticket):
            Errand(question.standby.call)
        self.questions.insert(0, question)
        return question

    def dismiss(self, question: Question) -> None:
        """The person does not want it."""
        self.questions.remove(question)
        Errand(question.standby.close)

    def download(self, question: Question, folder: Path, name: str | None = None) -> Transfer:
        """The answer to the question where to save."""
        assert not isinstance(question.what, Ticket)
        self._check_gone(info_hash_of(question.what))
        saving = Saving(folder, name)
        transfer = self._works.downloading(question.what, saving, question.priorities)
        return self._begin(question, transfer)

    def publish(self, question: Question, path: Path, words: Words) -> Transfer:
        """The answer to the question what to publish."""
        assert isinstance(question.what, Ticket)
        transfer = self._works.publishing(
            Publication(question.what, path, words, standby=question.standby)
        )
        return self._begin(question, transfer)

    def share(self, torrent: Torrent, path: Path) -> Transfer:
        """Share what is here already; what is on the desk goes on, as it is."""
        here = self._find(torrent.metainfo.info_hash)
        if here is not None:
            self._bring_forward(here)
            here.start()
            return here
        self._check_gone(torrent.metainfo.info_hash)
        return self._begin(None, self._works.sharing(torrent, path))

    def cancel(self, transfer: Transfer, *, is_deleted: bool) -> None:
        """Take it off the desk, and off the disk if that is wanted."""

        def clear() -> Callable[[], None]:
            saved = Saved(self.state, transfer.shelved)
            is_free = not self._is_shared_by_another(transfer)
            return lambda: saved.clear(is_deleted=is_deleted) if is_free else None

        if transfer not in self._leaving:
            self._leaving[transfer] = Leaving(transfer, clear)

    def has_saved(self, transfer: Transfer) -> bool:
        """Whether a part of it is on the disk that the person may want to keep."""
        return Saved(self.state, transfer.shelved).has_content

    def details(self, transfer: Transfer) -> Details:
        """What stands in the fold of this transfer."""
        if not transfer.is_at_work or not transfer.shelved.info_hash:
            return Details()
        return self._glances.at(bytes.fromhex(transfer.shelved.info_hash))

    def link(self, transfer: Transfer) -> Magnet | None:
        """What stands for it elsewhere, whether it runs or not; None before it has a torrent."""
        if transfer.link is None and transfer.shelved.info_hash and transfer not in self._linked:
            # It was published meanwhile; its torrent is read in the background.
            self._linked.add(transfer)
            saved = Saved(self.state, transfer.shelved)
            self.errands.run(lambda: saved.link, lambda read: self._keep_link(transfer, read))
        return transfer.link

    def _keep_link(self, transfer: Transfer, read: Errand) -> None:
        transfer.link = read.result if isinstance(read.result, Magnet) else None
        self._linked.discard(transfer)

    def files(self, transfer: Transfer) -> tuple[File, ...]:
        """The files of a transfer, as far as they are known."""
        return Saved(self.state, transfer.shelved).files

    def tune(self, transfer: Transfer, tuning: Tuning) -> None:
        """Let it go on in this way."""
        has_other_files = tuning.priorities != transfer.tuning.priorities
        transfer.tuning = tuning
        if has_other_files:
            transfer.start_again()
        self._save()
        is_running = transfer.is_at_work and bool(transfer.shelved.info_hash)
        if is_running and not has_other_files:
            info_hash = bytes.fromhex(transfer.shelved.info_hash)
            self._tuning = self.errands.run(
                lambda: self._engine().tune(info_hash, tuning), self._hear, after=self._tuning
            )

    def move(self, transfer: Transfer, folder: Path) -> None:
        """Go on with it in another folder; it may have left while the person was choosing."""
        if transfer in self.transfers and transfer not in self._leaving:
            transfer.move(folder)
            self._save()

    def look(self) -> bool:
        """Notice what happened since the last look; whether an errand came back."""
        now = self._clock()
        changed = any([transfer.look(now) for transfer in self.transfers])  # noqa: C419 - each looks
        if self._shelving.look():
            self._hear_of_shelf(now)
        if changed or (self._save_again_at is not None and now >= self._save_again_at):
            self._save()
        self._take_away(now)
        return self.errands.look()

    @property
    def is_busy(self) -> bool:
        """Whether closing would end something, or keep it from being tried again."""
        return any(one.standing is Standing.RUNS or one.is_waiting for one in self.transfers)

    @property
    def stuck(self) -> set[Transfer]:
        """What only the person can bring to go on."""
        failed = {one for one in self.transfers if one.standing is Standing.FAILED}
        return {one for one in failed if not one.is_waiting}

    def close(self) -> None:
        """End everything, so that a restart finds it as it is."""
        for question in self.questions:
            question.standby.close()
        self._save()
        active = {transfer for transfer in self.transfers if transfer.shelved.is_active}
        for transfer in self.transfers:
            if transfer.is_at_work:
                transfer.pause()
        for transfer in self.transfers:
            transfer.wait(10)
        for leaving in self._leaving.values():
            leaving.wait()
        self._take_away(self._clock())
        # What was paused only now goes on at the next start.
        self._shelving.keep(
            [replace(one.shelved, is_active=one in active) for one in self.transfers]
        )
        self._shelving.close(_PATIENCE_SECONDS)

    def _begin(self, question: Question | None, transfer: Transfer) -> Transfer:
        if question is not None:
            self.questions.remove(question)
        self.transfers.insert(0, transfer)
        transfer.start()
        self._save()
        return transfer

    def _recall(self, transfer: Transfer) -> None:
        """It was opened again. Whoever paused it or stopped sharing it has not asked for more."""
        self._bring_forward(transfer)
        if transfer.standing is Standing.FAILED:
            transfer.start()
        elif transfer.standing is Standing.RESTS:
            saved = Saved(self.state, transfer.shelved)
            self.errands.run(
                lambda: saved.is_whole, lambda looked: self._start_if_gone(transfer, looked)
            )

    def _start_if_gone(self, transfer: Transfer, looked: Errand) -> None:
        if looked.result is False and transfer.standing is Standing.RESTS:
            # Its start says what is gone, and how to get it anew.
            transfer.start()

    def _bring_forward(self, transfer: Transfer) -> None:
        self.transfers.remove(transfer)
        self.transfers.insert(0, transfer)

    def _save(self) -> None:
        self._save_again_at = None
        self._shelving.keep([transfer.shelved for transfer in self.transfers])

    def _hear_of_shelf(self, now: float) -> None:
        """While its disk is full, say so once and try again later."""
        sentence = self._shelving.sentence
        if sentence:
            if not self._is_told_of_shelf:
                self.messages.append(Message(_("The list could not be saved"), sentence))
            self._save_again_at = now + RETRY_SECONDS
        self._is_told_of_shelf = bool(sentence)

    def _take_away(self, now: float) -> None:
        """Let go of what has left. Its files go first: a full disk may have no room for a shelf."""
        for transfer, leaving in list(self._leaving.items()):
            if not leaving.is_over(now):
                continue
            del self._leaving[transfer]
            if leaving.sentence:
                transfer.stay()
                self.messages.append(Message(_("This could not be deleted"), leaving.sentence))
            else:
                self.transfers.remove(transfer)
                self._save()

    def _check_gone(self, info_hash: bytes) -> None:
        if any(one.shelved.info_hash == info_hash.hex() for one in self._leaving):
            raise JobError(_("This is being taken away just now. Try again in a moment."))

    def _hear(self, errand: Errand) -> None:
        if errand.sentence:
            self.messages.append(Message(_("This did not work"), errand.sentence))

    def _is_shared_by_another(self, transfer: Transfer) -> bool:
        """Whether another transfer lives on the same files and notes: one published twice."""
        pair = (transfer.shelved.info_hash, transfer.shelved.folder)
        return any(
            (other.shelved.info_hash, other.shelved.folder) == pair
            for other in self.transfers
            if other is not transfer and other not in self._leaving
        )

    def _tuning_of(self, info_hash: bytes) -> Tuning:
        here = self._find(info_hash)
        return AS_USUAL if here is None else here.tuning

    def _find(self, info_hash: bytes) -> Transfer | None:
        for transfer in self.transfers:
            if transfer.shelved.info_hash == info_hash.hex() and transfer not in self._leaving:
                return transfer
        return None
