"""The demo: sample releases, published with real tickets through the real client, and shared.

A release that is here from an earlier demo is shared again by the same client. What the samples are
is in `samples`.
"""

import os
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from installer.formats import ticket as tickets
from server.accounts.models import User
from server.accounts.services import set_up
from server.catalog.models import Release
from server.catalog.services import torrent_bytes
from server.publishing.services import issue_ticket
from server.site.models import Site
from server.site.proxies import is_loopback

from .data_folder import RunningCopy
from .samples import Sample
from .supervising import Program, Running

ADMIN = "demo"
SECONDS_TO_PUBLISH = 120.0
SECONDS_TO_END = 8.0
SECONDS_BETWEEN_LOOKS = 0.2
LINES_TO_SHOW = 10


class DemoError(Exception):
    """The demo cannot go on; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who publishes the samples; the password only if the account was made just now."""

    user: User
    password: str | None


class Demo:
    """The samples on the site, and the clients that share them until `end`."""

    def __init__(self, folder: Path, user: User) -> None:
        self._folder = folder
        self._user = user
        self._clients: list[_Client] = []

    def share(self, number: int, sample: Sample) -> Release:
        """Publish a sample and go on sharing it; the release as soon as it is listed."""
        path = sample.write(self._folder)
        client = self._start(number, sample, path)
        self._clients.append(client)
        deadline = time.monotonic() + SECONDS_TO_PUBLISH
        while (release := self._release_of(sample)) is None:
            client.check()
            if time.monotonic() > deadline:
                raise DemoError(f"Publishing took too long. The client said:\n{client.last_lines}")
            time.sleep(SECONDS_BETWEEN_LOOKS)
        return release

    def keep_until(self, is_over: Callable[[], bool]) -> None:
        """Share until `is_over` says so; raises `DemoError` when a client ends before."""
        while not is_over():
            for client in self._clients:
                client.check()
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def end(self) -> None:
        """End all clients in order, so that the tracker learns of it."""
        for client in self._clients:
            client.running.let_go()
        for client in self._clients:
            client.running.wait_or_kill(SECONDS_TO_END)

    def _release_of(self, sample: Sample) -> Release | None:
        return Release.objects.filter(publisher=self._user, title=sample.title).first()

    def _start(self, number: int, sample: Sample, path: Path) -> "_Client":
        release = self._release_of(sample)
        home = self._folder / f"client {number}"
        home.mkdir(exist_ok=True)
        if release is None:
            ticket = home / f"ticket{tickets.EXTENSION}"
            ticket.write_bytes(tickets.write(issue_ticket(self._user, timezone.now())[1]))
            words = ("--title", sample.title, "--description", sample.description)
            return _Client(home, "publish", str(ticket), str(path), *words)
        torrent = home / "release.torrent"
        torrent.write_bytes(torrent_bytes(release, Site.objects.current()))
        return _Client(home, "seed", str(torrent), str(path))


class _Client:
    """One run of the client, and the last lines that it printed."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self._lines: deque[str] = deque(maxlen=LINES_TO_SHOW)
        self.running = Running(
            Program("client", "client", (*arguments, "--no-window")),
            {**os.environ, "PASSALONG_HOME": str(home)},
            self._lines.append,
        )

    @property
    def last_lines(self) -> str:
        return "\n".join(self._lines)

    def check(self) -> None:
        if self.running.exit_code is not None:
            raise DemoError(f"The client ended. It said:\n{self.last_lines}")


def account(copy: RunningCopy) -> Account:
    """The account that publishes the samples: the first admin, made now on a new site."""
    if Site.objects.is_set_up():
        admin = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
        if admin is None:
            raise DemoError("This site has no active admin, who could publish the samples.")
        return Account(admin, None)
    password = secrets.token_urlsafe(12)
    user = set_up(site_name="Passalong demo", address=copy.url, user_name=ADMIN, password=password)
    return Account(user, password)


def where_it_opens(site: Site, port: int) -> str | None:
    """What to say when the addresses of the samples lead nowhere on other computers."""
    if site.host != "localhost" and not is_loopback(site.host):
        return None
    return (
        "These addresses open on this computer only. To let others in, stop the site and start it "
        "again with the address that they shall use, as another option of 'manage.py serve': "
        f"--site-url http://NAME-OR-IP-ADDRESS:{port}"
    )


def samples_folder() -> Path:
    """Where the samples are kept, so that they need not be made again."""
    folder = Path(settings.DATA_DIR) / "demo"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
