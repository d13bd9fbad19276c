"""An admin saves a site while it runs, and goes on with it in another folder."""

import subprocess
import sys
from pathlib import Path

from tests.programs import ROOT, clean_environment
from tests.story.site import ADMIN, PASSWORD, Browser, serving, set_up


def manage(data_dir: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean_environment(PASSALONG_DATA_DIR=str(data_dir), LC_ALL="C"),
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def test_a_site_moves_as_one_file(tmp_path: Path) -> None:
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "backup.tar.gz"
    with serving(here, tmp_path / "here.log") as site:
        set_up(site)
        key = (here / "site-key").read_text()
        saved = manage(here, "backup", file)
        assert saved.returncode == 0, saved.stderr
        refused = manage(here, "restore", file, "--replace")
        assert "Another copy of Passalong runs" in refused.stderr
        ports = (site.port, site.tracker_port)
    assert manage(there, "restore", file).returncode == 0
    with serving(there, tmp_path / "there.log", ports=ports) as site:
        browser = Browser(site)
        browser.sign_in(ADMIN, PASSWORD)
        assert "Alice’s Films" in browser.read("/")
        browser.close()
    assert (there / "site-key").read_text() == key
