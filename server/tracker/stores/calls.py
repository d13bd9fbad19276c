"""Calls of scripts in Redis: whatever comes up during one round trip goes with the next."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from redis.exceptions import NoScriptError, RedisError

from ..core.errors import StoreFailedError

MOST_AT_ONCE = 500
MOST_WAITING = 20_000
SECONDS = 5  # until Redis counts as gone

log = logging.getLogger(__name__)

Argument = bytes | str | int
Reply = Any  # what a script returns: a number or a list of numbers and bytes


class Script:
    """A text that Redis runs, and the name that Redis knows it by."""

    def __init__(self, text: str) -> None:
        """Name it."""
        self.text = text
        self.sha = hashlib.sha1(text.encode()).hexdigest()  # noqa: S324  (Redis asks for it)


class Call(NamedTuple):
    """One script with its arguments, and who waits for it."""

    script: Script
    arguments: tuple[Argument, ...]  # number of keys, keys, the rest
    answer: "asyncio.Future[Reply]"


class Calls:
    """One Redis, or one cluster of them."""

    def __init__(self, url: str) -> None:
        """Connect when there is something to say."""
        self._url = url
        self._redis: Redis | RedisCluster = Redis.from_url(
            url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        )
        self._waiting: list[Call] = []
        self._sending: asyncio.Task[None] | None = None
        self._has_failed = False

    async def connect(self) -> None:
        """Make sure that Redis is there, and talk to all of a cluster if it is one."""
        try:
            cluster = await self._redis.info("cluster")
            if cluster["cluster_enabled"]:
                await self._redis.aclose()
                self._redis = RedisCluster.from_url(self._url, socket_timeout=SECONDS)
                await self._redis.initialize()
        except (RedisError, OSError) as error:
            raise StoreFailedError from error

    async def close(self) -> None:
        """Hang up."""
        await self._redis.aclose()

    async def kept(self, key: str, value: bytes) -> bytes:
        """What is kept under a name; this value, if nothing was."""
        try:
            await self._redis.set(key, value, nx=True)
            found = await self._redis.get(key)
        except (RedisError, OSError) as error:
            raise StoreFailedError from error
        assert isinstance(found, bytes)
        return found

    def run(
        self, script: Script, keys: Sequence[str], *arguments: Argument
    ) -> "asyncio.Future[Reply]":
        """What a script says, after one round trip that many calls share."""
        if len(self._waiting) >= MOST_WAITING:
            raise StoreFailedError
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.append(Call(script, (len(keys), *keys, *arguments), answer))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())
        return answer

    async def _send(self) -> None:
        while self._waiting:
            calls, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            try:
                await self._answer(calls)
                self._has_failed = False
            except (RedisError, OSError) as error:
                if not self._has_failed:
                    log.warning("Redis does not answer; announces are refused meanwhile: %s", error)
                self._has_failed = True
                for call in calls:
                    if not call.answer.done():
                        call.answer.set_exception(StoreFailedError())

    async def _answer(self, calls: list[Call]) -> None:
        replies = await self._exchange([("EVALSHA", each.script.sha, each) for each in calls])
        unknown = [index for index, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
        if unknown:  # Redis was restarted, or this is the first call
            told = [("EVAL", calls[index].script.text, calls[index]) for index in unknown]
            for index, reply in zip(unknown, await self._exchange(told), strict=True):
                replies[index] = reply
        for call, reply in zip(calls, replies, strict=True):
            if call.answer.done():
                continue  # nobody waits any more
            if isinstance(reply, Exception):
                log.warning("Redis refused a script: %s", reply)
                call.answer.set_exception(StoreFailedError())
            else:
                call.answer.set_result(reply)

    async def _exchange(self, commands: list[tuple[str, str, Call]]) -> list[Reply]:
        pipeline = (
            self._redis.pipeline(transaction=False)
            if isinstance(self._redis, Redis)
            else self._redis.pipeline()
        )
        for command, script, call in commands:
            pipeline.execute_command(command, script, *call.arguments)
        replies: list[Reply] = await pipeline.execute(raise_on_error=False)
        return replies
