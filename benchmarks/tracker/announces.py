"""Announces per CPU second of the tracker, against opentracker from Debian in the same run.

CPU seconds and not wall time, since the load needs as much of the machine as the tracker. Windows
of a second take turns, and of each side the best one counts: whatever else a machine does takes
caches and time away, and never gives any. About four minutes. With PROCESSES=2 in the environment
our tracker has two processes, and the CPU seconds of both count.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from .parts import loads, servers
from .parts.servers import Server

ROUNDS = int(os.environ.get("ROUNDS", "3"))
WINDOWS = 5
SECONDS = 1

Load = Callable[[Server, Path, int], int]
Row = tuple[str, int, Load, bool, float]  # name, torrents, load, whether opentracker has it, bar


def per_cpu_second(server: Server, load: Load, hashes: Path) -> float:
    before = server.cpu_seconds()
    replies = load(server, hashes, SECONDS)
    return replies / max(server.cpu_seconds() - before, 0.01)


def measured(running: list[Server], load: Load, hashes: Path) -> list[float]:
    """Of each of these servers the best window, in announces per CPU second."""
    best = [0.0] * len(running)
    for server in running:
        load(server, hashes, loads.WARMING)
    for _ in range(WINDOWS):
        for index, server in enumerate(running):
            best[index] = max(best[index], per_cpu_second(server, load, hashes))
    return best


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
            best = [0.0, 0.0]
            for _ in range(ROUNDS):
                with ExitStack() as stack:
                    running = [stack.enter_context(servers.ours(folder / str(torrents), hashes))]
                    if has_peer:
                        their = servers.opentracker(folder / "theirs", hashes)
                        running.append(stack.enter_context(their))
                    found = measured(running, load, hashes)
                    best = [max(pair) for pair in zip(best, [*found, 0.0], strict=False)]
            figure = best[0]
            against = best[1] if has_peer else closing
            closing = figure if title.endswith("for each") and torrents == 1_000 else closing
            peer = f"{against:,.0f}" if has_peer else f"{closing:,.0f} (ours, one for each)"
            ratio = figure / (against if has_peer else max(closing, 1))
            print(f"| {title} | {torrents:,} | {peer} | {figure:,.0f} | {ratio:.2f} | {bar} |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
