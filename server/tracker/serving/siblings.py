"""The other tracker processes of this machine: asks one of them, and answers what it asks.

There is a socket for each pair of processes, and all that one has to say in a turn of its event
loop goes in one packet. A process that does not answer costs those who wait for it a sentence, and
nobody else anything.
"""

import asyncio
import itertools
import logging
import marshal
import secrets
from collections.abc import Awaitable, Callable
from socket import SO_SNDBUF, SOL_SOCKET, socket
from typing import Any, TypeVar

from ..core.errors import TrackerError
from ..core.messages import AnnounceReply, Event, ScrapeEntry
from .metrics import Numbers
from .reception import Reception

T = TypeVar("T")

PACKET = 1 << 16  # bytes
MOST_TOGETHER = 64  # messages in a packet
ROUNDS = 16  # packets before others get their turn
BUFFER = 1 << 20
MOST_WAITING = 10_000  # for one process's answer, and messages that its socket has no room for
SECONDS_TO_ANSWER = 4

ANNOUNCE, SCRAPE, NUMBERS, ANSWER, REFUSAL = range(5)
EVENTS = tuple(Event)

log = logging.getLogger(__name__)


class SiblingError(TrackerError):
    """Another process does not answer in time."""

    retry_in_minutes = 1

    def __init__(self) -> None:
        """Say so."""
        super().__init__("A part of the tracker does not answer. Try again in a minute.")


class PassedOnError(TrackerError):
    """What another process refuses, in its own words."""

    def __init__(self, sentence: str, retry_in_minutes: int | None) -> None:
        """Repeat them."""
        super().__init__(sentence)
        self.retry_in_minutes = retry_in_minutes


