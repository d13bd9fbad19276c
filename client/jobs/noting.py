"""Keeping what the engine saves, together with how the files looked at that moment."""

from client.engine.transfer import Order, Transfer
from client.folders.keeping import Kept
from client.folders.stamps import Stamp, Stamps, look


class Notes:
    """The notes of one transfer while it runs.

    Files that are only shared are looked at before the engine checks them, a download's when it
    has just been completed or stopped: whatever changes later shows.
    """

    def __init__(self, kept: Kept, order: Order) -> None:
        self._kept = kept
        self._order = order
        self._resume: bytes | None = None
        self._is_settled = False
        self._first = self._look()
        if not order.is_share_only:
            kept.keep_stamps(Stamps(self._first, is_settled=False))

    def keep(self, state: Transfer, *, is_stopped: bool = False) -> None:
        """Keep what is new in this state."""
        if self._order.is_share_only and not state.is_on_disk:
            # Half a check says nothing that is worth knowing.
            return
        if state.resume is not None and state.resume is not self._resume:
            self._resume = state.resume
            self._kept.keep_resume(state.resume)
        if (state.is_on_disk or is_stopped) and not self._is_settled:
            self._is_settled = True
            files = self._first if self._order.is_share_only else self._look()
            self._kept.keep_stamps(Stamps(files, is_settled=True))

    def _look(self) -> tuple[Stamp, ...]:
        return look(self._order.save_folder, self._order.files)
