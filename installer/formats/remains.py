"""What is left of a payload that its own magic no longer marks: a damaged one, not none."""

import re

# Version, length and hash, as they follow the magic in a header. No other program has these.
_HEADER = re.compile(rb" [0-9]{3} [0-9]{7} [0-9a-f]{64}[ \n]")


def are_in(tail: bytes, magic: bytes) -> bool:
    """Whether the magic is damaged, or the file was cut off within it.

    Where a template ends cannot be known in general: scanners and signing tools add to files.
    """
    cut_off = tuple(magic[:length] for length in range(1, len(magic)))
    return tail.endswith(cut_off) or _HEADER.search(tail) is not None
