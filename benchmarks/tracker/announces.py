"""Announces per CPU second of the tracker, against opentracker from Debian in the same run.

CPU seconds and not wall time, since the load needs as much of the machine as the tracker. Rounds
are interleaved; the median counts. About three minutes.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from .parts import loads, servers
from .parts.servers import Server

ROUNDS = int(os.environ.get("ROUNDS", "2"))
SECONDS = 3

Load = Callable[[Server, Path, int], int]
Row = tuple[str, int, Load, bool, float]  # name, torrents, load, whether opentracker has it, bar


def per_cpu_second(server: Server, load: Load, hashes: Path) -> float:
    load(server, hashes, loads.WARMING)
    before = server.cpu_seconds()
    replies = load(server, hashes, SECONDS)
    return replies / max(server.cpu_seconds() - before, 0.01)


def rows(udp_load: Path) -> list[Row]:
    def udp(server: Server, hashes: Path, seconds: int) -> int:
        return loads.udp(udp_load, server, hashes, seconds)

    def close(server: Server, hashes: Path, seconds: int) -> int:
        return loads.http(server, hashes, seconds, is_closing=True)

    def keep(server: Server, hashes: Path, seconds: int) -> int:
        return loads.http(server, hashes, seconds, is_closing=False)

    return [
        ("UDP", 1_000, udp, True, 0.80),
        ("UDP", 100_000, udp, True, 0.80),
        ("HTTP, one connection for each", 1_000, close, True, 0.75),
        ("HTTP, one connection for each", 100_000, close, True, 0.75),
        ("HTTP, connections kept", 1_000, keep, False, 1.3),
    ]


def main() -> None:
    for program, package in (("opentracker", "opentracker"), ("wrk", "wrk"), ("gcc", "gcc")):
        servers.need(program, package)
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for each in ("theirs", "1000", "100000"):
            (folder / each).mkdir()
        udp_load = loads.compiled_udp_load(folder)
        print("| load | torrents | opentracker | ours | ratio | bar |\n" + "| --- " * 6 + "|")
        closing = 0.0
        for title, torrents, load, has_peer, bar in rows(udp_load):
            if wanted and not any(word in title for word in wanted):
                continue
            hashes = servers.write_hashes(folder, torrents)
            theirs, ours = [], []
            for _ in range(ROUNDS):
                if has_peer:
                    with servers.opentracker(folder / "theirs", hashes) as server:
                        theirs.append(per_cpu_second(server, load, hashes))
                with servers.ours(folder / str(torrents), hashes) as server:
                    ours.append(per_cpu_second(server, load, hashes))
            figure = statistics.median(ours)
            against = statistics.median(theirs) if theirs else closing
            closing = figure if title.endswith("for each") and torrents == 1_000 else closing
            peer = f"{against:,.0f}" if has_peer else f"{closing:,.0f} (ours, one for each)"
            ratio = figure / (against if has_peer else max(closing, 1))
            print(f"| {title} | {torrents:,} | {peer} | {figure:,.0f} | {ratio:.2f} | {bar} |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
