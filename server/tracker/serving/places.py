"""Where peers are kept: in this process's memory, or in a Redis that many trackers share."""

import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ..core.policy import Policy
from ..core.store import Store
from ..stores.calls import Calls
from ..stores.memory import MemoryStore
from ..stores.redis import PREFIX, RedisStore

SECONDS_BETWEEN_EXPIRIES = 30
SECONDS_BETWEEN_SHARED_EXPIRIES = 300  # announces forget the silent ones there


@dataclass(frozen=True, slots=True)
class Place:
    """A store, and what has to be the same for all who use it."""

    store: Store
    clock: Callable[[], float]
    secret: bytes  # for connection ids
    is_shared: bool  # with other trackers, before, beside and after this one
    seconds_between_expiries: int


@asynccontextmanager
async def opened_place(secret: bytes, redis_url: str | None) -> AsyncIterator[Place]:
    """The Redis at `redis_url`, or memory without it; `secret` is this machine's.

    Raises `StoreFailedError` if that Redis is not there.
    """
    if redis_url is None:
        store = MemoryStore(random.random)
        yield Place(
            store,
            time.monotonic,
            secret,
            is_shared=False,
            seconds_between_expiries=SECONDS_BETWEEN_EXPIRIES,
        )
        return
    calls = Calls(redis_url)
    try:
        await calls.connect()
        yield Place(
            RedisStore(calls, Policy().timeout, random.random),
            time.time,
            await calls.kept(f"{PREFIX}secret", secret),
            is_shared=True,
            seconds_between_expiries=SECONDS_BETWEEN_SHARED_EXPIRIES,
        )
    finally:
        await calls.close()
