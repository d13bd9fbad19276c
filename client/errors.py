"""What can go wrong on a person's own computer, each as a sentence for that person."""

from installer.errors import PassalongError


class ClientError(PassalongError):
    """Something that the client could not do; its text says what happened and what to try."""


class UsageError(ClientError):
    """The command line asks for something that has no meaning."""


class OpeningError(ClientError):
    """What was given is not a torrent, a ticket, or a link to one."""


class FolderError(ClientError):
    """A place on this computer that cannot be used."""


class SiteError(ClientError):
    """The site did not answer, or said no."""

    def __init__(self, message: str, *, status: int | None = None, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    @property
    def is_passing(self) -> bool:
        """Whether it may well work later: the line or the site was not up to it."""
        return self.status is None or self.status == 429 or self.status >= 500


class EngineError(ClientError):
    """The BitTorrent engine refused an order or a setting."""


class JobError(ClientError):
    """A job ended before it was done; `trouble` is set when the disk or the engine said no."""

    def __init__(self, message: str, *, trouble: object | None = None) -> None:
        super().__init__(message)
        self.trouble = trouble


class JobStopped(ClientError):  # noqa: N818 - asked for, not a fault
    """The person stopped a job before it was complete."""
