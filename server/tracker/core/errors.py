"""What the tracker refuses, as sentences that a client shows to its user."""


class TrackerError(Exception):
    """A request that gets a failure reason; `str(error)` is that reason."""

    retry_in_minutes: int | None = None  # BEP 31; None: only with other parameters, if at all


class RequestError(TrackerError):
    """A request that does not follow the specification."""


class StoreFailedError(TrackerError):
    """The place where peers are kept does not answer."""

    retry_in_minutes = 1

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The tracker cannot reach its list of peers. Try again in a minute.")


class UnknownTorrentError(TrackerError):
    """An info-hash that this tracker does not welcome; it may be published a while later."""

    retry_in_minutes = 5

    def __init__(self, info_hash: bytes) -> None:
        """Remember which info-hash it was."""
        super().__init__("This tracker does not know this torrent, or no longer allows it.")
        self.info_hash = info_hash
