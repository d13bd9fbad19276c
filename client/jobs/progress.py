"""How a job is doing, for a line of text or a window. Drawing it is left to them."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Phase(Enum):
    """What the job is busy with."""

    ASKING = "asking"
    MOVING = "moving"
    HASHING = "hashing"
    UPLOADING = "uploading"
    CHECKING = "checking"
    DOWNLOADING = "downloading"
    WRITING = "writing"
    SHARING = "sharing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of a job. Sizes in bytes, rates in bytes per second.

    `givers` send to us right now, `takers` receive from us. `copies_elsewhere` are the complete
    copies that the tracker knows besides ours, None before it answered.
    `has_site_copy` is true once the site has all of it by itself.
    `place` is set once it is known where the file is; `page_url` once the site has it; `notice`
    is something to know that does not end the job, `remains` what stays where it was saved before.
    """

    phase: Phase
    name: str = ""
    site_name: str = ""
    done_bytes: int = 0
    total_bytes: int = 0
    rate: int = 0
    upload_rate: int = 0
    uploaded_bytes: int = 0
    peers: int = 0
    seeds: int = 0
    givers: int = 0
    takers: int = 0
    copies_elsewhere: int | None = None
    has_site_copy: bool = False
    place: Path | None = None
    is_complete: bool = False
    page_url: str = ""
    notice: str = ""
    remains: str = ""
    info_hash: bytes = b""

    @property
    def percent(self) -> float:
        """How much is done, from 0 to 100; 100 only when all is."""
        if not self.total_bytes:
            return 0.0
        share = 100 * self.done_bytes / self.total_bytes
        return share if self.done_bytes >= self.total_bytes else min(share, 99.9)

    @property
    def is_idle(self) -> bool:
        """Whether a download is connected to nobody, and nothing comes."""
        return self.phase is Phase.DOWNLOADING and not self.peers and not self.rate

    @property
    def is_alone(self) -> bool:
        """Whether the tracker knows nobody who has it all, and nothing comes from anywhere else."""
        return self.is_idle and self.copies_elsewhere == 0

    @property
    def seconds_left(self) -> float | None:
        """How long it takes at this rate, if it goes on at all."""
        if not self.rate or self.done_bytes >= self.total_bytes:
            return None
        return (self.total_bytes - self.done_bytes) / self.rate
