"""A new version is killed while it installs: the old one starts, and the next start installs."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer import VERSION
from installer.bundle.template import Template, newest, this_platform
from tests.programs import needs, running, wait_until
from tests.story.desktop import SECONDS, Desktop, open_desktop

OLD = "app-0.0.9-aaaaaaaaaaaa"
ENTRY = ".local/share/applications/passalong.desktop"


@pytest.fixture(scope="module")
def client(frozen_client: Path) -> Template:
    client = newest(frozen_client, this_platform())
    assert client is not None
    return client


@pytest.fixture(scope="module")
def bob(client: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """Somebody with an old version, which is the new one with another name."""
    with open_desktop(tmp_path_factory.mktemp("bob")) as bob:
        # What a program that was killed has unpacked stays here.
        (bob.folder / "tmp").mkdir()
        bob.environment["TMPDIR"] = str(bob.folder / "tmp")
        bob.runs(client.path, "install")
        yield bob


@pytest.fixture
def old(bob: Desktop) -> Path:
    """The old version's folder: installed, but unknown to the menu."""
    current = bob.installed.resolve().parent
    old = bob.programs / OLD
    shutil.rmtree(old, ignore_errors=True)
    current.rename(old)
    bob.installed.unlink()
    bob.installed.symlink_to(Path(OLD) / "Passalong")
    (bob.programs / "finished").write_text(OLD)
    (bob.home / ENTRY).unlink()
    return old


def is_copying(bob: Desktop) -> bool:
    return any(bob.programs.glob(".app-*.draft/_internal/*"))


def is_copied(bob: Desktop) -> bool:
    return any(bob.programs.glob(f"app-{VERSION}-*"))


def is_pointed(bob: Desktop) -> bool:
    return bob.installed.readlink().parent.name != OLD


def is_in_the_menu(bob: Desktop) -> bool:
    return (bob.home / ENTRY).exists()


def kill_installation(bob: Desktop, client: Template, moment: str) -> None:
    """Install, until it has come so far; it never comes to its end."""
    stuck = bob.folder / "stuck"
    stuck.mkdir(exist_ok=True)
    (stuck / "update-mime-database").write_text("#!/bin/sh\nexec sleep 60\n")
    (stuck / "update-mime-database").chmod(0o755)
    environment = {**bob.environment, "PATH": f"{stuck}:{bob.environment['PATH']}"}
    # It waits for us on a busy computer, not we for it.
    command = ["nice", "-n", "19", client.path, "install"]
    look = MOMENTS[moment]
    with running(command, bob.folder / "log", environment) as process:
        while not look(bob):
            assert process.exit_code is None, process.output
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(SECONDS)


MOMENTS = {
    "copying": is_copying,
    "copied": is_copied,
    "pointed": is_pointed,
    "in the menu": is_in_the_menu,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_old_version_starts_and_the_next_start_installs(
    moment: str, bob: Desktop, old: Path, client: Template
) -> None:
    kill_installation(bob, client, moment)
    assert (bob.programs / "finished").read_text() == OLD
    if moment == "copying":
        assert bob.installed.resolve().parent == old
    bob.runs(bob.installed, "--version")

    bob.runs(client.path, "install")
    new = bob.installed.resolve().parent
    assert (bob.programs / "finished").read_text() == new.name != OLD
    assert is_in_the_menu(bob)
    bob.runs(bob.installed, "--version")


@pytest.mark.usefixtures("old")
def test_a_double_click_tidies_up_and_uninstalling_leaves_nothing(
    bob: Desktop, client: Template
) -> None:
    needs("xdotool", apt="xdotool")
    kill_installation(bob, client, "copying")
    bob.runs(client.path)
    wait_until("the window", bob.titles, SECONDS)
    new = bob.installed.resolve().parent
    left = {new.name, "Passalong", "finished", "install.lock"}
    assert {path.name for path in bob.programs.iterdir()} == left
    bob.runs(bob.installed, "uninstall", "--quiet", "--forget")
    assert bob.files() == bob.before
