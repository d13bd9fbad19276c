"""The `passalong:` link: a web address of a torrent or a ticket that the installed client opens."""

from dataclasses import dataclass

from installer.errors import LinkError, Text
from installer.formats.addresses import is_address

SCHEME = "passalong"


@dataclass(frozen=True, slots=True)
class Link:
    """The address stands behind the scheme as it is; fetching and checking it is for others."""

    url: str


def read(text: str) -> Link:
    scheme, _, url = text.strip().partition(":")
    if scheme.lower() != SCHEME:
        raise LinkError(Text("This is not a passalong link; one begins with “passalong:”."))
    if not is_address(url):
        raise LinkError(
            Text("This passalong link is damaged: no web address stands in it."), field="url"
        )
    return Link(url)


def write(url: str) -> str:
    link = f"{SCHEME}:{url}"
    read(link)
    return link
