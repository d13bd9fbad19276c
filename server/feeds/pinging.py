"""Telling aggregators and WebSub hubs that our feed has changed: off until the admin says yes.

A ping that is owed is a row. It is sent by the worker, again and again with growing pauses, and the
sweep finds whatever a crash has left.
"""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import F
from django.urls import reverse

from installer.errors import PassalongError
from server.site import xml_rpc
from server.site.models import Site
from server.site.outgoing import Question, ask
from server.site.waking import wake

from .models import Pinging, PingTarget

# Longer than one question takes, and short enough to be swept up within two minutes of a crash.
LEASE = timedelta(seconds=45)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
SEND_PING = "server.feeds.tasks.send_ping"
MOST_BYTES_OF_AN_ANSWER = 64_000


class PingRefusedError(PassalongError):
    """The other side answered, and it was not a yes."""


def feed_has_changed(now: datetime) -> None:
    """Owe everybody on the list a ping; nobody if pinging is off."""
    if not Pinging.objects.is_on():
        return
    targets = PingTarget.objects.filter(is_on=True)
    targets.update(wanted_at=now, next_at=now, attempts=0)
    for key in targets.values_list("pk", flat=True):
        wake(SEND_PING, key)


def due(now: datetime) -> list[int]:
    """The targets whose ping is owed and should be sent now."""
    if not Pinging.objects.is_on():
        return []
    owed = PingTarget.objects.filter(is_on=True, wanted_at__isnull=False, next_at__lte=now)
    return list(owed.values_list("pk", flat=True))


def send(key: int, now: datetime) -> None:
    """Send what is owed to one target; nothing when another worker is at it already."""
    if key not in due(now):
        return
    # The update decides between two workers: the second finds the time moved on.
    owed = PingTarget.objects.filter(pk=key, wanted_at__isnull=False, next_at__lte=now)
    if not owed.update(next_at=now + LEASE, attempts=F("attempts") + 1):
        return
    target = PingTarget.objects.get(pk=key)
    this_one = PingTarget.objects.filter(pk=key, wanted_at=target.wanted_at)
    try:
        _ping(target, Site.objects.current())
    except PassalongError as error:
        this_one.update(answer=str(error)[:200], **_next_try(target.attempts, now))
    else:
        # If something was published meanwhile, this finds no row and that ping stays owed.
        this_one.update(wanted_at=None, attempts=0, sent_at=now, answer="")


def _next_try(attempts: int, now: datetime) -> dict[str, datetime | None]:
    if attempts > len(PAUSES):
        return {"wanted_at": None}
    return {"next_at": now + PAUSES[attempts - 1]}


def _ping(target: PingTarget, site: Site) -> None:
    feed = site.url(reverse("feeds:everything"))
    if target.kind == PingTarget.Kind.XML_RPC:
        texts = (site.name, site.url("/"), site.url("/"), feed)
        body, content_type = xml_rpc.write_call("weblogUpdates.extendedPing", texts), "text/xml"
    else:
        body = urlencode({"hub.mode": "publish", "hub.url": feed}).encode()
        content_type = "application/x-www-form-urlencoded"
    answer = ask(
        Question(
            target.address,
            headers={"Content-Type": content_type},
            body=body,
            most_bytes=MOST_BYTES_OF_AN_ANSWER,
        )
    )
    if not 200 <= answer.status < 300:
        raise PingRefusedError(f"It answered {answer.status}.")
    if target.kind == PingTarget.Kind.XML_RPC and not xml_rpc.is_success(answer.content):
        raise PingRefusedError("It answered that it did not take the ping.")
