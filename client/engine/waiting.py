"""How long packets wait in the line: what opening a connection takes more than it can.

That is one packet there and one back, on every system and without rights; whoever is asked does
no more than for a browser that changes its mind. What follows from it is left to `pace`.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

_PATIENCE_SECONDS = 2.0
# Of one site: a computer may have no IPv6, or a site may only say that it has.
_FEW_ADDRESSES = 4
_USUAL_PORTS = {"http": 80, "https": 443}
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
        seconds = None
        for address in [self._address] if is_known and self._address else _find(url):
            seconds = self._measure(address)
            if seconds is not None:
                break
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
            self._favourite = ""


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


def _find(url: str) -> list[Address]:
    """Where a site answers, unless that is in the local network."""
    try:
        parts = urlsplit(url)
        port = parts.port or _USUAL_PORTS[parts.scheme]
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, KeyError, ValueError):
        return []
    hosts = dict.fromkeys(str(address[0]) for *_, address in found)
    return [(host, port) for host in hosts if not is_local(host)][:_FEW_ADDRESSES]


def is_local(host: str) -> bool:
    """Whether packets to this address stay off the line."""
    address = ipaddress.ip_address(host.partition("%")[0])
    return any(address in network for network in LOCAL_NETWORKS)


def _round_trip(address: Address) -> float | None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as asking:
            asking.settimeout(_PATIENCE_SECONDS)
            began = time.perf_counter()
            with suppress(ConnectionRefusedError):  # That is an answer too, and as fast.
                asking.connect(address)
            return time.perf_counter() - began
    except OSError:
        return None
