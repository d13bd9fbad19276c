"""The wish to stop."""

import signal
import sys
from types import FrameType

import pytest

from client.jobs.stopping import Stop


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot signal one thread")
def test_may_be_asked_by_a_signal_that_arrives_while_it_is_being_asked() -> None:
    stop = Stop()
    asked = 0

    def trace(frame: FrameType, event: str, _: object) -> object:
        nonlocal asked
        # A signal may arrive between any two lines of `ask` and of what it calls.
        if asked < 20:
            asked += 1
            signal.raise_signal(signal.SIGUSR1)
        return trace

    before = signal.signal(signal.SIGUSR1, lambda *_: stop.ask())
    tracing = sys.gettrace()
    try:
        sys.settrace(trace)  # type: ignore[arg-type]
        stop.ask()
    finally:
        sys.settrace(tracing)
        signal.signal(signal.SIGUSR1, before)
    assert asked
    assert stop.is_asked
