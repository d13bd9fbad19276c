"""One run of a whole site: the order in which it is prepared, started, watched and ended.

Django reads its settings before a command sees its options, so nothing here uses a setting that an
option of `serve` may change. The choices become the environment variables of the same meaning, and
these are given to the programs; the first of them, `manage.py prepare`, makes the database.
"""

import ipaddress
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from . import data_folder
from .addresses import Listening, wait_until_free
from .data_folder import RunningCopy
from .programs import site_programs
from .supervising import ROOT, Supervisor

SECONDS_TO_BE_READY = 60.0
SECONDS_FOR_KILLED_COPY = 20.0


class ServingError(Exception):
    """The site could not be started; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the admin chose with options and environment variables."""

    listening: Listening
    data_dir: Path
    site_url: str | None

    def environment(self) -> dict[str, str]:
        """This process's environment, with the choices put in."""
        chosen = {
            "PASSALONG_DATA_DIR": str(self.data_dir),
            "PASSALONG_HOST": self.listening.host,
            "PASSALONG_PORT": str(self.listening.web_port),
            "PASSALONG_TRACKER_HOST": self.listening.local_host,
            "PASSALONG_TRACKER_PORT": str(self.listening.tracker_port),
            "PASSALONG_TRUSTED_PROXIES": self._trusted_proxies(),
        }
        if self.site_url:
            chosen["PASSALONG_SITE_URL"] = self.site_url
        return {**os.environ, **chosen}

    def _trusted_proxies(self) -> str:
        # The web processes ask the tracker from its own address, which is not always loopback.
        trusted = os.environ.get("PASSALONG_TRUSTED_PROXIES", "")
        with suppress(ValueError):
            own = ipaddress.ip_address(self.listening.local_host)
            if not own.is_loopback:
                return ",".join(filter(None, [trusted, str(own)]))
        return trusted


def serve(choices: Choices, stop: threading.Event, say: Callable[[str], None]) -> None:
    """Run the site until `stop` is set. Every exception of it is a sentence for the admin."""
    os.umask(0o077)
    _make_data_folder(choices.data_dir)
    with data_folder.only_copy(choices.data_dir):
        _wait_for_ports(choices, stop)
        first_page = _prepare(choices)
        if stop.is_set():
            return
        programs = site_programs(choices.listening, choices.data_dir)
        supervisor = Supervisor(programs, choices.environment(), say)
        try:
            supervisor.start()
            _wait_until_ready(supervisor, choices.listening, stop)
            if not stop.is_set():
                _announce(choices, first_page, say)
            supervisor.keep_until(stop.is_set)
            say("Stopping ...")
        finally:
            supervisor.stop()


def _make_data_folder(data_dir: Path) -> None:
    try:
        data_folder.make(data_dir)
    except OSError as error:
        raise ServingError(
            f"The data folder {data_dir} cannot be used: {error.strerror}. Choose another with "
            "--data-dir."
        ) from error


def _wait_for_ports(choices: Choices, stop: threading.Event) -> None:
    was_killed = RunningCopy.read(choices.data_dir) is not None
    wait_until_free(choices.listening, SECONDS_FOR_KILLED_COPY if was_killed else 0.0, stop.is_set)
    RunningCopy.withdraw(choices.data_dir)


def _prepare(choices: Choices) -> str:
    finished = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "prepare"],
        env=choices.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        start_new_session=True,  # Ctrl-C does not tear a migration apart.
    )
    if finished.returncode:
        raise ServingError(
            f"The data folder {choices.data_dir} could not be prepared. The lines above say why."
        )
    return finished.stdout.strip()


def _wait_until_ready(supervisor: Supervisor, listening: Listening, stop: threading.Event) -> None:
    deadline = time.monotonic() + SECONDS_TO_BE_READY

    def is_over() -> bool:
        if time.monotonic() > deadline:
            raise ServingError(
                f"The site did not answer at {listening.local_url} within "
                f"{SECONDS_TO_BE_READY:g} seconds. The lines above say more."
            )
        return stop.is_set() or _is_healthy(listening)

    supervisor.keep_until(is_over)


def _is_healthy(listening: Listening) -> bool:
    connection = HTTPConnection(listening.local_host, listening.web_port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _announce(choices: Choices, first_page: str, say: Callable[[str], None]) -> None:
    listening = choices.listening
    address = choices.site_url or listening.url_to_open
    copy = RunningCopy(address, os.getpid(), listening.web_port, listening.tracker_port)
    copy.announce(choices.data_dir)
    purpose = "" if first_page == "/" else " to set it up"
    say("")
    say(f"Passalong is running.  Open {address}{first_page}{purpose}")
    say(f"Its data is in {choices.data_dir}")
    say("Ctrl-C stops it.")
    say("")
