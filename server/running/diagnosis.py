"""What is wrong with this installation, and how to mend it.

One list for the command `doctor`, the admin's front page and Django's system checks.
"""

import os
import re
import shutil
import socket
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from installer import VERSION
from installer.bundle.template import PLATFORMS, version_key
from server.accounts.models import User
from server.catalog.models import Release, Report
from server.catalog.programs import PLATFORM_NAMES, program_for
from server.seeding.choosing import is_room_missing
from server.seeding.models import Copy
from server.seeding.pulse import seeder_is_alive
from server.site.models import Site
from server.site.proxies import is_loopback

from .data_folder import RunningCopy
from .health import broker_trouble, tracker_answers, worker_lives

LITTLE_SPACE_BYTES = 2_000_000_000
SECONDS_TO_ANSWER = 4.0
CERTIFICATE_LASTS = timedelta(days=14)
SETTINGS = Path(__file__).resolve().parent.parent / "settings.py"
# What the client and the making of programs read, which may run in the same shell.
VARIABLES_OF_OTHERS = ("PASSALONG_HOME", "PASSALONG_SIGN_")


class Level(StrEnum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    level: Level
    what: str
    remedy: str
    link: str = ""


def findings(*, thorough: bool = False) -> list[Finding]:
    """Everything there is to say, the worst first; `thorough` also knocks at the site's address."""
    looks = [*_LOOKS, *(_THOROUGH_LOOKS if thorough else ())]
    found = [each for look in looks for each in look()]
    return sorted(found, key=lambda each: list(Level).index(each.level))


def _debug() -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding(
            Level.ERROR,
            _("DEBUG is on: error pages tell strangers what is inside."),
            _("Start the site without the variable DEBUG."),
        )


def _data_folder() -> Iterator[Finding]:
    folder = settings.DATA_DIR
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            Level.ERROR,
            _("The data folder %(folder)s cannot be written.") % {"folder": folder},
            _("Give it to the account that runs the site: chown -R ACCOUNT %(folder)s")
            % {"folder": folder},
        )
        return
    if shutil.disk_usage(folder).free < LITTLE_SPACE_BYTES:
        yield Finding(
            Level.WARNING,
            _("The disk with the data folder is nearly full."),
            _("Make room, or move the folder and name it in PASSALONG_DATA_DIR."),
        )


def _address() -> Iterator[Finding]:
    site = Site.objects.current()
    if site.host == "localhost" or is_loopback(site.host):
        yield Finding(
            Level.WARNING,
            _("The site's address %(address)s leads nowhere on other computers.")
            % {"address": site.address},
            _("Save the address that visitors use, or start with --site-url."),
            "/admin/site/site/1/change/",
        )
    elif not site.address.startswith("https:"):
        yield Finding(
            Level.WARNING,
            _("The site is reached without https: passwords travel in the open."),
            _(
                "Put a proxy with a certificate in front, such as Caddy, and start the site with "
                "its new address in PASSALONG_SITE_URL, which keeps cookies to https too."
            ),
        )


def _tracker() -> Iterator[Finding]:
    # The site that runs may have been started with other options than this command knows.
    copy = RunningCopy.read(settings.DATA_DIR)
    port = copy.tracker_port if copy else settings.TRACKER_PORT
    if not tracker_answers(port):
        yield Finding(
            Level.ERROR,
            _("The tracker does not answer on port %(port)s: nobody can find anybody.")
            % {"port": port},
            _("Look at what 'manage.py serve' printed; another program may use the port.")
            if copy
            else _("The site does not run with this data folder. Start it: manage.py serve"),
        )


def _broker() -> Iterator[Finding]:
    trouble = broker_trouble()
    if trouble:
        yield Finding(
            Level.ERROR,
            _("The broker of the worker does not answer at %(trouble)s") % {"trouble": trouble},
            _("Start it, or correct CELERY_BROKER_URL. The work waits in the database meanwhile."),
        )


def _worker() -> Iterator[Finding]:
    if not worker_lives():
        yield Finding(
            Level.ERROR,
            _("The worker does nothing: numbers and feeds stand still."),
            _("It is started by 'manage.py serve'; look at what that printed."),
        )


def _copies() -> Iterator[Finding]:
    site = Site.objects.current()
    if site.copies_gb and not seeder_is_alive(timezone.now()):
        yield Finding(
            Level.WARNING,
            _("The seeder does nothing: the site gets no copies of what is published."),
            _("It is started by 'manage.py serve'; look at what that printed."),
        )
    if site.copies_gb and is_room_missing(timezone.now()):
        yield Finding(
            Level.NOTE,
            _("There is no room for a copy of everything that is published here."),
            _("Give the site's own copies more space, if the disk has it."),
            "/admin/site/site/1/change/",
        )
    troubled = Copy.objects.filter(state=Copy.State.TROUBLE).first()
    if troubled is not None:
        yield Finding(
            Level.WARNING,
            _("The site cannot keep its copies: %(trouble)s") % {"trouble": troubled.trouble},
            _("Look at the disk with the data folder; it is tried again every few minutes."),
            "/admin/seeding/copy/?state__exact=trouble",
        )


def _clock() -> Iterator[Finding]:
    newest = Release.objects.first()
    if newest is not None and newest.published_at > timezone.now() + timedelta(minutes=5):
        yield Finding(
            Level.ERROR,
            _("The newest release is from the future: this computer's clock is wrong, or was."),
            _("Let the clock be set by the network: timedatectl set-ntp true"),
        )


