"""Finding out whether the site has its own copy by now, so that a publisher may stop.

Nobody waits for the site: it is asked in a thread of its own, which a job that ends leaves alone.
"""

import threading
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace

from client.errors import SiteError
from client.jobs.progress import Progress

ASK_SECONDS = 30.0


def tell_of_copy(
    moments: Generator[Progress], ask: Callable[[], bool], pause: float = ASK_SECONDS
) -> Generator[Progress]:
    """Say in each moment of the job whether the site has its own copy."""
    is_over, is_found = threading.Event(), threading.Event()

    def look() -> None:
        if is_here(ask, lambda: not is_over.wait(pause)):
            is_found.set()

    threading.Thread(target=look, name="site copy", daemon=True).start()
    try:
        with closing(moments):
            for progress in moments:
                yield replace(progress, has_site_copy=is_found.is_set())
    finally:
        is_over.set()


def is_here(ask: Callable[[], bool], rest: Callable[[], bool]) -> bool:
    """Ask after each rest until there is a copy, nobody wants to know, or nobody will tell."""
    while rest():
        try:
            if ask():
                return True
        except SiteError as error:
            # A line that is down comes back; a site that knows no such question stays as it is.
            if not error.is_passing:
                return False
    return False
