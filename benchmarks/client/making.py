"""How close making a torrent comes to the SHA-1 limit of this computer, measured in one run.

    python -m benchmarks.client.making [--size-mb 2048] [--rounds 9] [--folder /dev/shm]
                                       [--written-in-kb 1024] [--at-once]

The limit is what `openssl speed` says, in as many processes as there are cores; for hybrid torrents
hashlib over a buffer of one piece, in as many threads. Each round asks for the limit just before it
makes the torrent, since a computer is not always equally fast, and the median of the shares counts.
The file is written anew for each round: a system may take memory away from what nobody reads, and
how large the pages are in which it keeps a file depends on how it was written.

As in the window, the processes that hash have come up while the person chose a file; with
`--at-once` they are started when the work begins, as by `Passalong make`.
"""

import argparse
import hashlib
import os
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from client.jobs.hashing import cores
from client.jobs.making import Making, Recipe
from client.jobs.stopping import Stop
from client.jobs.workers import Standby
from installer.formats.metainfo import BLOCK_LENGTH, piece_length_for


def main() -> None:
    """Measure, and print one line per kind of torrent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size-mb", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--folder", type=Path, default=None, help="where the file is written")
    parser.add_argument("--written-in-kb", type=int, default=1024, help="size of each write")
    parser.add_argument("--at-once", action="store_true", help="no process stands by")
    options = parser.parse_args()
    size = options.size_mb * 1_000_000
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "file"
        for is_hybrid in (False, True):
            rates, shares = [], []
            for _ in range(options.rounds):
                write_file(path, size, options.written_in_kb * 1024)
                with closing(Standby()) as standby:
                    if not options.at_once:
                        standby.call()
                        time.sleep(1)  # Else its start would slow down what it is compared with.
                    limit = hash_in_memory(size) if is_hybrid else ask_openssl()
                    rates.append(make(path, standby, is_hybrid=is_hybrid))
                shares.append(rates[-1] / limit)
            print(
                f"{'hybrid' if is_hybrid else 'version 1'}: "
                f"{statistics.median(rates) / 1e6:.0f} MB/s on {cores()} cores = "
                f"{statistics.median(shares):.0%} of "
                f"{'hashlib in memory' if is_hybrid else 'openssl speed'} "
                f"({min(shares):.0%} to {max(shares):.0%})"
            )


def ask_openssl() -> float:
    """Bytes per second of SHA-1, on the clock, in as many processes as there are cores."""
    command = ["openssl", "speed", "-elapsed", "-multi", str(cores()), "-evp", "sha1"]
    command += ["-seconds", "1", "-bytes", "16384"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(said.stdout.split()[-1].removesuffix("k")) * 1000


def write_file(path: Path, size: int, at_once: int = 1 << 20) -> None:
    """Write a file that stays in memory, and to the disk, so that nothing is left to be written."""
    block = memoryview(os.urandom(at_once))
    with path.open("wb", buffering=0) as file:
        for start in range(0, size, at_once):
            file.write(block[: min(at_once, size - start)])
        os.fsync(file.fileno())


def make(path: Path, standby: Standby, *, is_hybrid: bool) -> float:
    """Bytes per second from the path to the torrent file."""
    began = time.perf_counter()
    making = Making(path, Recipe(is_hybrid=is_hybrid), standby=standby)
    for _ in making.run(Stop()):
        pass
    making.torrent()
    return path.stat().st_size / (time.perf_counter() - began)


def hash_in_memory(size: int) -> float:
    """Bytes per second of SHA-1, and SHA-256 of each block, without reading anything."""
    piece_length = piece_length_for(size)
    pieces = size // piece_length // cores()

    def work(_: int) -> None:
        piece = memoryview(bytearray(piece_length))
        for _ in range(pieces):
            hashlib.sha1(piece, usedforsecurity=False).digest()
            for start in range(0, piece_length, BLOCK_LENGTH):
                hashlib.sha256(piece[start : start + BLOCK_LENGTH]).digest()

    began = time.perf_counter()
    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(work, range(cores())))
    return pieces * cores() * piece_length / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
