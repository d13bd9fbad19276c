"""What the demo says about the site that it fills."""

import pytest

from server.running.demonstrating import where_it_opens
from server.site.models import Site


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_says_how_to_let_others_in_when_only_this_computer_gets_in(host: str) -> None:
    hint = where_it_opens(Site(saved_address=f"http://{host}"), 8000)
    assert hint is not None
    assert "this computer only" in hint
    assert "--site-url http://NAME-OR-IP-ADDRESS:8000" in hint


def test_says_nothing_when_everybody_gets_in() -> None:
    assert where_it_opens(Site(saved_address="https://films.example"), 8000) is None
