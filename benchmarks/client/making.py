"""How close making a torrent comes to the SHA-1 limit of this computer, measured in one run.

    python -m benchmarks.client.making [--size-mb 2048] [--rounds 5] [--folder /dev/shm]
                                       [--written-in-kb 1024]

How large the pages are in which the system keeps a file depends on how it was written.

The limit is hashlib over a buffer of one piece in memory, in as many threads as there are cores;
for version 1 also what `openssl speed` says, in as many processes. Rounds alternate, and the median
counts, so that a busy computer spoils neither alone; processor time leaves out who else works
there.
"""

import argparse
import hashlib
import os
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from client.jobs.hashing import cores
from client.jobs.making import Making, Recipe
from client.jobs.stopping import Stop
from installer.formats.metainfo import BLOCK_LENGTH, piece_length_for


def main() -> None:
    """Measure, and print one line per kind of torrent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size-mb", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None, help="a file system without a disk")
    parser.add_argument("--written-in-kb", type=int, default=1024, help="size of each write")
    options = parser.parse_args()
    size = options.size_mb * 1_000_000
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "file"
        write_file(path, size, options.written_in_kb * 1024)
        for is_hybrid in (False, True):
            limits, rates, said, shares = [], [], [], []
            for _ in range(options.rounds):
                said.append(ask_openssl())
                began = time.process_time()
                limits.append(size / hash_in_memory(size, is_hybrid=is_hybrid))
                between = time.process_time()
                rates.append(size / make(path, is_hybrid=is_hybrid))
                shares.append((between - began) / (time.process_time() - between))
            limit, rate = statistics.median(limits), statistics.median(rates)
            kind = "hybrid" if is_hybrid else "version 1"
            print(
                f"{kind}: {rate / 1e6:.0f} MB/s of {limit / 1e6:.0f} MB/s possible "
                f"on {cores()} cores = {rate / limit:.0%}; "
                f"by processor time {statistics.median(shares):.0%}"
            )
            if not is_hybrid:
                openssl = statistics.median(said)
                print(f"openssl speed: {openssl / 1e6:.0f} MB/s; version 1 = {rate / openssl:.0%}")


def ask_openssl() -> float:
    """Bytes per second of SHA-1, in as many processes as there are cores."""
    command = ["openssl", "speed", "-multi", str(cores()), "-seconds", "1", "-bytes", "16384"]
    said = subprocess.run([*command, "-evp", "sha1"], capture_output=True, text=True, check=True)
    return float(said.stdout.split()[-1].removesuffix("k")) * 1000


def write_file(path: Path, size: int, at_once: int) -> None:
    """Write a file that ends up in the page cache."""
    block = memoryview(os.urandom(at_once))
    with path.open("wb", buffering=0) as file:
        for start in range(0, size, at_once):
            file.write(block[: min(at_once, size - start)])


def make(path: Path, *, is_hybrid: bool) -> float:
    """Seconds from the path to the torrent file."""
    began = time.perf_counter()
    making = Making(path, Recipe(is_hybrid=is_hybrid))
    for _ in making.run(Stop()):
        pass
    making.torrent()
    return time.perf_counter() - began


def hash_in_memory(size: int, *, is_hybrid: bool) -> float:
    """Seconds to hash as much without reading anything."""
    piece_length = piece_length_for(size)
    pieces = size // piece_length // cores()

    def work(_: int) -> None:
        piece = memoryview(bytearray(piece_length))
        for _ in range(pieces):
            hashlib.sha1(piece, usedforsecurity=False).digest()
            for start in range(0, piece_length, BLOCK_LENGTH) if is_hybrid else ():
                hashlib.sha256(piece[start : start + BLOCK_LENGTH]).digest()

    began = time.perf_counter()
    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(work, range(cores())))
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
