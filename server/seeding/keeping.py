"""Keeps copies as the database says: fetches, shares and deletes them, and notes how they are."""

import logging
import shutil
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from server.catalog.models import Release
from server.catalog.services import add_carried_by_site, torrent_bytes
from server.site.models import Site

from . import choosing, pulse, services
from .meeting import Meeting, meeting_of
from .models import Copy
from .places import files_of, folder_of, is_copy, resume_of
from .session import News, Session

log = logging.getLogger(__name__)

BETWEEN_SAVES = timedelta(minutes=1)
BETWEEN_BEATS = timedelta(seconds=30)
BETWEEN_MEETINGS = timedelta(minutes=10)  # the address behind a name may change
PRIVATE_FOLDER = 0o700


class Keeper:
    """One run of the seeder."""

    def __init__(self, name: str, port: int) -> None:
        self._name = name
        self._port = port
        self._session: Session | None = None
        self._news: dict[str, News] = {}
        self._given: dict[str, int] = {}  # what has been written down of `News.given`
        self._meeting: tuple[Meeting, datetime] | None = None
        self._save_at: datetime | None = None
        self._beat_at: datetime | None = None
        self._is_mine = True

    @property
    def port(self) -> int:
        """Where peers reach the site's own peer; 0 while it has nothing to share."""
        return self._session.port if self._session is not None else 0

    def look(self, now: datetime) -> None:
        """Bring copies and database together, unless another seeder does."""
        site = Site.objects.filter(pk=Site.ONLY).first()
        if site is None or not self._is_at_work(now):
            return
        self._write_down(now)
        choosing.choose(site, now)
        kept, due = _kept_and_due(now)
        self._delete_all_but(kept)
        if due or self._session is not None:
            self._work_on(self._opened(site, now), due, site, now)

    def listen(self, milliseconds: int, now: datetime) -> None:
        """Hear what happens to the copies in this time; the next look writes it down."""
        if self._session is None:
            time.sleep(milliseconds / 1000)
            return
        if self._save_at is None or now >= self._save_at:
            self._save_at = now + BETWEEN_SAVES
            self._session.save()
        self._hear(self._session.news(milliseconds))

    def close(self, now: datetime) -> None:
        """Save what is needed to go on, and leave the swarms."""
        if self._session is not None:
            self._hear(self._session.close())
            self._write_down(now)
            self._session = None
        pulse.end(self._name)

    def _is_at_work(self, now: datetime) -> bool:
        if self._beat_at is None or now >= self._beat_at:
            self._beat_at = now + BETWEEN_BEATS
            was_mine, self._is_mine = self._is_mine, pulse.beat(self._name, now)
            if was_mine != self._is_mine and not self._is_mine:
                log.warning("Another seeder of this site is at work; this one rests meanwhile.")
                self._session, self._news, self._given = None, {}, {}
        return self._is_mine

    def _hear(self, news: Iterable[News]) -> None:
        for each in news:
            if each.resume is not None:
                _write(resume_of(each.info_hash), each.resume)
            self._news[each.info_hash] = each

    def _opened(self, site: Site, now: datetime) -> Session:
        meeting = self._meeting_now(site, now)
        if self._session is None:
            self._session = Session(self._port, meeting)
            if self._port and self._session.port != self._port:
                log.warning(
                    "Port %d is taken, so the site's copies are shared on port %d. "
                    "PASSALONG_SEEDING_PORT names another one.",
                    *(self._port, self._session.port),
                )
        self._session.meet(meeting)
        return self._session

    def _meeting_now(self, site: Site, now: datetime) -> Meeting:
        if self._meeting is None or now - self._meeting[1] > BETWEEN_MEETINGS:
            self._meeting = (meeting_of(site), now)
        return self._meeting[0]

    def _work_on(self, session: Session, due: dict[str, int], site: Site, now: datetime) -> None:
        for info_hash in session:
            if info_hash not in due:
                self._remove(session, info_hash)
        missing = [pk for info_hash, pk in due.items() if info_hash not in session]
        for release in Release.objects.filter(pk__in=missing):
            try:
                _add(session, release, site)
            except (OSError, RuntimeError) as error:
                # One that cannot be worked on must not end the seeder, and with it the site.
                _warn_of_trouble(release, trouble := _words_of(error))
                services.has_trouble(Copy.objects.get(release=release), trouble, now)

    def _delete_all_but(self, kept: set[str]) -> None:
        folder = settings.COPIES_DIR
        if not folder.is_dir():
            return
        working = set(self._session or ())
        for each in filter(is_copy, folder.iterdir()):
            # What is still shared at this moment is deleted at the next look.
            if each.name not in kept and each.name not in working:
                shutil.rmtree(each, ignore_errors=True)

    def _write_down(self, now: datetime) -> None:
        copies = Copy.objects.filter(release__info_hash__in=self._news, state__in=Copy.KEPT)
        with transaction.atomic():
            # Locked, so that what an admin gives up at this moment is not brought back.
            for copy in copies.select_related("release").select_for_update(of=("self",)):
                self._note(copy, self._news[copy.release.info_hash], now)
        self._given |= {each.info_hash: each.given for each in self._news.values()}
        for each in self._news.values():
            if each.trouble and self._session is not None and each.info_hash in self._session:
                self._remove(self._session, each.info_hash)
        self._news = {}

    def _note(self, copy: Copy, news: News, now: datetime) -> None:
        before = copy.done_bytes, copy.given_bytes
        if news.is_whole or news.lacks_something:
            if news.done > copy.done_bytes:
                copy.progressed_at = now
            copy.done_bytes = news.done
        given = news.given - self._given.get(news.info_hash, 0)
        if given:
            copy.given_bytes += given
            add_carried_by_site({news.info_hash: given})
        if before != (copy.done_bytes, copy.given_bytes):
            copy.save(update_fields=["done_bytes", "given_bytes", "progressed_at"])
        if news.trouble:
            _warn_of_trouble(copy.release, news.trouble)
            services.has_trouble(copy, news.trouble, now)
        elif news.is_whole and copy.state != Copy.State.HERE:
            services.change(copy, Copy.State.HERE)
        elif news.lacks_something and copy.state != Copy.State.COMING:
            services.change(copy, Copy.State.COMING)

    def _remove(self, session: Session, info_hash: str) -> None:
        session.remove(info_hash)
        self._given.pop(info_hash, None)


