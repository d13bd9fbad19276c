"""Web addresses inside our formats: which are well formed, and whether two are on one site."""

import re
from urllib.parse import urlsplit

LONGEST = 1_000

_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}

WEB = frozenset({"http", "https"})
TRACKER = frozenset({"http", "https", "udp"})


def is_address(text: str, schemes: frozenset[str] = WEB) -> bool:
    """Whether this is an absolute address that no two programs read in two ways."""
    if len(text) > LONGEST or not _ALLOWED.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    return (
        parts.scheme in schemes
        and text.startswith(f"{parts.scheme}://")
        and _HOST.fullmatch(host.lower()) is not None
        and (port is None or port > 0)
    )


def origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what two addresses of one site have in common."""
    parts = urlsplit(address)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), port
