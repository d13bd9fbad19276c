"""How a tracker says no: a dictionary with a reason that the client shows to its user."""


def write_failure(reason: str) -> bytes:
    """The bencoded failure."""
    text = reason.encode()
    return b"d14:failure reason%d:%be" % (len(text), text)
