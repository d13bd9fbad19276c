"""How long packets wait in the line: what opening a connection takes more than it can.

That is one packet there and one back, on every system and without rights; whoever is asked does
no more than for a browser that changes its mind. What follows from it is left to `pace`.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

_PATIENCE_SECONDS = 2.0
_LONGEST_SILENCE = 5
# RFC 6817 calls that BASE_HISTORY. A way that has become longer for good is accepted after it.
_HISTORY_MINUTES = 10

# Peers there need no line, so no pace is kept for them, and nobody there can tell of a line.
LOCAL_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)

Address = tuple[str, int]
Measure = Callable[[Address], float | None]


class Waiting:
    """Asks in a thread of its own, one question after the other."""

    def __init__(self, measure: Measure | None = None) -> None:
        self._measure = measure or _round_trip
        self._thread: threading.Thread | None = None
        self._wait: float | None = None
        self._turn = 0
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget how long ways are: this computer is somewhere else."""
        self._way = _Way()
        self._favourite = ""
        self._address: Address | None = None
        self._silences = 0

    def is_asking(self) -> bool:
        """Whether the last question has no answer yet."""
        return self._thread is not None and self._thread.is_alive()

    def seconds(self) -> float | None:
        """What the last question came to; None when nobody could tell."""
        return self._wait

    def ask(self, urls: Sequence[str], now: float) -> None:
        """Ask one of these sites: the same again, so that answers can be compared."""
        self._wait = None
        if self._favourite in urls:
            url = self._favourite
        elif urls:
            self._turn += 1
            url = urls[self._turn % len(urls)]
        else:
            return
        self._thread = threading.Thread(target=self._ask, args=(url, now), daemon=True)
        self._thread.start()

    def _ask(self, url: str, now: float) -> None:
        is_known = url == self._favourite
        address = self._address if is_known else _find(url)
        seconds = self._measure(address) if address is not None else None
        if not is_known:
            self._way = _Way()
            self._favourite, self._address = (url, address) if seconds is not None else ("", None)
        self._silences = 0 if seconds is not None else self._silences + 1
        if seconds is not None:
            self._wait = seconds - self._way.shortest(seconds, now)
        elif self._favourite and self._silences <= _LONGEST_SILENCE:
            # In a full line packets get lost.
            self._wait = _PATIENCE_SECONDS
        else:
            self._favourite, self._wait = "", None


class _Way:
    """The shortest round trip of the last minutes is the way itself, without waiting."""

    def __init__(self) -> None:
        self._minutes: dict[int, float] = {}

    def shortest(self, round_trip: float, now: float) -> float:
        """Take note of a round trip, and say what the shortest is now."""
        minute = int(now // 60)
        oldest = minute - _HISTORY_MINUTES
        self._minutes = {when: least for when, least in self._minutes.items() if when > oldest}
        self._minutes[minute] = min(round_trip, self._minutes.get(minute, round_trip))
        return min(self._minutes.values())


def _find(url: str) -> Address | None:
    """Where a site answers, unless that is in the local network."""
    parts = urlsplit(url)
    try:
        usual = {"http": 80, "https": 443}[parts.scheme]
        port = parts.port or usual
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, KeyError, ValueError):
        return None
    host = str(found[0][4][0])
    return None if is_local(host) else (host, port)


def is_local(host: str) -> bool:
    """Whether packets to this address stay off the line."""
    address = ipaddress.ip_address(host.partition("%")[0])
    return any(address in network for network in LOCAL_NETWORKS)


def _round_trip(address: Address) -> float | None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as asking:
        asking.settimeout(_PATIENCE_SECONDS)
        began = time.perf_counter()
        try:
            asking.connect(address)
        except ConnectionRefusedError:
            pass  # That is an answer too, and as fast.
        except OSError:
            return None
        return time.perf_counter() - began
