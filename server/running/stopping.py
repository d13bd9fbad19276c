"""How a command learns that it is to stop: Ctrl-C, SIGTERM, a closed terminal."""

import signal
import threading

# Not every system has all of them.
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def told_to_stop() -> threading.Event:
    """An event that is set by any of the signals that ask a program to end."""
    stop = threading.Event()
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda *_: stop.set())
    return stop
