"""`manage.py serve` as an admin meets it: what it says, what it refuses, how it ends."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.programs import (
    Process,
    clean_environment,
    free_port,
    processes_with,
    running,
    wait_until,
)
from tests.story.site import Site, serve_arguments, serving


@pytest.fixture(scope="module")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that nobody has set up, with no client to hand out."""
    folder = tmp_path_factory.mktemp("new")
    with serving(folder / "data", folder / "serve.log") as site:
        yield site


def refused(arguments: list[str | Path], tmp_path: Path, **variables: str) -> Process:
    """A command that ended by itself, with an error."""
    with running(arguments, tmp_path / "refused.log", clean_environment(**variables)) as process:
        assert process.wait() == 1
        return process


def test_asks_its_admin_to_set_it_up(new_site: Site) -> None:
    code = (new_site.data_dir / "setup-code").read_text()

    assert new_site.first_page() == f"{new_site.url}/setup/?code={code}"
    assert requests.get(new_site.first_page(), timeout=30).status_code == 200


def test_says_where_the_data_is(new_site: Site) -> None:
    assert f"Its data is in {new_site.data_dir}" in new_site.process.output


def test_is_healthy(new_site: Site) -> None:
    answer = requests.get(f"{new_site.url}/healthz", timeout=30)

    assert answer.json() == {"status": "ok"}


def test_announces_pass_through_the_web_port(new_site: Site) -> None:
    answer = requests.get(f"{new_site.url}/announce?info_hash=x", timeout=30)

    assert (answer.status_code, answer.content[:18]) == (200, b"d14:failure reason")


def test_serves_static_files(new_site: Site) -> None:
    page = requests.get(new_site.first_page(), timeout=30).text
    path = page.split('rel="stylesheet" href="')[1].split('"')[0]

    assert requests.get(new_site.url + path, timeout=30).status_code == 200


def test_other_commands_can_find_it(new_site: Site) -> None:
    announced = json.loads((new_site.data_dir / "serve.json").read_text())

    assert announced == {
        "url": new_site.url,
        "pid": new_site.process.pid,
        "web_port": new_site.port,
        "tracker_port": new_site.tracker_port,
    }


def test_everything_in_the_data_folder_is_private(new_site: Site) -> None:
    open_to_others = [
        path.name
        for path in (new_site.data_dir, *new_site.data_dir.iterdir())
        if path.stat().st_mode & 0o077
    ]

    assert open_to_others == []


def test_refuses_a_second_copy_and_says_where_the_first_is(new_site: Site, tmp_path: Path) -> None:
    second = refused(serve_arguments(new_site.data_dir, free_port(), free_port()), tmp_path)

    assert f"Another copy of Passalong runs at {new_site.url}" in second.output
    assert "Traceback" not in second.output


def test_names_a_taken_port_and_the_way_out(new_site: Site, tmp_path: Path) -> None:
    other = refused(serve_arguments(tmp_path / "data", new_site.port, free_port()), tmp_path)

    assert f"Port {new_site.port} is in use by another program" in other.output
    assert "--port" in other.output


def test_starts_a_program_that_was_killed_again(new_site: Site) -> None:
    def tracker_lines() -> int:
        return new_site.process.output.count("tracker listening on")

    before = tracker_lines()
    (tracker,) = processes_with("tracker", f"--port={new_site.tracker_port}")
    os.kill(tracker, signal.SIGKILL)

    wait_until("a new tracker", lambda: tracker_lines() > before, 30)
    health = f"{new_site.url}/healthz"
    wait_until("a healthy site", lambda: requests.get(health, timeout=30).status_code == 200)


def test_starts_the_worker_again_when_its_beat_was_killed(new_site: Site) -> None:
    schedule = new_site.data_dir / "beat-schedule"
    wait_until("worker and beat", lambda: len(processes_with("worker", schedule)) == 2)
    worker, beat = processes_with("worker", schedule)
    os.kill(beat, signal.SIGKILL)

    wait_until("the worker's end", lambda: worker not in processes_with("worker", schedule))
    wait_until("both again", lambda: len(processes_with("worker", schedule)) == 2)
