"""The one engine of the window, made when the first transfer needs it."""

import threading
from collections.abc import Callable, Sequence

from client.engine.transfer import Engine, Limits, Wishes
from client.folders.preferences import Preferences

Make = Callable[[Wishes], Engine]


class SharedEngine:
    """Call it to have the engine; it is made once, with the wishes of that moment."""

    def __init__(self, make: Make, wishes: Wishes) -> None:
        self._make = make
        self._wishes = wishes
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Engine:
        """The engine."""
        with self._lock:
            if self._engine is None:
                self._engine = self._make(self._wishes)
            return self._engine

    def change(self, wishes: Wishes) -> None:
        """Follow other wishes from now on."""
        with self._lock:
            self._wishes = wishes
            if self._engine is not None:
                self._engine.change(wishes)

    def close(self) -> None:
        """End the engine, if there is one."""
        if self._engine is not None:
            self._engine.close()


def wishes_of(preferences: Preferences, said: Wishes) -> Wishes:
    """What the settings page asks of the engine; what was said on the command line wins."""
    limits = Limits(
        said.limits.upload or preferences.max_upload * 1000,
        said.limits.download or preferences.max_download * 1000,
    )
    settings: Sequence[tuple[str, str]] = (
        *((name, _text(value)) for name, value in preferences.libtorrent.items()),
        *said.settings,
    )
    is_polite = said.is_polite or preferences.is_polite
    return Wishes(limits, said.ports, said.announce_ip, settings, is_polite)


def _text(value: str | bool | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
