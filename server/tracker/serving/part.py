"""What the parent of several tracker processes gives to each of them (`serving.workers`)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from socket import socket

from ..core.shares import Share
from .sockets import Sockets


@dataclass(frozen=True, slots=True)
class Part:
    """One process of several."""

    share: Share
    sockets: Sockets
    links: Mapping[int, socket]  # to each of the other processes
    parent: socket  # told when this process is ready; its end is the parent's
    secret: bytes  # for connection ids, the same in all processes
    counted_journals: Sequence[str] = ()  # whose files the parent has deleted

    def say_ready(self, *, has_kept_all: bool) -> None:
        """Announces are answered; `has_kept_all`: the swarm files of others are not needed."""
        with suppress(OSError):  # it is gone, and this process will notice
            self.parent.send(READY_KEPT if has_kept_all else READY)


READY, READY_KEPT = b"r", b"k"
