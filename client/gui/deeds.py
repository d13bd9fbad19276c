"""What the buttons of a transfer's card do."""

import tkinter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from client.gui.desk import Desk
from client.gui.desktop import choose_folder, open_folder, open_page
from client.gui.dialogs import Answer, ask, is_open
from client.gui.files_page import FilesPage
from client.gui.presenter import Deed
from client.gui.transfer import Transfer
from client.gui.tuning_row import Controls
from client.words import gettext as _
from installer.formats import magnet
from installer.formats.metainfo import File


class Deeds:
    """Does to the desk what the person asks for."""

    def __init__(self, root: tkinter.Tk, desk: Desk) -> None:
        self._root = root
        self._desk = desk
        # Those about whose end the person is being asked.
        self._doubtful: set[Transfer] = set()

    def do(self, transfer: Transfer, deed: Deed) -> None:
        """One click."""
        match deed:
            case Deed.PAUSE | Deed.STOP_SHARING:
                transfer.pause()
            case Deed.RESUME | Deed.SHARE:
                transfer.start()
            case Deed.OPEN_FOLDER if transfer.progress.place is not None:
                open_folder(transfer.progress.place)
            case Deed.MOVE:
                self._move(transfer)
            case Deed.OPEN_PAGE:
                open_page(transfer.progress.page_url)
            case Deed.CANCEL:
                self._look_before_cancelling(transfer)
            case Deed.REMOVE:
                self._desk.cancel(transfer, is_deleted=False)

    def controls_for(self, transfer: Transfer, card: tkinter.Misc) -> Controls:
        """What the fold of its card can change."""
        is_download = not transfer.shelved.is_share_only

        def find_files(then: Callable[[Callable[[], None]], None]) -> None:
            if is_download:
                self._desk.errands.run(
                    lambda: self._desk.files(transfer),
                    lambda found: tell(found.result, then),
                )

        def tell(files: object, then: Callable[[Callable[[], None]], None]) -> None:
            if isinstance(files, tuple) and len(files) > 1:
                then(lambda: show(files))

        def show(files: tuple[File, ...]) -> None:
            if not is_open(card, FilesPage):
                FilesPage(card, files, transfer.tuning.priorities, take)

        def link() -> str:
            known = self._desk.link(transfer)
            return magnet.write(known) if known is not None else ""

        def take(priorities: str) -> None:
            self._desk.tune(transfer, replace(transfer.tuning, priorities=priorities))

        return Controls(
            tuning=lambda: transfer.tuning,
            tune=lambda wanted: self._desk.tune(transfer, wanted),
            link=link,
            find_files=find_files,
            is_download=is_download,
        )

    def _move(self, transfer: Transfer) -> None:
        choose_folder(
            self._root,
            _("Where should I save it instead?"),
            Path(transfer.shelved.folder),
            lambda folder: self._desk.move(transfer, folder),
        )

    def _look_before_cancelling(self, transfer: Transfer) -> None:
        if transfer in self._doubtful:
            return
        self._doubtful.add(transfer)
        # The look that hears of it must not wait for the person's answer.
        self._desk.errands.run(
            lambda: self._desk.has_saved(transfer),
            lambda looked: self._root.after(1, self._cancel, transfer, looked.result is False),
        )

    def _cancel(self, transfer: Transfer, is_nothing_saved: bool) -> None:
        # Nobody misses a name that was taken for a file without a byte in it.
        answer = "delete" if is_nothing_saved else self._ask_about_saved()
        self._doubtful.discard(transfer)
        if answer:
            self._desk.cancel(transfer, is_deleted=answer == "delete")

    def _ask_about_saved(self) -> str:
        return ask(
            self._root,
            _("Cancel this download?"),
            _("A part of it is on your disk already. What should happen to that part?"),
            [
                Answer(_("Go on downloading"), ""),
                Answer(_("Delete it"), "delete"),
                Answer(_("Keep it"), "keep"),
            ],
        )
