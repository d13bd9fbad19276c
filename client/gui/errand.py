"""A deed that may take long, in a thread of its own: the window's must never wait for it."""

import logging
import threading
from collections.abc import Callable

from client.words import gettext as _
from client.words import sentence
from installer.errors import PassalongError

_log = logging.getLogger("passalong.window")


class Errand:
    """Begins at once, or when the one before it is done.

    `sentence` says why it failed, `result` is what it came back with.
    """

    def __init__(self, deed: Callable[[], object], *, after: "Errand | None" = None) -> None:
        self.sentence = ""
        self.result: object = None
        self._deed = deed
        self._before = after
        self._thread = threading.Thread(target=self._run, name="errand", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether it has ended, well or badly."""
        return not self._thread.is_alive()

    def wait(self, seconds: float | None = None) -> None:
        """Let it end, no longer than so many seconds."""
        self._thread.join(seconds)

    def _run(self) -> None:
        if self._before is not None:
            self._before.wait()
            self._before = None
        try:
            self.result = self._deed()
        except PassalongError as error:
            self.sentence = sentence(error)
        except Exception as error:
            _log.exception("An errand failed.")
            text = _("Something unexpected happened ({error}).")
            self.sentence = text.format(error=f"{type(error).__name__}: {error}")
