"""How close our download comes to libtorrent driven bare, from one seed on this computer.

    python -m benchmarks.client.downloading [--size-mb 1024] [--rounds 9] [--folder /dev/shm]

Both leechers get the same torrent from the same bare seed. Bare libtorrent has the settings that
were fastest for it: its defaults, but calling by TCP. Ours has what we ship and goes through engine
thread, job and window loop's reader. Each round has both, one right after the other and in turns
first; what counts is the median of the rounds' ratios. Time runs from adding the torrent to the
last byte flushed to the disk.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import libtorrent as lt

from benchmarks.client.making import write_file
from client.jobs.making import Making, Recipe
from client.jobs.stopping import Stop

_QUIET = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
}
# Larger buffers, more hash threads and the other disk back ends were all measured slower.
_FASTEST = {"enable_outgoing_utp": False}


def main() -> None:
    """Measure, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size-mb", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--folder", type=Path, default=None, help="a file system without a disk")
    parser.add_argument("--leech", choices=["ours", "bare"], help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.leech:
        torrent, folder, port = options.arguments
        leech = leech_ours if options.leech == "ours" else leech_bare
        print(leech(Path(torrent), Path(folder), int(port)))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        compare(Path(folder), options.size_mb * 1_000_000, options.rounds)


def compare(folder: Path, size: int, rounds: int) -> None:
    """Let both leech by turns, each in a process of its own."""
    path = folder / "seed" / "file"
    path.parent.mkdir()
    write_file(path, size, at_once=1 << 20)
    torrent = folder / "file.torrent"
    making = Making(path, Recipe())
    for _ in making.run(Stop()):
        pass
    torrent.write_bytes(making.torrent())
    seed, port = open_seed(torrent, path.parent)
    rates: dict[str, list[float]] = {"bare": [], "ours": []}
    for number in range(rounds):
        for kind in sorted(rates, reverse=bool(number % 2)):
            target = folder / f"{kind}-{number}"
            target.mkdir()
            command = [sys.executable, "-m", "benchmarks.client.downloading", "--leech", kind]
            said = subprocess.check_output([*command, torrent, target, str(port)], text=True)
            rates[kind].append(size / float(said.split()[-1]))
            (target / "file").unlink()
    del seed
    ours, bare = (statistics.median(rates[kind]) / 1e6 for kind in ("ours", "bare"))
    shares = [one / other for one, other in zip(rates["ours"], rates["bare"], strict=True)]
    print(
        f"download: {ours:.0f} MB/s, bare libtorrent {bare:.0f} MB/s; "
        f"{statistics.median(shares):.0%} (rounds from {min(shares):.0%} to {max(shares):.0%})"
    )


def open_seed(torrent: Path, folder: Path) -> tuple[lt.session, int]:
    """A bare seed."""
    session = open_session()
    wanted = lt.load_torrent_file(str(torrent))
    wanted.save_path = str(folder)
    wanted.flags |= lt.torrent_flags.seed_mode
    session.add_torrent(wanted)
    return session, session.listen_port()


def open_session() -> lt.session:
    """libtorrent at its fastest, and nothing of ours."""
    mask = lt.alert.category_t.status_notification | lt.alert.category_t.storage_notification
    return lt.session(_QUIET | _FASTEST | {"alert_mask": mask})  # type: ignore[arg-type]


def leech_bare(torrent: Path, folder: Path, port: int) -> float:
    """Seconds until libtorrent alone has everything on the disk."""
    session = open_session()
    began = time.perf_counter()
    wanted = lt.load_torrent_file(str(torrent))
    wanted.save_path = str(folder)
    wanted.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    handle = session.add_torrent(wanted)
    handle.connect_peer(("127.0.0.1", port))
    while True:
        session.wait_for_alert(1000)
        for alert in session.pop_alerts():
            if isinstance(alert, lt.torrent_finished_alert):
                handle.flush_cache()
            elif isinstance(alert, lt.cache_flushed_alert):
                return time.perf_counter() - began


def leech_ours(torrent: Path, folder: Path, port: int) -> float:
    """Seconds until our download job says that everything is on the disk."""
    from client.engine.libtorrent_engine import LibtorrentEngine
    from client.engine.transfer import Wishes
    from client.jobs.download import Saving, download
    from client.jobs.running import Running
    from client.jobs.stopping import StopRule
    from client.opening.what import open_torrent

    settings = tuple((name, str(value).lower()) for name, value in _QUIET.items())
    engine = LibtorrentEngine(Wishes(settings=settings))
    what = open_torrent(torrent)
    saving, state = Saving(folder), folder / "state"
    began = time.perf_counter()
    job = Running(
        lambda stop: download(what, saving, state, engine, stop, StopRule()),
        None,  # type: ignore[arg-type]
    )
    while True:
        try:
            engine.connect_peer(what.metainfo.info_hash, ("127.0.0.1", port))
            break
        except KeyError:
            time.sleep(0.001)
    while job.progress is None or not job.progress.is_complete:
        time.sleep(0.001)
    seconds = time.perf_counter() - began
    job.stop()
    job.wait(20)
    engine.close()
    return seconds


if __name__ == "__main__":
    main()
