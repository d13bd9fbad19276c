"""What the stories share: the client, frozen as its users get it, and a site that runs."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.bundle.template import Template, newest, this_platform
from tests.programs import ROOT, clean_environment, needs
from tests.story.people import Person
from tests.story.site import ADMIN, PASSWORD, Site, keep_no_copies, serving, set_up
from tests.windows import Windows, open_windows

FROZEN_CLIENTS = ROOT / ".cache" / "frozen-client"
SECONDS_TO_FREEZE = 900
DAYS_TO_KEEP = 1


@pytest.fixture(scope="session")
def frozen_client() -> Path:
    """A folder with this platform's client; frozen only when something of it has changed."""
    return _frozen(this_platform())


@pytest.fixture(scope="session")
def windows_client() -> Template:
    """The client for Windows, in the same folder; also frozen only when something has changed."""
    needs("wine", apt="wine wine64")
    client = newest(_frozen("windows"), "windows")
    assert client is not None
    return client


@pytest.fixture(scope="module")
def windows(
    windows_client: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Windows]:
    """A new Windows computer."""
    with open_windows(tmp_path_factory.mktemp("wine")) as windows:
        yield windows


@pytest.fixture(scope="module")
def site(frozen_client: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that Alice has set up; it keeps no copies, so all comes from people."""
    folder = tmp_path_factory.mktemp("site")
    with serving(folder / "data", folder / "serve.log", templates=frozen_client) as site:
        set_up(site)
        keep_no_copies(site)
        yield site


@pytest.fixture
def alice(site: Site, tmp_path: Path) -> Iterator[Person]:
    """The publisher, signed in."""
    with Person("alice", site, tmp_path) as alice:
        alice.browser.sign_in(ADMIN, PASSWORD)
        yield alice


@pytest.fixture
def bob(site: Site, tmp_path: Path) -> Iterator[Person]:
    """The first visitor."""
    with Person("bob", site, tmp_path) as bob:
        yield bob


@pytest.fixture
def charlie(site: Site, tmp_path: Path) -> Iterator[Person]:
    """The second visitor, who comes when Alice has left."""
    with Person("charlie", site, tmp_path) as charlie:
        yield charlie


def _frozen(platform: str) -> Path:
    """The folder with the clients; only one process at a time makes one for a platform."""
    templates = FROZEN_CLIENTS / _fingerprint()
    templates.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "installer.freeze", "--platform", platform, "--if-missing"]
    with (FROZEN_CLIENTS / f"{platform}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(
            [*command, "--templates", str(templates)],
            cwd=ROOT,
            env=clean_environment(),
            check=True,
            timeout=SECONDS_TO_FREEZE,
        )
    _forget_old_clients(templates)
    return templates


def _forget_old_clients(present: Path) -> None:
    for folder in filter(Path.is_dir, FROZEN_CLIENTS.iterdir()):
        age_days = (time.time() - folder.stat().st_mtime) / 86_400
        if folder != present and age_days > DAYS_TO_KEEP:
            shutil.rmtree(folder, ignore_errors=True)


def _fingerprint() -> str:
    sources = [ROOT / "requirements.txt"]
    for folder in ("client", "installer"):
        sources += (path for path in (ROOT / folder).rglob("*") if path.suffix in _FROZEN)
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(sources):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


_FROZEN = frozenset({".py", ".spec", ".c", ".png", ".ico", ".svg", ".txt", ".json", ".manifest"})
