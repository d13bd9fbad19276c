"""Memory for a million peers, against opentracker from Debian in the same run.

What a process grows by from its first announces to its last, by peer. About a minute.
"""

import tempfile
import time
from pathlib import Path

from .parts import loads, servers
from .parts.servers import Server

PEERS = 1_000_000
CHORES = 12  # seconds after which all of our regular work was done once
ROWS = ((100_000, 60), (1_000, 10))


def bytes_each(server: Server, udp_load: Path, hashes: Path, torrents: int) -> float:
    loads.udp(udp_load, server, hashes, 0.05)  # what the first packets alone need
    time.sleep(CHORES)
    before = server.memory()
    told = loads.fill(udp_load, server, hashes, PEERS // torrents)
    return (server.memory() - before) / told


def main() -> None:
    servers.need("opentracker", "opentracker")
    servers.need("gcc", "gcc")
    print("| torrents | peers | opentracker | ours | bar |\n" + "| --- " * 5 + "|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        udp_load = loads.compiled_udp_load(folder)
        for torrents, bar in ROWS:
            hashes = servers.write_hashes(folder, torrents)
            for each in ("theirs", str(torrents)):
                (folder / each).mkdir(exist_ok=True)
            with servers.opentracker(folder / "theirs", hashes) as server:
                theirs = bytes_each(server, udp_load, hashes, torrents)
            with servers.ours(folder / str(torrents), hashes) as server:
                ours = bytes_each(server, udp_load, hashes, torrents)
            row = f"{torrents:,} | {PEERS:,} | {theirs:.1f} bytes | {ours:.1f} bytes | {bar}"
            print(f"| {row} |", flush=True)


if __name__ == "__main__":
    main()
