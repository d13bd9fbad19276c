"""So many slow visitors download programs that no place is left: all others are still answered."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.programs import ROOT, clean_environment, wait_until
from tests.server import factories
from tests.story.site import ADMIN, Site, serving, set_up

LARGER_THAN_ANY_BUFFER = os.urandom(16 << 20)
MOST_VISITORS = 450


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a program to hand out."""
    folder = tmp_path_factory.mktemp("many")
    factories.program(folder / "templates", content=LARGER_THAN_ANY_BUFFER)
    with serving(folder / "data", folder / "log", templates=folder / "templates") as site:
        set_up(site)
        yield site


@pytest.fixture
def easy_download(site: Site, tmp_path: Path) -> str:
    """The path of a release's program."""
    torrent = tmp_path / "film.torrent"
    torrent.write_bytes(factories.torrent())
    page = subprocess.run(
        [sys.executable, "manage.py", "publish", str(torrent), "--user", ADMIN],
        env=clean_environment(PASSALONG_DATA_DIR=str(site.data_dir)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    return f"{page.removeprefix(site.url)}easy/linux/"


def test_pages_and_announces_are_answered_meanwhile(site: Site, easy_download: str) -> None:
    with ExitStack() as visitors:
        for _ in range(MOST_VISITORS):
            visitor = visitors.enter_context(slow_visitor(site, easy_download))
            if status(visitor) == 503:
                break
        else:
            pytest.fail(f"{MOST_VISITORS} visitors download at once, and nobody is put off.")
        for path in ("/", "/announce?info_hash=x", "/healthz"):
            assert requests.get(site.url + path, timeout=10).status_code == 200
    wait_until("a place for every new visitor", lambda: has_places(site, easy_download))


def slow_visitor(site: Site, path: str) -> socket.socket:
    """Somebody who asks for the program and does not read on."""
    visitor = socket.socket()
    visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    visitor.settimeout(10)
    visitor.connect(("127.0.0.1", site.port))
    visitor.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost:{site.port}\r\n\r\n".encode())
    return visitor


def status(visitor: socket.socket) -> int:
    return int(visitor.recv(12).split()[1])


def has_places(site: Site, path: str) -> bool:
    """Whether twenty at once get the program, so that no process has all its places taken."""
    with ExitStack() as stack:
        visitors = [stack.enter_context(slow_visitor(site, path)) for _ in range(20)]
        return all(status(visitor) == 200 for visitor in visitors)
