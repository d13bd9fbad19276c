"""The tracker's decisions: who is welcome, who is told about whom, what counts as a download.

Knows no protocol and no database. Its few methods are all that the rest of the tracker uses, and
they take plain values, so that a compiled twin can take this place.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import islice

from .completions import Completions
from .errors import UnknownTorrentError
from .messages import AnnounceReply, Counts, Event, ScrapeEntry, SwarmDump
from .policy import Policy
from .store import Outcome, Store, SwarmCount, Swept

STOPPED, COMPLETED, PAUSED = Event.STOPPED, Event.COMPLETED, Event.PAUSED

new_reply = tuple.__new__  # half the time of calling the class, on the way of every announce

NoteCompletion = Callable[[bytes], None]


def note_nothing(info_hash: bytes) -> None:
    """Keep no journal."""


class Engine:
    """One tracker over one store.

    With a store that answers later (`core.store`) `announce`, `scrape`, `expire` and `counts` give
    awaitables.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float],
        policy: Policy | None = None,
        note_completion: NoteCompletion = note_nothing,
    ) -> None:
        """Start with no torrent; `clock` gives seconds that never run backwards.

        `note_completion` is told of every download before its peer gets an answer.
        """
        self._store = store
        self._put = store.put
        self._clock = clock
        self._policy = policy or Policy()
        self._most_numwant = self._policy.most_numwant
        self._longest_interval = self._policy.longest_interval
        self._most_intervals = self._longest_interval // self._policy.seconds_per_peer
        self._intervals = [self._policy.interval(size) for size in range(self._most_intervals)]
        self._note_completion = note_completion
        self._downloaded: dict[bytes, int] = {}
        self._completions = Completions()
        self._changed: dict[bytes, None] = {}  # in the order of their first change
        self._completed: dict[bytes, int] = {}
        self.announces = 0

    def welcome(self, info_hash: bytes, downloaded: int = 0) -> None:
        """Track a torrent that has been downloaded so many times until now."""
        self._downloaded.setdefault(info_hash, downloaded)

    def recount(self) -> None:
        """Tell the numbers of all swarms once more: the store may know more than this process."""
        self._changed.update(dict.fromkeys(self._downloaded))

    def refuse(self, info_hash: bytes) -> Awaitable[None] | None:
        """Stop tracking a torrent and forget its peers."""
        if self._downloaded.pop(info_hash, None) is None:
            return None
        self._changed[info_hash] = None
        return self._store.drop(info_hash)

    def is_welcome(self, info_hash: bytes) -> bool:
        """Whether announces of this torrent are answered."""
        return info_hash in self._downloaded

    def announce(
        self, info_hash: bytes, peer: bytes, event: Event, is_seed: bool, numwant: int, key: int
    ) -> AnnounceReply | Awaitable[AnnounceReply]:
        """Take a peer's news and tell it about others."""
        if info_hash not in self._downloaded:
            raise UnknownTorrentError(info_hash)
        self.announces += 1
        is_completion = event is COMPLETED and is_seed
        if event is STOPPED:
            outcome = self._store.remove(info_hash, peer, key, int(self._clock()))
        else:
            if numwant < 0 or numwant > self._most_numwant:
                numwant = self._policy.numwant(numwant)
            is_paused = event is PAUSED and not is_seed
            now = int(self._clock())
            outcome = self._put(info_hash, peer, is_seed, is_paused, key, now, numwant)
        if type(outcome) is not tuple:
            assert not isinstance(outcome, tuple)
            return self._reply_later(info_hash, peer, is_completion, outcome)
        # `_reply`, written out: this is the way of nearly all announces.
        complete, incomplete, has_changed, was_seed, peers, peers6 = outcome
        if has_changed:
            self._changed[info_hash] = None
        if is_completion and not was_seed:
            self._complete(info_hash, peer)
        size = complete + incomplete
        interval = self._intervals[size] if size < self._most_intervals else self._longest_interval
        return new_reply(AnnounceReply, (interval, complete, incomplete, peers, peers6))

    def scrape(
        self, info_hashes: Iterable[bytes]
    ) -> list[ScrapeEntry] | Awaitable[list[ScrapeEntry]]:
        """The welcome ones among these torrents in numbers."""
        now = int(self._clock())
        welcome = [each for each in info_hashes if self.is_welcome(each)]
        counts = [self._store.count(each, now) for each in welcome]
        found = [count for count in counts if isinstance(count, SwarmCount)]
        if len(found) == len(counts):
            return [self._entry(each, count) for each, count in zip(welcome, found, strict=True)]
        return self._scrape_later(welcome, counts)

    def expire(self, limit: int) -> bool | Awaitable[bool]:
        """Forget the silent ones among the next `limit` peers; true when a round is done.

        Called again and again with announces in between, so that none waits for a whole round.
        """
        swept = self._store.expire(int(self._clock()), self._policy.timeout, limit)
        return self._swept(swept) if isinstance(swept, Swept) else self._swept_later(swept)

    def counts(self, limit: int = 1_000_000) -> list[Counts] | Awaitable[list[Counts]]:
        """At most `limit` of the swarms whose numbers changed since they were last told."""
        now = int(self._clock())
        changed = list(islice(self._changed, limit))
        for info_hash in changed:
            del self._changed[info_hash]
        counts = [self._store.count(each, now, has_addresses=True) for each in changed]
        found = [count for count in counts if isinstance(count, SwarmCount)]
        if len(found) == len(counts):
            return [_counted(*each) for each in zip(changed, found, strict=True)]
        return self._counts_later(changed, counts)

    def completions(self) -> dict[bytes, int]:
        """How many peers completed what since this was last asked."""
        completed, self._completed = self._completed, {}
        return completed

    def dump(self) -> tuple[int, Iterator[SwarmDump]]:
        """The time and all swarms, as far as they would be gone with this process.

        Announces may be answered while the swarms are walked through.
        """
        return int(self._clock()), self._store.dump()

    def load(self, dumped_at: int, seconds_ago: int, swarms: Iterable[SwarmDump]) -> None:
        """Take in dumped swarms of welcome torrents, without those that have been silent since."""
        now = int(self._clock())
        for swarm in swarms:
            if swarm.info_hash in self._downloaded:
                self._store.load(swarm, dumped_at, seconds_ago, now, self._policy.timeout)
                self._changed[swarm.info_hash] = None

    def families(self) -> tuple[int, int]:
        """How many peers there are by IPv4 and by IPv6, as far as this process keeps them."""
        return self._store.families()

    def torrents(self) -> int:
        """How many torrents are known to be welcome."""
        return len(self._downloaded)

    def correct_downloads(self, info_hash: bytes, downloaded: int) -> None:
        """Take over a total that others count too; what is not told yet comes on top."""
        if info_hash in self._downloaded:
            self._downloaded[info_hash] = downloaded + self._completed.get(info_hash, 0)

    def _entry(self, info_hash: bytes, count: SwarmCount) -> ScrapeEntry:
        downloaded = self._downloaded.get(info_hash, 0)
        complete, incomplete, paused, _ = count
        return ScrapeEntry(info_hash, complete, incomplete, downloaded, incomplete - paused)

    def _swept(self, swept: Swept) -> bool:
        for info_hash in swept.changed:
            self._changed[info_hash] = None
        return swept.is_round_done

    def _complete(self, info_hash: bytes, peer: bytes) -> None:
        if self._completions.is_new(info_hash, peer) and info_hash in self._downloaded:
            self._note_completion(info_hash)
            self._downloaded[info_hash] += 1
            self._completed[info_hash] = self._completed.get(info_hash, 0) + 1

    async def _reply_later(
        self, info_hash: bytes, peer: bytes, is_completion: bool, outcome: Awaitable[Outcome]
    ) -> AnnounceReply:
        complete, incomplete, has_changed, was_seed, peers, peers6 = await outcome
        if has_changed:
            self._changed[info_hash] = None
        if is_completion and not was_seed:
            self._complete(info_hash, peer)
        interval = self._policy.interval(complete + incomplete)
        return AnnounceReply(interval, complete, incomplete, peers, peers6)

    async def _scrape_later(
        self, welcome: list[bytes], counts: list[SwarmCount | Awaitable[SwarmCount]]
    ) -> list[ScrapeEntry]:
        found = await asyncio.gather(*map(_settled, counts))
        return [self._entry(each, count) for each, count in zip(welcome, found, strict=True)]

    async def _swept_later(self, swept: Awaitable[Swept]) -> bool:
        return self._swept(await swept)

    async def _counts_later(
        self, changed: list[bytes], counts: list[SwarmCount | Awaitable[SwarmCount]]
    ) -> list[Counts]:
        found = await asyncio.gather(*map(_settled, counts))
        return [_counted(*each) for each in zip(changed, found, strict=True)]


async def _settled(count: SwarmCount | Awaitable[SwarmCount]) -> SwarmCount:
    return count if isinstance(count, SwarmCount) else await count


def _counted(info_hash: bytes, count: SwarmCount) -> Counts:
    return Counts(info_hash, count.complete, count.incomplete, count.addresses)
