"""When a job ends: the rule that the person gave, and the wish to stop now."""

import threading
from dataclasses import dataclass

from client.errors import UsageError


class Stop:
    """The person's wish to stop, which a signal handler or a window may set at any moment."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def ask(self) -> None:
        """Wish it."""
        self._event.set()

    @property
    def is_asked(self) -> bool:
        """Whether it was wished."""
        return self._event.is_set()


@dataclass(frozen=True, slots=True)
class StopRule:
    """When to stop sharing. Without any limit, never."""

    when_complete: bool = False
    ratio: float | None = None
    seconds: float | None = None

    def is_met(self, shared_seconds: float, uploaded: int, total: int) -> bool:
        """Whether enough was shared."""
        if self.when_complete:
            return True
        if self.seconds is not None and shared_seconds >= self.seconds:
            return True
        return self.ratio is not None and uploaded >= self.ratio * total


def read_stop_rule(text: str) -> StopRule:
    """Read the value of --stop-when."""
    kind, _, value = text.partition(":")
    if text == "complete":
        return StopRule(when_complete=True)
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf") or kind not in {"ratio", "minutes"}:
        raise UsageError(
            f"--stop-when {text} has no meaning; it is complete, ratio:N or minutes:N."
        )
    return StopRule(ratio=number) if kind == "ratio" else StopRule(seconds=number * 60)
