"""A program on a tether: it runs a Python module, and ends when whoever started it is gone.

`python -m server.running.tethered MODULE ARGUMENT...` is `python -m MODULE ARGUMENT...` whose
standard input is the tether. The starter keeps the other end and never writes to it. When it lets
go, to stop the program or because it was itself killed, the system closes the pipe and the program
ends as after SIGTERM. This needs no signal from outside and works the same on Linux, macOS and
Windows. Which programs there are is not decided here.
"""

import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Callable

SECONDS_TO_END = 10.0
SECONDS_BETWEEN_LOOKS = 0.5


def main() -> None:
    """Run the module that the command line names, tethered to standard input."""
    module, *arguments = sys.argv[1:]
    _in_background(_end_when_standard_input_closes)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def end_with_parent() -> None:
    """Tie this process to its parent, for children of a tethered program that no pipe reaches.

    Windows never tells that a parent is gone; there they only end when the parent ends in order.
    """
    parent = os.getppid()
    _in_background(lambda: _end_when_parent_is_not(parent))


def _in_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="tether", daemon=True).start()


def _end_when_standard_input_closes() -> None:
    # Not sys.stdin: a thread that waits in it holds its lock, and Python cannot then exit.
    while os.read(0, 1):
        pass
    _end()


def _end_when_parent_is_not(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    _end()


def _end() -> None:
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:
        # To the main thread, or a wait there would not be interrupted.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    time.sleep(SECONDS_TO_END)
    os._exit(1)


if __name__ == "__main__":
    main()
