"""A real redis-server for tests, empty and without a disk."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from server.tracker.stores.calls import Calls, Script
from tests.programs import Process, needs, running

T = TypeVar("T")

FLUSH = Script("return redis.call('FLUSHALL')")


class Loop:
    """An event loop for tests without one of their own."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    def settle(self, answer: T | Awaitable[T]) -> T:
        """What a store or an engine says at once or later."""
        if not isinstance(answer, Awaitable):
            return answer

        async def wait() -> T:
            return await answer

        return self._runner.run(wait())

    def run(self, calls: Calls, script: Script, *keys: str) -> Any:
        """What Redis says to a script."""

        async def wait() -> Any:
            return await calls.run(script, keys)

        return self._runner.run(wait())

    def close(self) -> None:
        self._runner.close()


@contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[tuple[Process, str]]:
    """A running Redis that listens on a socket in `folder`, and its address."""
    server = needs("redis-server", apt="redis-server")
    path = folder / "redis.sock"
    settings = ("--port", "0", "--unixsocket", path, "--dir", folder, "--save", "")
    log = folder / "redis.log"
    with running((server, *settings, "--appendonly", "no", *options), log) as process:
        process.wait_for_output("eady to accept connections")
        yield process, f"unix://{path}"
