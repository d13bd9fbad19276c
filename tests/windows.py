"""A Windows computer in the tests: the frozen client for Windows, and Wine, which runs it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from installer.freeze.tools import CACHE
from installer.freeze.windows import wine
from tests.programs import ROOT, clean_environment, needs

# Wine never ends libtorrent's own threads for disk and hashing.
FOR_WINE = {"aio_threads": "0", "hashing_threads": "0"}


class Windows:
    """Drive C and the registry of one person's computer."""

    def __init__(self, prefix: Path, **variables: str) -> None:
        self.prefix = prefix
        self.user = next((prefix / "drive_c" / "users").glob("[!P]*"))
        self.environment = {**clean_environment(**variables), **wine.environment(prefix)}

    def command(self, program: Path, *arguments: str | Path) -> list[str]:
        """What starts a Windows program with these words, its streams being pipes.

        Python does not start under Wine when they are files.
        """
        words = [self.path(word) if isinstance(word, Path) else word for word in arguments]
        shell = ["bash", "-o", "pipefail", "-c", '"$@" 2>&1 | cat', "bash"]
        return [*shell, *wine.launcher(), str(program), *words]

    def run(
        self, program: Path | str, *arguments: str | Path, seconds: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        return subprocess.run(
            self.command(Path(program), *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=seconds,
            env=self.environment,
            cwd=ROOT,
        )

    def run_detached(self, program: Path, *arguments: str, seconds: float = 120) -> int:
        """The exit code of a program that may leave others running; nobody listens to it."""
        finished = subprocess.run(
            [*wine.launcher(), str(program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env=self.environment,
            cwd=ROOT,
        )
        return finished.returncode

    def registry(self) -> set[str]:
        """What is registered for this person, but for Wine's own notes and all times."""
        wine.wait(self.prefix)
        found, key = set(), ""
        for line in (self.prefix / "user.reg").read_text(errors="replace").splitlines():
            if line.startswith("["):
                key = line[: line.rindex("]") + 1]
            elif line and not line.startswith("#") and "Wine" not in key:
                found.add(f"{key} {line}")
        return found

    def files(self) -> set[str]:
        """The files of this person."""
        return {
            path.relative_to(self.user).as_posix()
            for path in self.user.rglob("*")
            if path.is_file() and not path.is_relative_to(self.user / "Temp")
        }

    @staticmethod
    def path(path: Path) -> str:
        """A path of ours as Windows programs see it."""
        return "Z:" + str(path).replace("/", "\\")


@contextmanager
def open_windows(prefix: Path, **variables: str) -> Iterator[Windows]:
    """A computer as new, in which nothing runs any more when the block is left."""
    needs("wine", apt="wine wine64")
    (source,) = CACHE.glob("wine-*")
    shutil.copytree(source / "drive_c", prefix / "drive_c", symlinks=True, copy_function=_link)
    for path in source.iterdir():
        if path.is_file():
            shutil.copy(path, prefix / path.name)
    shutil.copytree(source / "dosdevices", prefix / "dosdevices", symlinks=True)
    try:
        yield Windows(prefix, **variables)
    finally:
        wine.end(prefix)


def _link(source: str, target: str) -> None:
    """Wine's own programs are the same for all; the files of people are not."""
    if "/users/" not in source:
        with suppress(OSError):  # another file system
            os.link(source, target)
            return
    shutil.copy2(source, target)
