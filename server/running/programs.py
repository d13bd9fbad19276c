"""The programs that make up a site on one machine, and the command line of each.

How they are kept running is `supervising`'s business.
"""

import sys
from pathlib import Path

from server.site.streaming import STREAMS_AT_ONCE

from .addresses import Listening
from .supervising import Program

# Two web processes: one crash or one long computation does not stop the site, and SQLite still has
# few enough writers. A thread is busy for as long as its visitor downloads a program, which can be
# minutes, so there are many, and always some that no download can take: they answer pages and
# announces. They are made when needed. The backpressure bounds the connections, most of which are
# browsers' idle ones, and further visitors wait in the kernel's queue.
WEB_PROCESSES = 2
THREADS_FOR_PAGES = 32
WEB_THREADS = STREAMS_AT_ONCE + THREADS_FOR_PAGES
WEB_CONNECTIONS = 512
SECONDS_FOR_LAST_ANSWERS = 3
WORKER_THREADS = 4


_SEEDER = Program("seeder", "django", ("seeder",))


def site_programs(listening: Listening, data_dir: Path) -> tuple[Program, ...]:
    """Everything that `serve` runs, in the order of starting; stopped from the other end."""
    return (_tracker(listening), _SEEDER, *_worker(data_dir), _web(listening))


def _web(listening: Listening) -> Program:
    return Program(
        "web",
        "granian",
        (
            *("--interface", "wsgi", "--http", "1", "--no-ws", "--no-access-log"),
            *("--host", listening.web_host, "--port", str(listening.web_port)),
            *("--workers", str(WEB_PROCESSES), "--blocking-threads", str(WEB_THREADS)),
            *("--backpressure", str(WEB_CONNECTIONS), "--respawn-failed-workers"),
            *("--workers-kill-timeout", str(SECONDS_FOR_LAST_ANSWERS), "--log-level", "error"),
            "server.running.web:application",
        ),
    )


def _tracker(listening: Listening) -> Program:
    return Program(
        "tracker",
        "django",
        ("tracker", f"--host={listening.host}", f"--port={listening.tracker_port}"),
    )


def _worker(data_dir: Path) -> tuple[Program, ...]:
    celery = ("--quiet", "--app", "server.celery")
    quietly = ("--loglevel", "WARNING")
    schedule = ("--schedule", str(data_dir / "beat-schedule"))
    threads = ("--pool", "threads", "--concurrency", str(WORKER_THREADS))
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    work = (*celery, "worker", *threads, *alone, *quietly)
    if sys.platform == "win32":  # Celery cannot embed its beat there.
        beat = (*celery, "beat", *schedule, *quietly)
        return (Program("worker", "celery", work), Program("beat", "celery", beat))
    return (Program("worker", "celery", (*work, "--beat", *schedule)),)
