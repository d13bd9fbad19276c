"""Keeping what the engine saves, together with how the files looked at that moment."""

from pathlib import Path

from client.engine.transfer import Order, Transfer
from client.engine.trouble import folder_gone, folder_hollow
from client.errors import JobError
from client.folders.keeping import Kept
from client.folders.pinning import Pin
from client.folders.places import is_there
from client.folders.stamps import Stamps, look, look_closely


class LostError(JobError):
    """Files of a download are gone while it runs."""


class Notes:
    """The notes of one transfer while it runs.

    Files that are only shared are looked at before the engine checks them, a download's when it
    has just been completed or stopped: whatever changes later shows.
    """

    def __init__(self, kept: Kept, order: Order, due: frozenset[str] = frozenset()) -> None:
        """The files that are `due` must be there when a download is complete."""
        self._kept = kept
        self._order = order
        self._due = due
        self._resume: bytes | None = None
        self._is_settled = False
        self._files = look(order.save_folder, order.files)
        if not order.is_share_only:
            kept.keep_stamps(Stamps(self._files, is_settled=False))
        # The last that may fail: nobody closes what was not made.
        self._pin = None if order.is_share_only or not due else Pin(_root(order))

    def keep(self, state: Transfer, *, is_stopped: bool = False) -> None:
        """Keep what is new in this state; refuses when files of a download are gone meanwhile."""
        if self._order.is_share_only and not state.is_on_disk:
            # Half a check says nothing that is worth knowing.
            return
        is_new = state.resume is not None and state.resume is not self._resume
        is_settling = (state.is_on_disk or is_stopped) and not self._is_settled
        if (is_new or is_settling) and not (self._order.is_share_only or self._is_settled):
            try:
                self._look_again(is_whole=state.is_on_disk)
            except OSError:
                # A network folder that does not answer for a moment may hold all of it still.
                return
        if state.resume is not None and is_new:
            self._resume = state.resume
            self._kept.keep_resume(state.resume)
        if is_settling:
            self.close()
            self._is_settled = True
            self._kept.keep_stamps(Stamps(self._files, is_settled=True))

    def lost(self) -> LostError:
        """What to say, by what stands there now instead."""
        folder = str(self._order.save_folder)
        # Whoever waits for it to come back must not take something else for it.
        trouble = (folder_hollow if is_there(_root(self._order)) else folder_gone)(folder)
        return LostError(trouble.sentence, trouble=trouble)

    def close(self) -> None:
        """Hold nothing open any more."""
        if self._pin is not None:
            self._pin.let_go()

    def _look_again(self, *, is_whole: bool) -> None:
        """The engine writes on into what was moved or deleted, and later makes it anew, hollow."""
        now = look_closely(self._order.save_folder, self._order.files)
        files = zip(self._order.files, self._files, now, strict=True)
        is_lost = any(
            file in self._due and not stamp and (before or is_whole)
            for file, before, stamp in files
        )
        if is_lost or (self._pin is not None and not self._pin.is_in_place):
            # What is put back may lack what was written since, so it has to be read.
            self._kept.forget_resume()
            raise self.lost()
        self._files = now


def _root(order: Order) -> Path:
    """The file, or the folder of all files."""
    return order.save_folder / Path(order.files[0]).parts[0]