class Sibling:
    """One other process. What it is asked may raise `TrackerError` at once or later."""

    def __init__(self, link: socket, reception: Reception, numbers: Callable[[], Numbers]) -> None:
        """Say nothing before `start`; its questions are answered by `reception` and `numbers`."""
        self._link = link
        self._reception = reception
        self._own_numbers = numbers
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray(PACKET)
        self._view = memoryview(self._buffer)
        # Where a process starts to count is a secret of its own: answers to the one that was here
        # before it, in whose place it is, are nobody's.
        self._count = itertools.count(secrets.randbits(60))
        self._waiting: dict[int, tuple[asyncio.Future[Any], Callable[[Any], Any], float]] = {}
        self._unsent: list[tuple[Any, ...]] = []
        self._is_full = False
        self._answering: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Listen to it."""
        self._link.settimeout(0)
        self._link.setsockopt(SOL_SOCKET, SO_SNDBUF, BUFFER)
        self._loop.add_reader(self._link.fileno(), self._receive)

    def stop(self) -> None:
        """Listen no more."""
        for task in self._answering:
            task.cancel()
        self._loop.remove_reader(self._link.fileno())
        self._loop.remove_writer(self._link.fileno())
        self._link.close()

    def announce(
        self, info_hash: bytes, peer: bytes, event: Event, is_seed: bool, numwant: int, key: int
    ) -> Awaitable[AnnounceReply]:
        """See `Reception.announce`."""
        announce = (info_hash, peer, int(event), is_seed, numwant, key)
        return self._ask(ANNOUNCE, announce, AnnounceReply._make)

    def scrape(self, info_hashes: list[bytes]) -> Awaitable[list[ScrapeEntry]]:
        """See `Reception.scrape`."""
        return self._ask(SCRAPE, info_hashes, lambda found: [*map(ScrapeEntry._make, found)])

    def numbers(self) -> Awaitable[Numbers]:
        """How it is doing."""
        return self._ask(NUMBERS, None, Numbers._make)

    def give_up(self) -> None:
        """Let nobody wait for longer; to be called every second."""
        now = self._loop.time()
        late = itertools.takewhile(lambda number: self._waiting[number][2] < now, self._waiting)
        for number in list(late):
            self._fail(number, SiblingError())

    def _ask(self, kind: int, content: object, read: Callable[[Any], T]) -> asyncio.Future[T]:
        if max(len(self._waiting), len(self._unsent)) >= MOST_WAITING:
            raise SiblingError
        number = next(self._count)
        answer: asyncio.Future[T] = self._loop.create_future()
        self._waiting[number] = (answer, read, self._loop.time() + SECONDS_TO_ANSWER)
        self._say((kind, number, content))
        return answer

    def _say(self, message: tuple[int, int, object]) -> None:
        if len(self._unsent) >= MOST_WAITING:
            return  # an answer, and nobody waits for so long
        if not self._unsent and not self._is_full:
            self._loop.call_soon(self._send)
        self._unsent.append(message)

    def _send(self) -> None:
        while self._unsent:
            size = MOST_TOGETHER
            packet = marshal.dumps(self._unsent[:size])
            while len(packet) > PACKET:
                size //= 2
                packet = marshal.dumps(self._unsent[:size])
            try:
                self._link.send(packet)
            except BlockingIOError:
                self._wait_for_room()
                return
            except OSError as error:  # it is gone, and this one is going
                log.debug("Nothing can be said to another process: %s", error)
            del self._unsent[:size]

    def _wait_for_room(self) -> None:
        if not self._is_full:
            self._is_full = True
            self._loop.add_writer(self._link.fileno(), self._go_on)

    def _go_on(self) -> None:
        self._is_full = False
        self._loop.remove_writer(self._link.fileno())
        self._send()

    def _receive(self) -> None:
        for _ in range(ROUNDS):
            try:
                size = self._link.recv_into(self._buffer)
            except OSError:
                return
            if not size:
                self._loop.remove_reader(self._link.fileno())
                return
            for kind, number, content in marshal.loads(self._view[:size]):  # noqa: S302  (our own)
                if kind == ANSWER:
                    self._settle(number, content)
                elif kind == REFUSAL:
                    self._fail(number, PassedOnError(*content))
                else:
                    self._answer(kind, number, content)

    def _settle(self, number: int, content: object) -> None:
        if number in self._waiting:
            answer, read, _ = self._waiting.pop(number)
            if not answer.done():
                answer.set_result(read(content))

    def _fail(self, number: int, error: TrackerError) -> None:
        if number in self._waiting:
            answer, _, _ = self._waiting.pop(number)
            if not answer.done():
                answer.set_exception(error)
                answer.exception()  # whoever asked may not want to know any more

    def _answer(self, kind: int, number: int, content: Any) -> None:
        try:
            answer = self._answer_to(kind, content)
        except Exception as error:
            self._refuse(number, error)
            return
        if isinstance(answer, tuple | list):
            self._say((ANSWER, number, plain(answer)))
            return
        task = asyncio.ensure_future(self._answer_later(number, answer))
        self._answering.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._answering.discard)

    def _answer_to(self, kind: int, content: Any) -> Any:
        if kind == ANNOUNCE:
            info_hash, peer, event, is_seed, numwant, key = content
            return self._reception.announce(info_hash, peer, EVENTS[event], is_seed, numwant, key)
        return self._reception.scrape(content) if kind == SCRAPE else self._own_numbers()

    async def _answer_later(self, number: int, answer: Awaitable[Any]) -> None:
        try:
            self._say((ANSWER, number, plain(await answer)))
        except Exception as error:
            self._refuse(number, error)

    def _refuse(self, number: int, error: Exception) -> None:
        if not isinstance(error, TrackerError):
            log.error("Another process's question could not be answered", exc_info=error)
            error = SiblingError()
        self._say((REFUSAL, number, (str(error), error.retry_in_minutes)))


def plain(answer: tuple[Any, ...] | list[tuple[Any, ...]]) -> tuple[Any, ...] | list[Any]:
    """The answer without its named tuples, which `marshal` does not know."""
    return [tuple(each) for each in answer] if isinstance(answer, list) else tuple(answer)
