"""The settings as they stand: their page, what follows from a change, and what came of that."""

import tkinter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from client.folders.places import downloads_folder, full_path
from client.folders.preferences import Preferences
from client.gui.dialogs import is_open
from client.gui.errand import Errand
from client.gui.errands import Errands
from client.gui.message import Message
from client.gui.settings_page import SettingsPage
from client.words import gettext as _
from installer.errors import PassalongError

Remember = Callable[[Preferences], Errand]


class Chosen:
    """What the person has chosen; `speak` is called when that was another language."""

    def __init__(
        self,
        preferences: Preferences,
        remember: Remember,
        tell: Callable[[Message], None],
        speak: Callable[[], None],
    ) -> None:
        self._preferences = preferences
        self._remember = remember
        self._tell = tell
        self._speak = speak
        self._errands = Errands()

    @property
    def on_close(self) -> str:
        """What to do when the window is closed: ask, share or stop."""
        return self._preferences.on_close

    def save_folder(self) -> Path:
        """Where downloads go unless the person says otherwise."""
        chosen = self._preferences.save_folder
        try:
            return full_path(Path(chosen)) if chosen else downloads_folder()
        except PassalongError:
            return downloads_folder()

    def show_page(self, root: tkinter.Tk, *, is_installed: bool) -> None:
        """Let the person choose."""
        if not is_open(root, SettingsPage):
            SettingsPage(root, self._preferences, self._change, is_installed=is_installed)

    def close_so(self, answer: str) -> None:
        """Do this from now on when the window is closed."""
        self._change(replace(self._preferences, on_close=answer))

    def look(self) -> None:
        """Say what could not be followed, once that is known."""
        self._errands.look()

    def _change(self, preferences: Preferences) -> None:
        is_other_language = preferences.language != self._preferences.language
        self._preferences = preferences
        self._errands.add(self._remember(preferences), self._hear)
        if is_other_language:
            self._speak()

    def _hear(self, errand: Errand) -> None:
        if errand.sentence:
            self._tell(Message(_("Not all settings could be followed"), errand.sentence))
