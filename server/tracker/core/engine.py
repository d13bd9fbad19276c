"""The tracker's decisions: who is welcome, who is told about whom, what counts as a download.

Knows no protocol and no database. Its few methods are all that the rest of the tracker uses.
"""

from collections.abc import Callable, Iterable

from .completions import Completions
from .errors import RequestError, UnknownTorrentError
from .messages import Announce, AnnounceReply, Counts, Event, ScrapeEntry
from .policy import Policy
from .store import Store

NO_PORT = b"\0\0"


class Engine:
    """One tracker over one store."""

    def __init__(
        self, store: Store, clock: Callable[[], float], policy: Policy | None = None
    ) -> None:
        """Start with no torrent; `clock` gives seconds that never run backwards."""
        self._store = store
        self._clock = clock
        self._policy = policy or Policy()
        self._downloaded: dict[bytes, int] = {}
        self._completions = Completions()
        self._changed: dict[bytes, int] = {}  # completions since `counts` was last called

    def welcome(self, info_hash: bytes, downloaded: int = 0) -> None:
        """Track a torrent that has been downloaded so many times until now."""
        self._downloaded.setdefault(info_hash, downloaded)

    def refuse(self, info_hash: bytes) -> None:
        """Stop tracking a torrent and forget its peers."""
        if self._downloaded.pop(info_hash, None) is not None:
            self._store.drop(info_hash)
            self._note(info_hash)

    def is_welcome(self, info_hash: bytes) -> bool:
        """Whether announces of this torrent are answered."""
        return info_hash in self._downloaded

    def announce(self, announce: Announce) -> AnnounceReply:
        """Take a peer's news and tell it about others."""
        info_hash, peer, event, is_seed, numwant, key = announce
        if info_hash not in self._downloaded:
            raise UnknownTorrentError(info_hash)
        if peer.endswith(NO_PORT):
            raise RequestError("Port 0 cannot be reached. Open a port in your client's settings.")
        policy = self._policy
        if event is Event.STOPPED:
            outcome = self._store.remove(info_hash, peer, key)
        else:
            wanted = policy.numwant(numwant)
            now = int(self._clock())
            outcome = self._store.put(info_hash, peer, is_seed, key, now, wanted)
        complete, incomplete, has_changed, was_seed, peers, peers6 = outcome
        if has_changed:
            self._note(info_hash)
        if event is Event.COMPLETED and is_seed and not was_seed:
            self._complete(info_hash, peer)
        interval = policy.interval(complete + incomplete)
        return AnnounceReply(interval, policy.min_interval, complete, incomplete, peers, peers6)

    def scrape(self, info_hashes: Iterable[bytes]) -> list[ScrapeEntry]:
        """The welcome ones among these torrents in numbers."""
        return [
            ScrapeEntry(info_hash, *self._store.count(info_hash), self._downloaded[info_hash])
            for info_hash in info_hashes
            if info_hash in self._downloaded
        ]

    def expire(self, limit: int) -> bool:
        """Forget the silent ones among the next `limit` peers; true when a round is done.

        Called again and again with announces in between, so that none waits for a whole round.
        """
        swept = self._store.expire(int(self._clock()), self._policy.timeout, limit)
        for info_hash in swept.changed:
            self._note(info_hash)
        return swept.is_round_done

    def counts(self) -> list[Counts]:
        """The swarms whose numbers may have changed since this was last called."""
        changed, self._changed = self._changed, {}
        return [
            Counts(info_hash, *self._store.count(info_hash), completions)
            for info_hash, completions in changed.items()
        ]

    def _note(self, info_hash: bytes) -> None:
        self._changed.setdefault(info_hash, 0)

    def _complete(self, info_hash: bytes, peer: bytes) -> None:
        if self._completions.is_new(info_hash, peer):
            self._downloaded[info_hash] += 1
            self._changed[info_hash] = self._changed.get(info_hash, 0) + 1
