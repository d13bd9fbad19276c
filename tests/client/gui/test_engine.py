"""What the settings page asks of the one engine of the window."""

from contextlib import closing

import pytest

from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.transfer import Engine, Limits, Wishes
from client.folders.preferences import Preferences
from client.gui.engine import SharedEngine, wishes_of
from tests.client.conftest import QUIET
from tests.programs import wait_until


def test_what_was_said_at_the_start_wins() -> None:
    chosen = Preferences(max_upload=50, max_download=70, libtorrent={"enable_dht": True})
    said = Wishes(Limits(upload=9_000), (6881, 6889), "203.0.113.5", [("enable_dht", "false")])
    wishes = wishes_of(chosen, said)
    assert wishes.limits == Limits(9_000, 70_000)
    assert (wishes.ports, wishes.announce_ip) == (said.ports, said.announce_ip)
    assert [value for name, value in wishes.settings if name == "enable_dht"] == ["true", "false"]


@pytest.mark.parametrize(("chosen", "said"), [(True, False), (False, True), (False, False)])
def test_politeness_is_chosen_or_said(chosen: bool, said: bool) -> None:
    wishes = wishes_of(Preferences(is_polite=chosen), Wishes(is_polite=said))
    assert wishes.is_polite == (chosen or said)


def test_new_wishes_reach_the_engine_whether_it_runs_or_not() -> None:
    made: list[tuple[Engine, Wishes]] = []

    def make(wishes: Wishes) -> Engine:
        made.append((LibtorrentEngine(wishes), wishes))
        return made[-1][0]

    with closing(SharedEngine(make, Wishes(settings=QUIET))) as shared:
        shared.change(Wishes(Limits(upload=5_000), settings=QUIET))
        engine = shared()
        assert isinstance(engine, LibtorrentEngine)
        assert [wishes.limits for _, wishes in made] == [Limits(upload=5_000)]
        shared.change(Wishes(Limits(upload=7_000), settings=QUIET))
        session = engine._session
        wait_until("the new limit", lambda: session.get_settings()["upload_rate_limit"] == 7_000)