def _kept_and_due(now: datetime) -> tuple[set[str], dict[str, int]]:
    """The info-hashes of all copies; and by theirs, the keys of the releases to work on now."""
    states = (Copy.State.HERE,) if choosing.is_disk_full() else Copy.KEPT
    kept: set[str] = set()
    due: dict[str, int] = {}
    rows = Copy.objects.filter(state__in=Copy.KEPT).values_list(
        "release__info_hash", "pk", "state", "next_at", "release__is_hidden"
    )
    for info_hash, key, state, next_at, is_hidden in rows:
        kept.add(info_hash)
        if state in states and not is_hidden and (next_at is None or next_at <= now):
            due[info_hash] = key
    return kept, due


def _add(session: Session, release: Release, site: Site) -> None:
    folder = folder_of(release.info_hash)
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    resume = resume_of(release.info_hash)
    session.add(
        release.info_hash,
        torrent_bytes(release, site),
        files_of(release.info_hash),
        resume.read_bytes() if resume.exists() else None,
    )


def _warn_of_trouble(release: Release, trouble: str) -> None:
    log.warning("The copy of %r is in trouble: %s", release.title, trouble)


def _words_of(error: OSError | RuntimeError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _write(path: Path, content: bytes) -> None:
    if not path.parent.is_dir():
        return  # let go meanwhile
    draft = path.with_suffix(".new")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        # The next start reads the files instead. Whether they fit on the disk, libtorrent tells.
        log.warning("%s could not be written: %s", path, error.strerror)
