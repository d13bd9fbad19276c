"""A passalong link is a web address behind our scheme, and nothing else."""

import pytest

from installer.errors import LinkError
from installer.formats import link

URL = "https://alice.example/torrents/1/night.torrent"


def test_golden_text() -> None:
    assert link.write(URL) == f"passalong:{URL}"
    assert link.read(f" PASSALONG:{URL}\n") == link.Link(URL)


@pytest.mark.parametrize(
    "text",
    [
        "",
        URL,
        "passalong:",
        "passalong:file:///etc/passwd",
        "passalong:javascript:alert(1)",
        "passalong:https://alice@bob.example/",
        "passalong:https://bob.example\\@alice.example/",
        "passalong:https:///x",
        "passalong:https://a b.example/",
        "passalong:https://[::1/",
        "passalong:https://alice.example:99999/",
        "passalong:https://alice.example/é",
        "passalong:https://alice.example/" + "x" * 1000,
        "passalong:--save-to=/etc",
    ],
)
def test_refuses_what_is_no_web_address(text: str) -> None:
    with pytest.raises(LinkError, match=r"\.$"):
        link.read(text)


@pytest.mark.parametrize("host", ["localhost:8000", "192.0.2.1", "[::1]:8000", "a_b.example"])
def test_accepts_every_kind_of_host(host: str) -> None:
    assert link.read(f"passalong:http://{host}/").url == f"http://{host}/"
