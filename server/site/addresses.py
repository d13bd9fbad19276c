"""Which addresses a site can have: scheme and host alone, since paths are put behind it.

Imports no Django, since the settings use it too.
"""

from urllib.parse import urlsplit

from installer.formats.addresses import is_address


def is_site_address(address: str) -> bool:
    """Whether this is such as https://example.org or http://example.org:8000, and no more."""
    return is_address(address) and not (urlsplit(address).path or "?" in address or "#" in address)
