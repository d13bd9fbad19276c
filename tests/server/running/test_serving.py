"""How the admin's choices reach the programs of the site."""

from pathlib import Path

import pytest

from server.running.addresses import Listening
from server.running.programs import site_programs
from server.running.serving import Choices
from server.site.streaming import STREAMS_AT_ONCE


def choices(host: str = "0.0.0.0", site_url: str | None = None) -> Choices:
    return Choices(Listening(host, 8080, 7070), Path("/srv/passalong"), site_url)


def test_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSALONG_TRACKER_PORT", "1")
    monkeypatch.setenv("PASSALONG_SITE_URL", "https://old.example.org")

    environment = choices(site_url="https://example.org").environment()

    assert environment["PASSALONG_TRACKER_PORT"] == "7070"
    assert environment["PASSALONG_SITE_URL"] == "https://example.org"
    assert environment["PASSALONG_DATA_DIR"] == "/srv/passalong"


def test_the_rest_of_the_environment_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db/passalong")

    assert choices().environment()["DATABASE_URL"] == "postgres://db/passalong"


@pytest.mark.parametrize(
    ("host", "tracker_host", "trusted"),
    [
        ("", "127.0.0.1", "10.0.0.0/8"),
        ("0.0.0.0", "127.0.0.1", "10.0.0.0/8"),
        ("127.0.0.1", "127.0.0.1", "10.0.0.0/8"),
        ("192.0.2.5", "192.0.2.5", "10.0.0.0/8,192.0.2.5"),
    ],
)
def test_the_tracker_trusts_the_web_processes(
    monkeypatch: pytest.MonkeyPatch, host: str, tracker_host: str, trusted: str
) -> None:
    monkeypatch.setenv("PASSALONG_TRUSTED_PROXIES", "10.0.0.0/8")

    environment = choices(host).environment()

    assert environment["PASSALONG_TRACKER_HOST"] == tracker_host
    assert environment["PASSALONG_TRUSTED_PROXIES"] == trusted


def test_the_programs_listen_where_the_admin_chose() -> None:
    programs = {
        program.name: " ".join(program.arguments)
        for program in site_programs(choices().listening, Path("/srv/passalong"))
    }

    assert list(programs) == ["tracker", "seeder", "worker", "web"]
    assert "--host 0.0.0.0 --port 8080 " in programs["web"]
    assert programs["tracker"] == "tracker --host=0.0.0.0 --port=7070"
    assert "--beat --schedule /srv/passalong/beat-schedule" in programs["worker"]


def test_downloads_never_take_all_threads_of_a_web_process() -> None:
    *_, web = site_programs(choices().listening, Path("/srv/passalong"))
    threads = web.arguments[web.arguments.index("--blocking-threads") + 1]

    assert int(threads) >= STREAMS_AT_ONCE + 32


def test_the_tracker_listens_on_all_addresses_unless_the_admin_chose_one() -> None:
    tracker, *_ = site_programs(choices("").listening, Path("/srv/passalong"))

    assert tracker.arguments == ("tracker", "--host=", "--port=7070")
