"""A site's data folder and its real tracker process, for tests that look from outside."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import Process, clean_environment, running

MANAGE = (sys.executable, "manage.py")


class Site:
    """A data folder whose tracker is told things as the site tells them."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.environment = clean_environment(PASSALONG_DATA_DIR=str(folder), **variables)

    def run(self, code: str) -> str:
        """What a piece of Python prints inside the site."""
        log = self.folder / "shell.log"
        log.unlink(missing_ok=True)
        with running((*MANAGE, "shell", "-v", "0", "-c", code), log, self.environment) as shell:
            assert shell.wait() == 0, shell.output
            return shell.output

    def migrate(self) -> None:
        """Make the tables."""
        self.run("from django.core.management import call_command as c; c('migrate', verbosity=0)")

    def welcome(self, *info_hashes: bytes) -> None:
        """Publish torrents."""
        self.run(
            "from server.tracker import services\n"
            f"for info_hash in {info_hashes!r}: services.welcome(info_hash)"
        )

    def refuse(self, info_hash: bytes) -> None:
        """Take a torrent back."""
        self.run(f"from server.tracker import services; services.refuse({info_hash!r})")

    def block(self, info_hash: bytes) -> None:
        """Block a torrent."""
        self.run(f"from server.tracker import services; services.block({info_hash!r})")

    def numbers(self, info_hash: bytes) -> tuple[int, int, int]:
        """Seeds, downloading and downloads, as the site's pages see them."""
        printed = self.run(
            "from server.tracker.models import TrackedTorrent\n"
            f"torrent = TrackedTorrent.objects.get(pk={info_hash.hex()!r})\n"
            "print(torrent.complete, torrent.incomplete, torrent.downloaded)"
        )
        complete, incomplete, downloaded = map(int, printed.split())
        return complete, incomplete, downloaded

    def children(self, process: Process) -> list[int]:
        """The tracker's processes, if there are several, in the order in which they started."""
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        return sorted(map(int, listed.read_text().split()))

    @contextmanager
    def tracker(self, *options: str | Path) -> Iterator[tuple[Process, int]]:
        """The running tracker and its port."""
        log = self.folder / "tracker.log"
        log.unlink(missing_ok=True)
        with running(
            (*MANAGE, "tracker", "--port", "0", *options), log, self.environment
        ) as process:
            ready = process.wait_for_output("tracker listening on 0.0.0.0:")
            yield process, int(ready.partition("0.0.0.0:")[2].split(",")[0].split()[0])
