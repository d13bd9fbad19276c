"""What is asked of the desktop."""

import webbrowser

import pytest

from client.gui.desktop import open_page
from tests.programs import wait_until


def test_opens_web_pages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    for url in ("http://[x", "file:///etc/passwd", "https://site.example/t/1"):
        open_page(url)
    wait_until("the page", lambda: opened)
    assert opened == ["https://site.example/t/1"]
