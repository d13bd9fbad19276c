"""The loads: our own program for UDP (udp_load.c), wrk for HTTP, each on the last core."""

import os
import re
import subprocess
import sys
from pathlib import Path

from .servers import LOAD_CORE, Server

HERE = Path(__file__).resolve().parent.parent
CONNECTIONS = 64
WARMING = 1  # seconds


def compiled_udp_load(folder: Path) -> Path:
    """The UDP load, compiled."""
    program = folder / "udp_load"
    source = HERE / "udp_load.c"
    subprocess.run(["gcc", "-O2", "-o", str(program), str(source)], check=True)
    return program


def udp(program: Path, server: Server, hashes: Path, seconds: float) -> int:
    """Announces by UDP that were answered with peers."""
    said = run([str(program), str(server.port), str(hashes), str(seconds)], {})
    replies, errors, *_ = map(int, said.split())
    if errors > replies / 100 and seconds > WARMING:  # opentracker reads its list meanwhile
        sys.exit(f"{errors} of the replies were errors.")
    return replies


def fill(program: Path, server: Server, hashes: Path, peers: int) -> int:
    """Announces so many peers of each torrent; how many that makes."""
    said = run([str(program), str(server.port), str(hashes), "100", str(peers)], {})
    return int(said.split()[0])


def http(server: Server, hashes: Path, seconds: int, *, is_closing: bool) -> int:
    """Announces by HTTP that were answered with status 200."""
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(HERE / "announce.lua")]
    variables = {"HASHES": str(hashes), "CLOSE": "1" if is_closing else "0"}
    said = run(["wrk", *options, f"http://127.0.0.1:{server.port}/"], variables)
    if "Non-2xx" in said:
        sys.exit(said)
    found = re.search(r"(\d+) requests in", said)
    return int(found[1]) if found else 0


def run(arguments: list[str], variables: dict[str, str]) -> str:
    """What a load prints."""
    return subprocess.run(
        arguments,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **variables},
        preexec_fn=lambda: os.sched_setaffinity(0, {LOAD_CORE}),
    ).stdout
