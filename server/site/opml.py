"""A list of feeds as a file that feed readers import: OPML 2.0."""

from collections.abc import Iterable
from typing import Protocol
from xml.etree.ElementTree import Element, SubElement, tostring

from .words import one_line


class Outline(Protocol):
    """One feed of the list."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def page_url(self) -> str:
        """The page for people."""

    @property
    def feed_url(self) -> str:
        """The feed itself."""


def opml(title: str, feeds: Iterable[Outline]) -> bytes:
    """The list as XML."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = one_line(title)
    body = SubElement(root, "body")
    for feed in feeds:
        SubElement(
            body,
            "outline",
            type="rss",
            text=one_line(feed.title),
            xmlUrl=feed.feed_url,
            htmlUrl=feed.page_url,
        )
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, "unicode").encode()
