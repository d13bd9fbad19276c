"""Descriptions: a safe part of Markdown, turned into HTML that nobody's page can suffer from.

Pictures are left out: each would be a request to somebody else's computer.
"""

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urljoin

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "a", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "h3", "h4", "h5", "h6"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "magnet"}
# The page has a heading of its own, and its parts have too: those of a description stand below.
HEADINGS_BELOW = 2


def as_html(description: str, page_url: str = "") -> SafeString:
    """The description as HTML; elsewhere than on its page the links start from `page_url`."""
    return mark_safe(_cleaned(description, page_url))  # noqa: S308 - cleaned by nh3 just now


@lru_cache(maxsize=256)
def _cleaned(description: str, page_url: str) -> str:
    tokens = _markdown.parse(description)
    _lower_headings(tokens)
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})

    def absolute(_tag: str, name: str, value: str) -> str | None:
        try:
            return urljoin(page_url, value) if name == "href" else value
        except ValueError:
            return None  # One odd link must not break a whole feed.

    return nh3.clean(
        html,
        attribute_filter=absolute if page_url else None,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )


def _lower_headings(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + HEADINGS_BELOW, 6)}"


_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
_markdown.enable(["linkify", "strikethrough"]).disable(["image", "reference"])