def _programs() -> Iterator[Finding]:
    if program_for("windows") is None:
        yield Finding(
            Level.WARNING,
            _("There is no program for Windows, so most visitors get no Easy download."),
            _("Get or make one, and put it in place: manage.py templates add FILE"),
        )

    for platform in PLATFORMS:
        program = program_for(platform)
        if program is not None and version_key(program.version) < version_key(VERSION):
            yield Finding(
                Level.NOTE,
                _("The program for %(platform)s is of version %(old)s, the site of %(new)s.")
                % {
                    "platform": PLATFORM_NAMES[platform],
                    "old": program.version,
                    "new": VERSION,
                },
                _("Make it anew with 'make client' or 'make client-windows'; it takes over alone."),
            )


def _variables() -> Iterator[Finding]:
    # The settings name each variable that they read as a text.
    known = set(re.findall(r'"(PASSALONG_[A-Z_]+)"', SETTINGS.read_text()))
    for name in sorted(os.environ):
        is_ours = name.startswith("PASSALONG_") and not name.startswith(VARIABLES_OF_OTHERS)
        if is_ours and name not in known:
            yield Finding(
                Level.WARNING,
                _("The variable %(name)s means nothing to this version.") % {"name": name},
                _("It is misspelt, or gone with an update: README.md lists what there is."),
            )


def _mail() -> Iterator[Finding]:
    if not settings.EMAIL_URL:
        yield Finding(
            Level.NOTE,
            _("Mail is not set up, so nobody can get a new password alone."),
            _("Start with EMAIL_URL=smtp+tls://user:password@host:587"),
        )


def _second_factor() -> Iterator[Finding]:
    if User.objects.filter(is_staff=True, is_active=True, authenticator=None).exists():
        yield Finding(
            Level.NOTE,
            _("Somebody with access to the admin pages has no second factor."),
            _("Add an authenticator app or a passkey; the site's settings can want it of all."),
            "/accounts/2fa/",
        )


def _people() -> Iterator[Finding]:
    waiting = User.objects.filter(is_waiting=True, is_active=True).count()
    if waiting:
        yield Finding(
            Level.NOTE,
            ngettext(
                "%(number)s person waits for approval.",
                "%(number)s people wait for approval.",
                waiting,
            )
            % {"number": waiting},
            _("Choose them in the list and let them publish."),
            "/admin/accounts/user/?is_waiting__exact=1",
        )


def open_reports() -> Iterator[Finding]:
    """What moderators have to decide."""
    reports = Report.objects.filter(settled_at=None).count()
    if reports:
        yield Finding(
            Level.WARNING,
            ngettext(
                "%(number)s report waits for you.", "%(number)s reports wait for you.", reports
            )
            % {"number": reports},
            _("Look at what visitors reported."),
            "/admin/catalog/report/",
        )


def _reachable() -> Iterator[Finding]:
    site = Site.objects.current()
    try:
        with urllib.request.urlopen(  # noqa: S310 - the admin's own address
            f"{site.address}/api/v1/site", timeout=SECONDS_TO_ANSWER
        ) as answer:
            is_ours = answer.status == 200 and site.name.encode() in answer.read(10_000)
    except (URLError, OSError, ValueError):
        is_ours = False
    if not is_ours:
        yield Finding(
            Level.WARNING,
            _("Nothing that looks like this site answers at %(address)s.")
            % {"address": site.address},
            _("Check the saved address, the name in the DNS, and the proxy in front."),
            "/admin/site/site/1/change/",
        )


def _certificate() -> Iterator[Finding]:
    address = urlsplit(Site.objects.current().address)
    if address.scheme != "https":
        return
    host, port = address.hostname or "", address.port or 443
    try:
        with (
            socket.create_connection((host, port), SECONDS_TO_ANSWER) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
        ):
            ends = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"]))
    except (OSError, KeyError, ValueError) as error:
        yield Finding(
            Level.WARNING,
            _("The certificate of %(host)s could not be checked: %(error)s")
            % {"host": host, "error": error},
            _("Let the proxy in front get a new one."),
        )
        return
    if datetime.fromtimestamp(ends, UTC) < timezone.now() + CERTIFICATE_LASTS:
        yield Finding(
            Level.WARNING,
            _("The certificate of %(host)s ends in less than two weeks.") % {"host": host},
            _("Let the proxy in front get a new one."),
        )


def _set_up() -> Iterator[Finding]:
    yield Finding(
        Level.ERROR,
        _("Nobody has set the site up yet."),
        _("Open the address that 'manage.py serve' printed."),
        "/setup/",
    )


def safe_findings(*, thorough: bool = False) -> list[Finding]:
    """The same, for moments when there may be no database or no site yet."""
    try:
        if not Site.objects.is_set_up():
            return list(_set_up())
        return findings(thorough=thorough)
    except DatabaseError as error:
        what = _("The database does not answer: %(error)s") % {"error": error}
        remedy = _("Start the site once with 'manage.py serve', or check DATABASE_URL.")
        return [Finding(Level.ERROR, what, remedy)]


_LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    *(_debug, _data_folder, _address, _tracker, _broker, _worker, _copies, _clock),
    *(_programs, _variables, _mail, _second_factor, _people, open_reports),
)
_THOROUGH_LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (_reachable, _certificate)
