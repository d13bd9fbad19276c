"""Descriptions: what Markdown may do, and what nobody may do with it."""

import pytest

from server.catalog.describing import as_html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** and _slanted_", "<p><strong>bold</strong> and <em>slanted</em></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("# Chapter", "<h3>Chapter</h3>\n"),
        ("###### Deep", "<h6>Deep</h6>\n"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>\n'),
        (
            "see http://a.example",
            '<p>see <a href="http://a.example" rel="nofollow noopener noreferrer">http://a.example</a></p>\n',
        ),
    ],
)
def test_shows_the_safe_part_of_markdown(written: str, shown: str) -> None:
    assert as_html(written) == shown


@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        ("[x](/rules/)", 'href="https://a.example/rules/"'),
        ("[x](cover.png?a=1&b=2)", 'href="https://a.example/film/cover.png?a=1&amp;b=2"'),
        ("[x](mailto:a@b.example)", 'href="mailto:a@b.example"'),
        ("[x](magnet:?xt=urn:btih:1)", 'href="magnet:?xt=urn:btih:1"'),
        ("[x](http://[b)", "<a rel="),
    ],
)
def test_links_are_absolute_for_readers_elsewhere(written: str, leads_to: str) -> None:
    assert leads_to in as_html(written, "https://a.example/film/")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://spy.example/pixel.gif)",
        '<img src=x onerror="alert(1)">',
        '<p style="position:fixed">',
        "[x]: javascript:alert(1)\n\n[x]",
        "<iframe src=//evil.example></iframe>",
    ],
)
def test_makes_nothing_else_of_it(hostile: str) -> None:
    html = as_html(hostile)
    for tag in ("<script", "<img", "<iframe", "<p ", 'href="javascript', 'href="data'):
        assert tag not in html
    assert "<p>" in html
