"""A site whose power was cut: it comes back with everything, and nothing of it stays in the way."""

from pathlib import Path

from tests.programs import wait_until
from tests.story.people import SECONDS_TO_DOWNLOAD, Person, make_film, tree
from tests.story.site import ADMIN, PASSWORD, serving, set_up


def test_a_killed_site_comes_back_with_its_releases(frozen_client: Path, tmp_path: Path) -> None:
    film = make_film(tmp_path / "Around the World")
    data_dir, log = tmp_path / "data", tmp_path / "serve.log"
    with serving(data_dir, log, templates=frozen_client) as site:
        set_up(site)
        with Person("alice", site, tmp_path) as alice, Person("bob", site, tmp_path) as bob:
            alice.browser.sign_in(ADMIN, PASSWORD)
            publisher = alice.publish(film)
            release = bob.wait_for_release(film.name)

            publisher.wait_for_output("Sharing")
            assert publisher.stop() == 0, publisher.output
            programs = descendants(site.process.pid)
            site.process.kill()
            wait_until("the end of all programs of the site", lambda: not living(programs), 20)
            ports = (site.port, site.tracker_port)
            with serving(data_dir, tmp_path / "again.log", templates=frozen_client, ports=ports):
                assert bob.wait_for_release(film.name) == release
                alice.publish(film)  # It is hers and here already, so this only shares it again.
                download = bob.easy_download(release, "--stop-when", "complete")
                assert download.wait(SECONDS_TO_DOWNLOAD) == 0, download.output
                assert bob.saved(film) == tree(film)


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, and theirs."""
    parents = {child: int(status[1]) for child, status in statuses().items()}
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    assert len(found) > 4, "web with its processes, tracker, worker"
    return found - {pid}


def living(pids: set[int]) -> set[int]:
    """Those of the processes that still run."""
    return {pid for pid, status in statuses().items() if status[0] != "Z"} & pids


def statuses() -> dict[int, list[str]]:
    """State, parent and more of every process, as the kernel tells it."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(file.parent.name)] = file.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # It ended while we looked.
    return found
