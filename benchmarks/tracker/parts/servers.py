"""The trackers that are measured: ours and opentracker from Debian, each on the first core."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SERVER_CORE, LOAD_CORE = 0, (os.cpu_count() or 1) - 1
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def need(program: str, package: str) -> None:
    """End with a sentence if a program is missing."""
    if shutil.which(program) is None:
        sys.exit(f"{program} is missing. This installs it: sudo apt-get install {package}")


def write_hashes(folder: Path, count: int) -> Path:
    """A file of so many info-hashes, 20 bytes each."""
    path = folder / f"hashes-{count}"
    path.write_bytes(b"".join(hashlib.sha1(b"%d" % number).digest() for number in range(count)))
    return path


class Server:
    """A running tracker."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.port = port

    def cpu_seconds(self) -> float:
        """What its processes have used, in user and in kernel mode."""
        stats = (Path(f"/proc/{pid}/stat").read_text() for pid in self._processes())
        fields = (stat.rpartition(")")[2].split() for stat in stats)
        return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS

    def memory(self) -> int:
        """Bytes that are in memory."""
        found = (Path(f"/proc/{pid}/statm").read_text() for pid in self._processes())
        return sum(int(statm.split()[1]) for statm in found) * PAGE

    def _processes(self) -> list[int]:
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [pid, *map(int, children.split())]


@contextmanager
def running(arguments: list[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(
        arguments,
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CORE}),
    )
    try:
        wait_for(port, process)
        yield Server(process, port)
    finally:
        process.kill()
        process.wait()


def opentracker(folder: Path, hashes: Path) -> Iterator[Server]:
    """Debian's, with the torrents in its whitelist; it confines itself to `folder`."""
    listed = folder / "whitelist.txt"
    content = hashes.read_bytes()
    listed.write_text(
        "".join(f"{content[at : at + 20].hex()}\n" for at in range(0, len(content), 20))
    )
    folder.chmod(0o755)
    port = free_port()
    options = ["-i", "127.0.0.1", "-p", str(port), "-P", str(port), "-u", "nobody"]
    return running(
        ["opentracker", *options, "-d", str(folder), "-w", f"/{listed.name}"], port, {**os.environ}
    )


def ours(folder: Path, hashes: Path) -> Iterator[Server]:
    """This tree's, with the torrents in its database; PROCESSES in the environment: so many."""
    environment = {**os.environ, "PASSALONG_DATA_DIR": str(folder)}
    manage = [sys.executable, "manage.py"]
    if not (folder / "db.sqlite3").exists():
        subprocess.run([*manage, "migrate", "-v", "0"], check=True, env=environment, cwd=ROOT)
        welcome = (
            "from pathlib import Path\n"
            "from server.tracker.models import TrackedTorrent as T\n"
            f"found = Path({str(hashes)!r}).read_bytes()\n"
            "keys = [found[at:at + 20].hex() for at in range(0, len(found), 20)]\n"
            "T.objects.bulk_create([T(info_hash=key) for key in keys], batch_size=2000)\n"
        )
        subprocess.run(
            [*manage, "shell", "-v", "0", "-c", welcome], check=True, env=environment, cwd=ROOT
        )
    shutil.rmtree(folder / "tracker", ignore_errors=True)
    port = free_port()
    processes = os.environ.get("PROCESSES", "1")
    options = ["--host", "127.0.0.1", "--port", str(port), "--processes", processes]
    return running([*manage, "tracker", *options], port, environment)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until somebody listens, for a minute at most."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            sys.exit(f"{process.args} ended at once.")
        time.sleep(0.1)
    sys.exit(f"{process.args} does not listen.")
