"""The tracker's decisions: who is welcome, who is told about whom, what counts as a download.

Knows no protocol and no database. Its few methods are all that the rest of the tracker uses, and
they take plain values, so that a compiled twin can take this place.
"""

from collections.abc import Awaitable, Callable, Iterable

from .completions import Completions
from .errors import UnknownTorrentError
from .messages import AnnounceReply, Counts, Event, ScrapeEntry
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
        self._note_completion = note_completion
        self._downloaded: dict[bytes, int] = {}
        self._aliases: dict[bytes, bytes] = {}
        self._completions = Completions()
        self._changed: dict[bytes, int] = {}  # completions since `counts` was last called
        self.announces = 0

    def welcome(self, info_hash: bytes, downloaded: int = 0, alias: bytes | None = None) -> None:
        """Track a torrent that has been downloaded so many times until now.

        `alias` is the other info-hash of a hybrid torrent (BEP 52), with the same peers.
        """
        self._downloaded.setdefault(info_hash, downloaded)
        if alias is not None:
            self._aliases[alias] = info_hash

    def refuse(self, info_hash: bytes) -> Awaitable[None] | None:
        """Stop tracking a torrent, by either of its info-hashes, and forget its peers."""
        info_hash = self._aliases.pop(info_hash, info_hash)
        for alias in [each for each, own in self._aliases.items() if own == info_hash]:
            del self._aliases[alias]
        if self._downloaded.pop(info_hash, None) is None:
            return None
        self._note(info_hash)
        return self._store.drop(info_hash)

    def is_welcome(self, info_hash: bytes) -> bool:
        """Whether announces of this torrent are answered."""
        return info_hash in self._downloaded or info_hash in self._aliases

    def own_hash(self, info_hash: bytes) -> bytes:
        """The info-hash that a torrent is kept under."""
        return self._aliases.get(info_hash, info_hash)

    def announce(
        self, info_hash: bytes, peer: bytes, event: Event, is_seed: bool, numwant: int, key: int
    ) -> AnnounceReply | Awaitable[AnnounceReply]:
        """Take a peer's news and tell it about others."""
        if info_hash not in self._downloaded:
            if info_hash not in self._aliases:
                raise UnknownTorrentError(info_hash)
            info_hash = self._aliases[info_hash]
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
        if type(outcome) is not Outcome:
            assert not isinstance(outcome, Outcome)
            return self._reply_later(info_hash, peer, is_completion, outcome)
        # `_reply`, written out: this is the way of nearly all announces.
        complete, incomplete, has_changed, was_seed, peers, peers6 = outcome
        if has_changed and info_hash not in self._changed:
            self._changed[info_hash] = 0
        if is_completion and not was_seed:
            self._complete(info_hash, peer)
        interval = self._policy.interval(complete + incomplete)
        return new_reply(AnnounceReply, (interval, complete, incomplete, peers, peers6))

    def scrape(
        self, info_hashes: Iterable[bytes]
    ) -> list[ScrapeEntry] | Awaitable[list[ScrapeEntry]]:
        """The welcome ones among these torrents in numbers."""
        now = int(self._clock())
        welcome = [each for each in info_hashes if self.is_welcome(each)]
        counts = [self._store.count(self.own_hash(each), now) for each in welcome]
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
        changed = [(each, self._changed.pop(each)) for each in list(self._changed)[:limit]]
        counts = [self._store.count(info_hash, now) for info_hash, _ in changed]
        found = [count for count in counts if isinstance(count, SwarmCount)]
        if len(found) == len(counts):
            return [_counted(*each, count) for each, count in zip(changed, found, strict=True)]
        return self._counts_later(changed, counts)

    def torrents(self) -> int:
        """How many torrents are known to be welcome."""
        return len(self._downloaded)

    def correct_downloads(self, info_hash: bytes, downloaded: int) -> None:
        """Take over a total that others have counted too; what is not told yet comes on top."""
        if info_hash in self._downloaded:
            self._downloaded[info_hash] = downloaded + self._changed.get(info_hash, 0)

    def _entry(self, info_hash: bytes, count: SwarmCount) -> ScrapeEntry:
        downloaded = self._downloaded.get(self.own_hash(info_hash), 0)
        complete, incomplete, paused, _ = count
        return ScrapeEntry(info_hash, complete, incomplete, downloaded, incomplete - paused)

    def _swept(self, swept: Swept) -> bool:
        for info_hash in swept.changed:
            self._note(info_hash)
        return swept.is_round_done

    def _note(self, info_hash: bytes) -> None:
        self._changed.setdefault(info_hash, 0)

    def _complete(self, info_hash: bytes, peer: bytes) -> None:
        if self._completions.is_new(info_hash, peer) and info_hash in self._downloaded:
            self._note_completion(info_hash)
            self._downloaded[info_hash] += 1
            self._changed[info_hash] = self._changed.get(info_hash, 0) + 1

    async def _reply_later(
        self, info_hash: bytes, peer: bytes, is_completion: bool, outcome: Awaitable[Outcome]
    ) -> AnnounceReply:
        complete, incomplete, has_changed, was_seed, peers, peers6 = await outcome
        if has_changed:
            self._note(info_hash)
        if is_completion and not was_seed:
            self._complete(info_hash, peer)
        interval = self._policy.interval(complete + incomplete)
        return AnnounceReply(interval, complete, incomplete, peers, peers6)

    async def _scrape_later(
        self, welcome: list[bytes], counts: list[SwarmCount | Awaitable[SwarmCount]]
    ) -> list[ScrapeEntry]:
        found = [await _settled(count) for count in counts]
        return [self._entry(each, count) for each, count in zip(welcome, found, strict=True)]

    async def _swept_later(self, swept: Awaitable[Swept]) -> bool:
        return self._swept(await swept)

    async def _counts_later(
        self, changed: list[tuple[bytes, int]], counts: list[SwarmCount | Awaitable[SwarmCount]]
    ) -> list[Counts]:
        found = [await _settled(count) for count in counts]
        return [_counted(*each, count) for each, count in zip(changed, found, strict=True)]


async def _settled(count: SwarmCount | Awaitable[SwarmCount]) -> SwarmCount:
    return count if isinstance(count, SwarmCount) else await count


def _counted(info_hash: bytes, completions: int, count: SwarmCount) -> Counts:
    return Counts(info_hash, count.complete, count.incomplete, completions, count.addresses)
