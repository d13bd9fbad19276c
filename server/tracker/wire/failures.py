"""How a tracker says no: a dictionary with a reason that the client shows to its user."""

from ..core.errors import TrackerError


def write_failure(error: TrackerError) -> bytes:
    """The bencoded failure, with the minutes after which asking again makes sense (BEP 31)."""
    text = str(error).encode()
    minutes = error.retry_in_minutes
    retry = b"" if minutes is None else b"8:retry ini%de" % minutes
    return b"d14:failure reason%d:%b%be" % (len(text), text, retry)
