"""Runs a tracker process: its event loop, and what ends it."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from socket import socket

from .layouts import forget_files_of_others
from .part import Part
from .places import opened_place
from .program import Program, Ready, Wishes
from .secret import kept_secret
from .sockets import Sockets


def run(sockets: Sockets, wishes: Wishes, say_ready: Callable[[], None]) -> None:
    """Track until SIGTERM or SIGINT; `say_ready` is called when announces are answered."""

    def ready(*, has_kept_all: bool) -> None:
        if has_kept_all:
            forget_files_of_others(wishes.folder, 1)
        say_ready()

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(track(sockets, wishes, kept_secret(wishes.folder), ready))


def run_part(part: Part, wishes: Wishes) -> None:
    """The same as one of several processes, which also ends with its parent."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(track(part.sockets, wishes, part.secret, part.say_ready, part))


async def track(
    sockets: Sockets, wishes: Wishes, secret: bytes, ready: Ready, part: Part | None = None
) -> None:
    """Both, within an event loop."""
    stop = stop_event()
    if part is not None:
        stop_with(part.parent, stop)
    async with opened_place(secret, wishes.redis_url) as place:
        await Program(wishes, place, sockets, part).track(ready, stop)


def stop_with(parent: socket, stop: asyncio.Event) -> None:
    """Have the event set when the parent is gone; it never says anything."""
    loop = asyncio.get_running_loop()

    def gone() -> None:
        loop.remove_reader(parent.fileno())
        stop.set()

    loop.add_reader(parent.fileno(), gone)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """The faster event loop where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def stop_event() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows cannot do this; there Ctrl+C raises KeyboardInterrupt as usual.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop
