"""Real brokers for Celery, and the tests that are run with each of them.

`python -m tests.brokers COMMAND...` runs a command while both servers run; the tests in it find
their addresses in TEST_BROKERS, and those with the fixture `broker` run once with each.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from tests.programs import Process, clean_environment, free_port, needs, running
from tests.server.tracker.redis_process import redis_server

SECONDS_FOR_RABBITMQ = 120
VARIABLE = "TEST_BROKERS"


def addresses() -> list[str]:
    """What a site under test is given as CELERY_BROKER_URL; empty for the folder."""
    return os.environ.get(VARIABLE, "").split() or [""]


class Broker(Protocol):
    """A server that can go and come back, at the same address and with what it has on its disk."""

    address: str

    def running(self) -> AbstractContextManager[Process]:
        """Its process, which answers."""


class Redis:
    """A redis-server that listens on a socket in `folder` and keeps nothing on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = f"redis+socket://{folder}/redis.sock"

    @contextmanager
    def running(self) -> Iterator[Process]:
        """Its process, which answers."""
        with redis_server(self._folder) as (process, _address):
            yield process


class RabbitMQ:
    """A rabbitmq-server of its own; Debian's starts with the computer and is another one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names, self._port, self._distribution = (free_port() for _ in range(3))
        self.address = f"amqp://guest:guest@127.0.0.1:{self._port}//"

    @contextmanager
    def running(self) -> Iterator[Process]:
        """Its process, which answers.

        Erlang's own look-up service, epmd, is started here too, since else it would outlive us.
        """
        needs("rabbitmq-server", apt="rabbitmq-server")
        # Debian's command of this name starts the service; this one, behind it, just the server.
        server = "/usr/lib/rabbitmq/bin/rabbitmq-server"
        epmd = needs("epmd", apt="rabbitmq-server")
        environment, log = self._environment(), self._folder / "rabbitmq.log"
        log.unlink(missing_ok=True)
        with (
            running([epmd, "-port", str(self._names)], self._folder / "epmd.log", environment),
            running([server], log, environment) as process,
        ):
            process.wait_for_output("Server startup complete", SECONDS_FOR_RABBITMQ)
            yield process

    def _environment(self) -> dict[str, str]:
        return clean_environment(
            HOME=str(self._folder),
            ERL_EPMD_PORT=str(self._names),
            ERL_EPMD_ADDRESS="127.0.0.1",
            # Two schedulers, and no busy waiting: a test needs no more.
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none",
            RABBITMQ_NODENAME=f"passalong{os.getpid()}@localhost",
            RABBITMQ_NODE_IP_ADDRESS="127.0.0.1",
            RABBITMQ_NODE_PORT=str(self._port),
            RABBITMQ_DIST_PORT=str(self._distribution),
            RABBITMQ_MNESIA_BASE=str(self._folder),
            RABBITMQ_LOG_BASE=str(self._folder),
            RABBITMQ_LOGS="-",
            RABBITMQ_PID_FILE=str(self._folder / "pid"),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(self._folder / "plugins"),
            RABBITMQ_CONF_ENV_FILE=os.devnull,
            RABBITMQ_CONFIG_FILE=str(self._folder / "none"),
        )


def main() -> int:
    """The exit code of the command, which runs between both servers."""
    with tempfile.TemporaryDirectory() as folder:
        brokers = (Redis(Path(folder)), RabbitMQ(Path(folder)))
        with brokers[0].running(), brokers[1].running():
            variables = {**os.environ, VARIABLE: " ".join(each.address for each in brokers)}
            return subprocess.run(sys.argv[1:], env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
