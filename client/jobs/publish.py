"""Publishing with an upload ticket: hash, hand the torrent to the site, share the files."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from client.engine.transfer import Engine, Order
from client.errors import JobError, SiteError
from client.folders.keeping import open_kept
from client.folders.targets import check_text
from client.jobs.copying import ASK_SECONDS, tell_of_copy
from client.jobs.following import follow
from client.jobs.making import Making, Recipe
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop, StopRule
from client.jobs.waiting import answer_of, rest
from client.jobs.workers import Standby
from client.opening.what import read_torrent
from client.site.publishing import Published, Words, extend, upload
from client.site.site_copy import has_site_copy
from client.words import Number
from client.words import gettext as _
from installer.formats.ticket import Ticket

_EXTEND_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published, and with which ticket.

    `patience` are the seconds to wait before each further attempt to reach the site, `copy_pause`
    those between two questions whether it has its own copy. Workers that stand by are taken or
    sent away.
    """

    ticket: Ticket
    path: Path
    words: Words
    is_hybrid: bool = False
    patience: tuple[float, ...] = (2.0, 5.0, 15.0, 30.0, 60.0)
    copy_pause: float = ASK_SECONDS
    standby: Standby = field(default_factory=Standby)


def publish(
    publication: Publication,
    state: Path,
    engine: Engine,
    stop: Stop,
    rule: StopRule,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Progress]:
    """Publish, and share until the rule is met."""
    ticket = publication.ticket
    with closing(publication.standby):
        making = Making(
            publication.path,
            Recipe(announce=ticket.announce, is_hybrid=publication.is_hybrid),
            standby=publication.standby,
        )
        files = making.collection
        check_text(files.root.parent)
        _check_size(files.total_size, ticket)
        yield from _hash(making, ticket, stop, clock)
    start = Progress(
        Phase.UPLOADING,
        name=files.name,
        site_name=ticket.site_name,
        done_bytes=files.total_size,
        total_bytes=files.total_size,
        place=files.root,
    )
    yield start
    torrent = read_torrent(making.torrent(), ticket.site_name)
    published = yield from _upload(publication, torrent.content, start, stop)
    info_hash = torrent.metainfo.info_hash
    with closing(open_kept(state, info_hash, files.root.parent)) as kept:
        kept.keep(torrent.content, files.name, is_ours=False)
        order = Order(
            info_hash,
            files.root.parent,
            torrent=torrent.content,
            files=files.paths,
            is_share_only=True,
            is_complete=True,
        )
        shared = Progress(
            Phase.SHARING,
            name=files.name,
            site_name=ticket.site_name,
            total_bytes=files.total_size,
            place=files.root,
            page_url=published.page_url,
        )
        moments = follow(engine, order, kept, shared, stop, rule, clock)
        yield from tell_of_copy(
            moments, lambda: has_site_copy(ticket.upload_url, info_hash), publication.copy_pause
        )


def _upload(
    publication: Publication, content: bytes, start: Progress, stop: Stop
) -> Generator[Progress, None, Published]:
    """Hand the torrent over; a line or a site that is down for a moment is tried again."""
    for pause in (*publication.patience, None):
        try:
            return answer_of(lambda: upload(publication.ticket, content, publication.words), stop)
        except SiteError as error:
            if pause is None or not error.is_passing:
                raise
            notice = _("{reason} It is tried again.").format(reason=error)
            yield replace(start, notice=notice)
            rest(pause, stop)
    raise AssertionError("the last attempt returns or raises")


def _check_size(total_size: int, ticket: Ticket) -> None:
    if ticket.size_limit and total_size > ticket.size_limit:
        raise JobError(
            _("{site_name} accepts at most {size_limit:,} bytes; this has {total_size:,}.").format(
                site_name=ticket.site_name,
                size_limit=Number(ticket.size_limit),
                total_size=Number(total_size),
            )
        )


def _hash(
    making: Making, ticket: Ticket, stop: Stop, clock: Callable[[], float]
) -> Iterator[Progress]:
    """Hash, and ask the site every minute to keep the ticket valid meanwhile."""
    extend_at = clock() + _EXTEND_SECONDS
    for progress in making.run(stop):
        yield progress
        if clock() >= extend_at:
            extend_at = clock() + _EXTEND_SECONDS
            _extend(ticket, stop)


def _extend(ticket: Ticket, stop: Stop) -> None:
    try:
        answer_of(lambda: extend(ticket), stop)
    except SiteError as error:
        # A refusal will not get better by hashing on; a line that is down for a moment may.
        if not error.is_passing:
            raise
