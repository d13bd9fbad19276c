"""Connection ids of BEP 15: proof that a sender gets what is sent to its address.

An id is made from the sender's address, the time and a secret, so the tracker needs to keep nothing
for it; some are remembered all the same, as most are shown right after they were given. The secret
is the same for all ports and processes, because libtorrent keeps one id for each tracker address,
whatever the port.
"""

from collections.abc import Callable
from hashlib import blake2s

WINDOW = 120  # seconds; an id is good for one to two of them
SECRET_SIZE = 32
MAC_SIZE = 7
MOST_REMEMBERED = 10_000


class ConnectionIds:
    """Makes and checks ids: one byte of time, seven of a keyed hash."""

    def __init__(self, secret: bytes, wall_clock: Callable[[], float]) -> None:
        """Start; `wall_clock` gives seconds that all processes with this secret agree on."""
        self._secret = secret
        self._wall_clock = wall_clock
        self._hashes: dict[int, blake2s] = {}
        self._given: dict[bytes, bytes] = {}  # by address
        self._now = 0
        self.turn()

    def turn(self) -> None:
        """Look at the clock; to be called every second or so."""
        window = int(self._wall_clock()) // WINDOW
        if self._now != window & 0xFF:
            self._given = {}
        self._now = window & 0xFF
        self._hashes = {each & 0xFF: self._keyed(each) for each in (window, window - 1)}

    def make(self, address: bytes) -> bytes:
        """An id for a sender."""
        keyed = self._hashes[self._now].copy()
        keyed.update(address)
        return self._remembered(address, self._now.to_bytes(1, "big") + keyed.digest())

    def is_good(self, shown: bytes, address: bytes) -> bool:
        """Whether the sender was given the id that it shows a short while ago."""
        if shown == self._given.get(address):
            return True
        keyed = self._hashes.get(shown[0])
        if keyed is None:
            return False
        keyed = keyed.copy()
        keyed.update(address)
        # No constant time: a wrong guess costs a stranger a packet, and there are 2**56 of them.
        if keyed.digest() != shown[1:]:
            return False
        self._remembered(address, shown)  # another process gave it, and it may be shown again
        return True

    def _remembered(self, address: bytes, connection_id: bytes) -> bytes:
        if len(self._given) >= MOST_REMEMBERED:
            self._given = {}
        self._given[address] = connection_id
        return connection_id

    def _keyed(self, window: int) -> blake2s:
        return blake2s(window.to_bytes(8, "big"), digest_size=MAC_SIZE, key=self._secret)
