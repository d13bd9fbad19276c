"""A screen of the test's own, which nobody sees."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.programs import needs


@contextmanager
def open_screen() -> Iterator[str]:
    """An X server until the block ends; yields what DISPLAY has to be."""
    program = needs("Xvfb", apt="xvfb")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "1500x1300x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:
        name = f":{numbers.readline().strip()}"
    try:
        yield name
    finally:
        server.terminate()
        server.wait()
