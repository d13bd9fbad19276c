"""What jobs and the engine say to each other: orders, states, and the protocol of an engine.

Immutable values only, so that the engine can live in a thread or a process of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Protocol

from client.engine.trouble import Trouble


class Stage(Enum):
    """What the engine is doing with one torrent."""

    METAINFO = "metainfo"
    CHECKING = "checking"
    DOWNLOADING = "downloading"
    WRITING = "writing"
    SHARING = "sharing"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes per second; zero is no limit."""

    upload: int = 0
    download: int = 0


SKIPPED, NORMAL, FIRST = "0", "4", "7"


@dataclass(frozen=True, slots=True)
class Tuning:
    """How one transfer is to go; `priorities` has a digit for each file, or is empty."""

    priorities: str = ""
    is_in_order: bool = False
    limits: Limits = Limits()


AS_USUAL = Tuning()


@dataclass(frozen=True, slots=True)
class Order:
    """One torrent to work on. Either the torrent file or a magnet link is given.

    `files` are paths below `save_folder`, one per file of the torrent, made by `client.folders`.
    `is_share_only` never writes into the files, whatever they hold; `is_complete` promises that
    they were just hashed, so they need no check.
    """

    info_hash: bytes
    save_folder: Path
    torrent: bytes | None = None
    magnet: str | None = None
    files: tuple[str, ...] = ()
    resume: bytes | None = None
    is_share_only: bool = False
    is_complete: bool = False
    tuning: Tuning = AS_USUAL


@dataclass(frozen=True, slots=True)
class Transfer:
    """How one torrent is doing. Sizes in bytes, rates in bytes per second.

    `is_on_disk` is true only when everything is complete and was flushed to the disk; `sequence`
    grows with every change. `info` is a magnet's info dictionary, once a peer has sent it.
    `givers` send us something at this moment, `takers` get something from us.
    `swarm_complete` is how many the tracker says have everything, -1 before it answered.
    `resume` is the newest that may be saved: all that it speaks of has reached the disk.
    """

    info_hash: bytes
    sequence: int = 0
    stage: Stage = Stage.CHECKING
    done_bytes: int = 0
    total_bytes: int = 0
    uploaded_bytes: int = 0
    download_rate: int = 0
    upload_rate: int = 0
    peers: int = 0
    seeds: int = 0
    givers: int = 0
    takers: int = 0
    swarm_complete: int = -1
    is_on_disk: bool = False
    trouble: Trouble | None = None
    notice: str = ""
    info: bytes | None = field(default=None, repr=False)
    resume: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person wants of the engine beyond our own settings."""

    limits: Limits = Limits()
    ports: tuple[int, int] | None = None
    announce_ip: str | None = None
    settings: Sequence[tuple[str, str]] = ()
    is_polite: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """What stands in the fold of a transfer; each peer is a line (address, program, speeds).

    `log` is what the engine has said lately, newest last.
    """

    pieces: int = 0
    pieces_done: int = 0
    trackers: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    log: tuple[str, ...] = ()


class Engine(Protocol):
    """Anything that can download and share torrents."""

    def add(self, order: Order) -> None:
        """Begin to work on a torrent."""

    def watch(self, info_hash: bytes, *, after: int, timeout: float) -> Transfer:
        """Wait for a state that is newer than `after`; at the timeout return the last one."""

    def change(self, wishes: Wishes) -> None:
        """Follow other wishes from now on; ports and addresses stay as they are."""

    def tune(self, info_hash: bytes, tuning: Tuning) -> None:
        """Go on in this way; other files are wanted only by a new order."""

    def details(self, info_hash: bytes) -> Details:
        """What only those who want to know are shown."""

    def stop(self, info_hash: bytes) -> Transfer:
        """Tell the tracker, save what is needed to continue, and forget the torrent."""

    def close(self) -> None:
        """Stop everything, in bounded time."""
