"""Asks the database in threads, so that the event loop never waits for it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThread:
    """One thread with its own connection, so a slow write never delays a question."""

    def __init__(self, name: str) -> None:
        """Start the thread when it is first needed."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, deed: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a service in the thread; a connection that the database has closed is replaced."""

        def work() -> T:
            close_old_connections()
            return deed(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Wait for what is being done and close the connection."""
        self._thread.submit(connections.close_all)
        self._thread.shutdown()
