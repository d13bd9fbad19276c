"""What follows from a choice on the settings page: it is kept, spoken, and followed."""

from collections.abc import Callable
from pathlib import Path

from client.engine.transfer import Wishes
from client.folders.preferences import Preferences, read_preferences, write_preferences
from client.gui.desktop import open_default_programs
from client.gui.engine import SharedEngine, wishes_of
from client.gui.errand import Errand
from client.install.installing import follow_wishes
from client.words import speak

_END_SECONDS = 10.0


class Choices:
    """The choices of one state folder. They are kept and followed in the background.

    A disk may be slow, and a desktop asks up to four programs of its own.
    """

    def __init__(
        self,
        state: Path,
        engine: SharedEngine,
        said: Wishes,
        follow: Callable[..., None] = follow_wishes,
        lead: Callable[[], None] = open_default_programs,
    ) -> None:
        self._state = state
        self._engine = engine
        self._said = said
        self._follow = follow
        self._lead = lead
        self._last: Errand | None = None

    def remember(self, chosen: Preferences) -> Errand:
        """Let all that was chosen be so from now on; what cannot be kept is not followed either."""
        speak(chosen.language)

        def follow() -> None:
            has_handled = read_preferences(self._state)[0].handles_links
            write_preferences(self._state, chosen)
            self._engine.change(wishes_of(chosen, self._said))
            self._follow(
                handles_links=chosen.handles_links,
                starts_with_computer=chosen.starts_with_computer,
            )
            if chosen.handles_links and not has_handled:
                self._lead()

        # In the order of the choices: the last one counts.
        self._last = Errand(follow, after=self._last)
        return self._last

    def close(self) -> None:
        """Let the last choice be followed, if that does not take too long."""
        if self._last is not None:
            self._last.wait(_END_SECONDS)
