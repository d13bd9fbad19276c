"""The program that people get hashes in processes of its own, which are that program once more."""

import hashlib
import re
from contextlib import suppress
from pathlib import Path

from client.jobs.worker import COMMAND
from installer.bundle.template import newest, this_platform
from installer.formats import metainfo
from tests.programs import processes_with, running

SIZE = 1 << 31
SECONDS = 60


def libraries_of(process: int) -> set[str]:
    """The files with SHA-1 that a process has loaded."""
    with suppress(OSError):  # It may have ended.
        maps = Path(f"/proc/{process}/maps").read_text()
        return set(re.findall(r"/\S*libcrypto\S*", maps))
    return set()


def test_the_frozen_program_hashes_in_processes_with_its_own_library(
    frozen_client: Path, tmp_path: Path
) -> None:
    client = newest(frozen_client, this_platform())
    assert client is not None
    film, torrent = tmp_path / "film", tmp_path / "film.torrent"
    with film.open("wb") as file:
        file.truncate(SIZE)
    seen: set[str] = set()
    with running([client.path, "make", film, "--output", torrent], tmp_path / "log") as process:
        while process.exit_code is None:
            for worker in processes_with(client.path, COMMAND):
                seen |= libraries_of(worker)
        assert process.wait(SECONDS) == 0, process.output
    assert [Path(library).parent.name[:4] for library in seen] == ["_MEI"]
    piece_length = metainfo.read(torrent.read_bytes()).piece_length
    pieces = hashlib.sha1(bytes(piece_length)).digest() * (SIZE // piece_length)
    assert pieces in torrent.read_bytes()
