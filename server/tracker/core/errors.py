"""What the tracker refuses, as sentences that a client shows to its user."""


class TrackerError(Exception):
    """A request that gets a failure reason; `str(error)` is that reason."""


class RequestError(TrackerError):
    """A request that does not follow the specification."""


class UnknownTorrentError(TrackerError):
    """An info-hash that this tracker does not welcome."""

    def __init__(self, info_hash: bytes) -> None:
        """Remember which info-hash it was."""
        super().__init__("This tracker does not know this torrent, or no longer allows it.")
        self.info_hash = info_hash
