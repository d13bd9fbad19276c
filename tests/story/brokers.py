"""Real brokers for Celery, each with nothing in it and gone after its test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import clean_environment, free_port, needs, running
from tests.server.tracker.redis_process import redis_server

SECONDS_FOR_RABBITMQ = 120


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a redis-server."""
    with redis_server(folder) as (_process, address):
        yield address.replace("unix://", "redis+socket://")


@contextmanager
def rabbitmq(folder: Path) -> Iterator[str]:
    """The address of a rabbitmq-server.

    Debian's command starts it for the whole computer; this one, behind that, asks for no service.
    Erlang's own look-up service, epmd, is started here too, since else it would outlive the test.
    """
    needs("rabbitmq-server", apt="rabbitmq-server")
    server = "/usr/lib/rabbitmq/bin/rabbitmq-server"
    names, port, distribution = (free_port() for _ in range(3))
    environment = clean_environment(
        HOME=str(folder),
        ERL_EPMD_PORT=str(names),
        ERL_EPMD_ADDRESS="127.0.0.1",
        # Two schedulers, and no busy waiting: a test needs no more.
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none",
        RABBITMQ_NODENAME=f"passalong{os.getpid()}@localhost",
        RABBITMQ_NODE_IP_ADDRESS="127.0.0.1",
        RABBITMQ_NODE_PORT=str(port),
        RABBITMQ_DIST_PORT=str(distribution),
        RABBITMQ_MNESIA_BASE=str(folder),
        RABBITMQ_LOG_BASE=str(folder),
        RABBITMQ_LOGS="-",
        RABBITMQ_PID_FILE=str(folder / "pid"),
        RABBITMQ_ENABLED_PLUGINS_FILE=str(folder / "plugins"),
        RABBITMQ_CONF_ENV_FILE=os.devnull,
        RABBITMQ_CONFIG_FILE=str(folder / "none"),
    )
    epmd = needs("epmd", apt="rabbitmq-server")
    with (
        running([epmd, "-port", str(names)], folder / "epmd.log", environment),
        running([server], folder / "rabbitmq.log", environment) as process,
    ):
        process.wait_for_output("Server startup complete", SECONDS_FOR_RABBITMQ)
        yield f"amqp://guest:guest@127.0.0.1:{port}//"
