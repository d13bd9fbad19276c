"""When a job ends: the rule that the person gave, and the wish to stop now."""

from dataclasses import dataclass

from client.errors import UsageError
from client.words import gettext as _


class Stop:
    """The person's wish to stop, which a signal handler or a window may set at any moment.

    A plain attribute: a second signal may arrive within the first one's handler, and the lock
    inside a `threading.Event` would then wait for itself.
    """

    def __init__(self) -> None:
        self.is_asked = False

    def ask(self) -> None:
        """Wish it."""
        self.is_asked = True


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
    kind, _colon, value = text.partition(":")
    if text == "complete":
        return StopRule(when_complete=True)
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf") or kind not in {"ratio", "minutes"}:
        raise UsageError(
            _("--stop-when {text} has no meaning; it is complete, ratio:N or minutes:N.").format(
                text=text
            )
        )
    return StopRule(ratio=number) if kind == "ratio" else StopRule(seconds=number * 60)
