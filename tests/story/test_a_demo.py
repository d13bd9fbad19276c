"""`manage.py demo`: samples that a newcomer can click on, and really download."""

import sys
from pathlib import Path

from server.running.samples import SAMPLES
from tests.programs import ROOT, clean_environment, running
from tests.story.people import SECONDS_TO_DOWNLOAD, Person, tree
from tests.story.site import serving

DEMO = [sys.executable, ROOT / "manage.py", "demo"]
SHARED = "The samples are shared until Ctrl-C."


def test_publishes_samples_that_download_and_shares_them_again(
    frozen_client: Path, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    environment = clean_environment(PASSALONG_DATA_DIR=str(data_dir))
    with serving(data_dir, tmp_path / "serve.log", templates=frozen_client) as site:
        with running(DEMO, tmp_path / "demo.log", environment) as demo:
            first = demo.wait_for_output(SHARED)
            assert demo.stop() == 0, demo.output
        with (
            running(DEMO, tmp_path / "again.log", environment) as demo,
            Person("bob", site, tmp_path) as bob,
        ):
            again = demo.wait_for_output(SHARED)
            for sample in SAMPLES:
                release = bob.wait_for_release(sample.title)
                client = bob.easy_download(release, "--stop-when", "complete")
                assert client.wait(SECONDS_TO_DOWNLOAD) == 0, client.output
                assert bob.saved(Path(sample.title)) == tree(data_dir / "demo" / sample.title)
            assert demo.stop() == 0, demo.output

    assert "Made the admin 'demo', password" in first
    assert again.splitlines() == first.splitlines()[1:]


def test_needs_a_site_that_runs(tmp_path: Path) -> None:
    environment = clean_environment(PASSALONG_DATA_DIR=str(tmp_path))
    with running(DEMO, tmp_path / "demo.log", environment) as demo:
        assert demo.wait() == 1
        assert "No site is running with the data folder" in demo.output
