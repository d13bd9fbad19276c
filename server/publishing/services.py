"""Issuing tickets, and publishing with one: the deeds that touch tickets and catalog together.

Every refusal is a `PublishingError`.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from installer.errors import FormatError
from installer.formats import metainfo
from installer.formats import ticket as ticket_format
from installer.formats.metainfo import Limits, Metainfo
from server.accounts.models import User
from server.accounts.roles import MAY_PUBLISH
from server.catalog.models import Category, Release
from server.catalog.services import add_release
from server.feeds.pinging import feed_has_changed
from server.site.models import Site
from server.tracker.models import BlockedTorrent

from . import errors
from .models import Ticket, hash_of

UPLOAD_PATH = "/api/v1/torrents"
DAY = timedelta(days=1)
GIGABYTE = 10**9
KEPT_AFTER_EXPIRY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Words:
    """What a publisher says about a release; empty means that the site chooses."""

    title: str = ""
    description: str = ""
    category: str = ""


Trackers = Sequence[Sequence[str]]
OUR_TRACKER: Trackers = ()


@dataclass(frozen=True, slots=True)
class Published:
    """The release, and whether it is there only since now."""

    release: Release
    is_new: bool


def may_publish(user: User) -> bool:
    """Whether somebody may publish, at this moment."""
    return user.is_active and user.has_perm(MAY_PUBLISH)


def issue_ticket(user: User, now: datetime) -> tuple[Ticket, ticket_format.Ticket]:
    """Make a ticket: the row that stays, and the values that go to the publisher."""
    if not may_publish(user):
        raise errors.may_not_publish()
    site = Site.objects.current()
    _refuse_too_many(Ticket.objects.filter(user=user, issued_at__gt=now - DAY).count())
    token = secrets.token_bytes(ticket_format.TOKEN_BYTES)
    expires_at = now + timedelta(minutes=settings.TICKET_MINUTES)
    row = Ticket.objects.create(
        token_hash=hash_of(token), user=user, issued_at=now, expires_at=expires_at
    )
    return row, ticket_format.Ticket(
        token=token,
        site_name=site.name,
        site_url=site.address,
        upload_url=site.url(UPLOAD_PATH),
        announce=site.announce_urls(),
        expires_at=int(expires_at.timestamp()),
        size_limit=settings.TORRENT_BYTES,
        user_name=user.get_username(),
    )


def known_ticket(token: bytes, now: datetime) -> Ticket:
    """The ticket of a token whose holder may publish, used or not."""
    ticket = Ticket.objects.known(now).select_related("user").filter(token_hash=hash_of(token))
    found = ticket.first()
    if found is None:
        raise errors.ticket_refused()
    if not may_publish(found.user):
        raise errors.may_not_publish()
    return found


def extend(ticket: Ticket, now: datetime) -> datetime:
    """Give a ticket more time, since its client is still hashing; at most a day in all."""
    until = min(now + timedelta(minutes=settings.TICKET_MINUTES), ticket.last_expiry)
    until = max(until, ticket.expires_at)
    if not Ticket.objects.usable(now).filter(pk=ticket.pk).update(expires_at=until):
        ticket.refresh_from_db()
        raise errors.ticket_used() if ticket.used_at else errors.ticket_refused()
    return until


def publish(token: bytes, torrent: bytes, words: Words, now: datetime) -> Published:
    """Publish a torrent with a ticket: once, whole, or not at all."""
    ticket = known_ticket(token, now)
    content = read_torrent(torrent)
    category = _category(words.category)
    with transaction.atomic():
        info_hash = content.info_hash.hex()
        # The update is what makes a ticket single-use: of many at once, one finds the row unused.
        if (
            not Ticket.objects.usable(now)
            .filter(pk=ticket.pk)
            .update(used_at=now, info_hash=info_hash)
        ):
            return _published_before(ticket, info_hash)
        published = _publish(content, ticket.user, words, category, now)
        Ticket.objects.filter(pk=ticket.pk).update(release=published.release)
        return published


def publish_as(
    user: User,
    torrent: bytes,
    words: Words,
    now: datetime,
    *,
    keeps_trackers: bool = False,
    is_limited: bool = True,
) -> Published:
    """Publish a torrent for somebody who needs no ticket: signed in, or at the command line.

    Its peers meet at our tracker, or go on meeting at the trackers it came with.
    """
    if not may_publish(user):
        raise errors.may_not_publish()
    content = read_torrent(torrent)
    trackers = content.announce if keeps_trackers else OUR_TRACKER
    if keeps_trackers and not trackers:
        raise errors.no_trackers()
    category = _category(words.category)
    with transaction.atomic():
        return _publish(content, user, words, category, now, trackers, is_limited=is_limited)


def read_torrent(torrent: bytes) -> Metainfo:
    """Check a torrent from outside."""
    try:
        content = metainfo.read(torrent, Limits(torrent_bytes=settings.TORRENT_BYTES))
    except FormatError as error:
        raise errors.torrent_refused(error) from error
    limit = Site.objects.current().largest_release_gb
    if limit and content.total_size > limit * GIGABYTE:
        raise errors.too_large(limit)
    return content


def delete_long_expired(now: datetime) -> int:
    """Forget tickets with which nothing can be done any more; how many there were."""
    number, _by_model = Ticket.objects.filter(expires_at__lt=now - KEPT_AFTER_EXPIRY).delete()
    return number


def _publish(
    torrent: Metainfo,
    user: User,
    words: Words,
    category: Category | None,
    now: datetime,
    trackers: Trackers = OUR_TRACKER,
    *,
    is_limited: bool = True,
) -> Published:
    info_hash = torrent.info_hash.hex()
    if BlockedTorrent.objects.filter(info_hash=info_hash).exists():
        raise errors.blocked()
    existing = Release.objects.filter(info_hash=info_hash).first()
    if existing is None:
        if is_limited:
            lately = Release.objects.filter(publisher=user, published_at__gt=now - DAY)
            _refuse_too_many(lately.count())
        try:
            with transaction.atomic():
                release = _add(torrent, user, words, category, now, trackers)
                feed_has_changed(now)
                return Published(release, is_new=True)
        except IntegrityError:  # Somebody else published it since we looked.
            existing = Release.objects.get(info_hash=info_hash)
    if existing.publisher_id != user.pk:
        raise errors.already_published()
    return Published(existing, is_new=False)


def _refuse_too_many(lately: int) -> None:
    limit = Site.objects.current().uploads_per_day
    if limit and lately >= limit:
        raise errors.too_many_uploads(limit)


def _add(
    torrent: Metainfo,
    user: User,
    words: Words,
    category: Category | None,
    now: datetime,
    trackers: Trackers,
) -> Release:
    try:
        return add_release(
            torrent,
            user,
            title=words.title,
            description=words.description,
            category=category,
            trackers=trackers,
            now=now,
        )
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        sentences = " ".join(messages)
        raise errors.words_refused(field, f"{field.capitalize()}: {sentences}") from error


def _published_before(ticket: Ticket, info_hash: str) -> Published:
    ticket.refresh_from_db()
    if ticket.used_at is None:
        raise errors.ticket_refused()
    if ticket.info_hash != info_hash:
        raise errors.ticket_used()
    if ticket.release is None:
        raise errors.release_removed()
    return Published(ticket.release, is_new=False)


def _category(slug: str) -> Category | None:
    if not slug:
        return None
    category = Category.objects.filter(slug=slug.replace("\x00", "")).first()
    if category is None:
        known = ", ".join(Category.objects.values_list("slug", flat=True)) or _("none yet")
        message = _("There is no such category. The ones of this site are: %(known)s.")
        raise errors.words_refused("category", message % {"known": known})
    return category
