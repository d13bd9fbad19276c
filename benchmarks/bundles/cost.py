"""What a bundle costs beside the bare file: time and memory per request, and throughput.

    python -m benchmarks.bundles.cost [--size-mb 32] [--rounds 15] [--signed | --program FILE]

Without --program, a program of noise is made; --signed makes it one for Windows, and signs it.
Rounds of both alternate, and the median counts, so that a busy computer spoils neither alone.
"""

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from struct import pack

from benchmarks.bundles.serving import KEY, sample
from installer.bundle.cookie import COOKIE_MAGIC
from installer.bundle.joining import Bundle, join
from installer.bundle.template import Template, inspect
from tests.installer import signing, windows

_TRIES = 500


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        make = _signed_noise if options.signed else _noise
        program = options.program or make(Path(folder), options.size_mb * 1_000_000)
        started = time.perf_counter()
        template = inspect(program)
        print(
            f"program               {template.size:,} B, {'' if template.signer else 'not '}signed"
        )
        print(f"looked at once        {(time.perf_counter() - started) * 1e3:.0f} ms")
        _print_cost(template)
        _print_throughput(program, options.rounds)


def _print_cost(template: Template) -> None:
    made = join(template, sample(), KEY)
    print(f"payload and its place {len(made.tail):,} B")
    for name, deed in {
        "put together": lambda: join(template, sample(), KEY),
        "entity tag": lambda: made.etag,
    }.items():
        middle, slow = _milliseconds(deed)
        print(f"{name:21} {middle:.3f} ms median, {slow:.3f} ms 99 in 100")
    print(f"extra memory          {_peak_of_a_request(template) / 1e3:,.0f} KB, chunk included")


def _milliseconds(deed: Callable[[], object]) -> tuple[float, float]:
    times = []
    for _ in range(_TRIES):
        started = time.perf_counter()
        deed()
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def _peak_of_a_request(template: Template) -> int:
    payload = sample()
    tracemalloc.start()
    bundle: Bundle = join(template, payload, KEY)
    for _ in bundle.chunks():
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _print_throughput(program: Path, rounds: int) -> None:
    seconds: dict[str, list[float]] = {"bare": [], "bundle": []}
    with _server(program) as port:
        for _ in range(rounds + 1):
            for name, times in seconds.items():
                started = time.perf_counter()
                size = _fetch(port, name)
                times.append((time.perf_counter() - started) / size)
    # The first round warms up.
    rates = {name: 1 / statistics.median(times[1:]) / 1e6 for name, times in seconds.items()}
    print(f"bare file             {rates['bare']:,.0f} MB/s")
    print(f"bundle                {rates['bundle']:,.0f} MB/s")
    print(f"ratio                 {rates['bundle'] / rates['bare']:.1%}")


def _fetch(port: int, name: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/{name}")
    answer = connection.getresponse()
    assert answer.status == 200
    buffer, size = bytearray(1 << 20), 0
    while count := answer.readinto(buffer):
        size += count
    connection.close()
    return size


@contextmanager
def _server(program: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "error"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4"]
    environment = os.environ | {"BENCHMARK_PROGRAM": str(program)}
    with subprocess.Popen(
        [*command, "benchmarks.bundles.serving:application"], env=environment
    ) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _noise(folder: Path, size: int, start_code: bytes = b"") -> Path:
    path = folder / "Passalong-1.0.0-linux"
    archive = random.Random(1).randbytes(size)
    cookie = COOKIE_MAGIC + pack("!IIII64s", 88, 0, 0, 311, b"libpython")
    path.write_bytes(start_code + archive + cookie)
    return path


def _signed_noise(folder: Path, size: int) -> Path:
    signed = folder / "Passalong-1.0.0-windows.exe"
    unsigned = _noise(folder, size, windows.start_code())
    signing.make_authority(folder).sign(unsigned, signed, "timestamped")
    return signed


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size-mb", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=15)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--signed", action="store_true")
    kind.add_argument("--program", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
