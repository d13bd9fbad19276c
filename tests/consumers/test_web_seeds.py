"""Programs of three makes download from the site's own copy alone: there is no peer."""

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from installer.formats import metainfo
from server.catalog.models import Release
from server.catalog.services import torrent_bytes
from tests.programs import clean_environment, free_port, needs, running, wait_until
from tests.server import factories

SECONDS_TO_DOWNLOAD = 60
NOISE = Random(1).randbytes(300_000)
NAME = "100 % für Zoë & Co #1; a+b=c.mkv"
FOLDER = {NAME: NOISE, "Notes (ä)/~read 'me' @home!.txt": b"some notes", "z.bin": NOISE[:20_000]}

Arguments = Callable[[Path, Path], list[str | Path]]


def aria2(torrent: Path, folder: Path) -> list[str | Path]:
    return [
        *(needs("aria2c", apt="aria2"), "--no-conf", "--seed-time=0", f"--dir={folder}"),
        *("--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false"),
        *(f"--listen-port={free_port()}", torrent),
    ]


def ours(torrent: Path, folder: Path) -> list[str | Path]:
    options = ["--no-window", "--portable", "--stop-when", "complete", "--save-to", folder]
    return [sys.executable, "-m", "client", "download", torrent, *options]


def transmission(torrent: Path, folder: Path) -> list[str | Path]:
    options = ["--no-portmap", "--no-uplimit", "--port", str(free_port())]
    config = ["--config-dir", folder.parent / "config", "--download-dir", folder]
    return [needs("transmission-cli", apt="transmission-cli"), *options, *config, torrent]


TORRENTS = {
    "a file": (factories.torrent(NAME, NOISE), {NAME: NOISE}),
    "a folder": (factories.folder_with("Ordner #2 %20", FOLDER), FOLDER),
    "a hybrid": (factories.folder_with("both", FOLDER, is_hybrid=True), FOLDER),
}
CASES = [
    *((make, kind) for make in (aria2, ours) for kind in TORRENTS),
    *((transmission, kind) for kind in TORRENTS if kind != "a hybrid"),  # 3.00 opens none at all.
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("program", "kind"), CASES)
def test_downloads_all_of_it_without_a_peer(
    live_server: LiveServer,
    settings: Settings,
    carried: Counter[str],
    tmp_path: Path,
    program: Arguments,
    kind: str,
) -> None:
    settings.TRACKER_URL = f"http://127.0.0.1:{free_port()}/announce"
    site = factories.site(address=live_server.url)
    data, contents = TORRENTS[kind]
    release = copied_release(data, contents)
    torrent = tmp_path / "release.torrent"
    torrent.write_bytes(torrent_bytes(release, site))
    folder = tmp_path / "downloads"
    folder.mkdir()
    environment = clean_environment(HOME=str(tmp_path), PASSALONG_HOME=str(tmp_path / "ours"))

    with running(program(torrent, folder), tmp_path / "log", environment) as process:
        wait_until(
            "all of it",
            lambda: saved(folder, metainfo.read(data)) == contents,
            SECONDS_TO_DOWNLOAD,
        )
        wait_until("it being counted", lambda: carried[release.info_hash] >= release.total_size)
        assert process.exit_code in (None, 0), process.output


def copied_release(data: bytes, contents: Mapping[str, bytes]) -> Release:
    release = factories.release(data=data)
    files = metainfo.read(data).files
    factories.site_copy(release, *(contents["/".join(file.path)] for file in files))
    return release


def saved(folder: Path, torrent: metainfo.Metainfo) -> dict[str, bytes]:
    base = folder / torrent.name if torrent.is_folder else folder
    paths = {"/".join(file.path): base.joinpath(*file.path) for file in torrent.files}
    return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
