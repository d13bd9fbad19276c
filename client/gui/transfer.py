"""One transfer of the window: a job that can be paused and taken up again. Needs no screen."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from client.engine.transfer import Limits, Tuning
from client.engine.trouble import Kind, Trouble, folder_gone, helps_elsewhere
from client.errors import JobError
from client.folders.places import is_there
from client.folders.shelf import Shelved
from client.gui.errand import Errand
from client.gui.presenter import Card, Standing, present
from client.jobs.progress import Phase, Progress
from client.jobs.running import Running, Work
from client.jobs.stopping import Stop
from installer.formats.magnet import Magnet

RETRY_SECONDS = 15.0
_MAY_PASS = frozenset({Kind.DISK_FULL, Kind.FOLDER_GONE})


class Transfer:
    """One job, and what is kept of it on the shelf."""

    def __init__(
        self,
        work: Work,
        shelved: Shelved,
        start: Progress,
        is_whole: Callable[[Shelved], bool] = lambda _: True,
        link: Magnet | None = None,
    ) -> None:
        self.shelved = shelved
        self.link = link
        self._work = work
        self._is_whole = is_whole
        self._last = start
        self._running: Running | None = None
        self._is_wanted = shelved.is_active
        self._is_leaving = False
        self._error = ""
        self._failed_at = 0.0
        self._trouble: Kind | None = None
        self._is_outdated = False
        self._new_folder: Path | None = None
        self._search: Errand | None = None

    @property
    def progress(self) -> Progress:
        """The last moment of the job."""
        last = self._running.progress if self._running is not None else self._last
        return replace(
            last,
            site_name=last.site_name or self.shelved.site_name,
            page_url=last.page_url or self.shelved.page_url,
        )

    @property
    def standing(self) -> Standing:
        """How it stands."""
        if self._is_leaving:
            return Standing.LEAVES
        if self._running is not None and self._is_wanted:
            return Standing.RUNS
        if self._error:
            return Standing.FAILED
        return Standing.RESTS if self.progress.is_complete else Standing.PAUSED

    @property
    def is_waiting(self) -> bool:
        """Whether it failed but will be tried again without anybody's click."""
        return self.standing is Standing.FAILED and self._trouble in _MAY_PASS

    @property
    def card(self) -> Card:
        """How it is drawn."""
        is_movable = not self.shelved.is_share_only and helps_elsewhere(self._trouble)
        return present(self.progress, self.standing, self._error, is_movable=is_movable)

    @property
    def tuning(self) -> Tuning:
        """How the person wants it to go."""
        kept = self.shelved
        limits = Limits(kept.max_upload, kept.max_download)
        return Tuning(kept.priorities, kept.is_in_order, limits)

    @tuning.setter
    def tuning(self, wanted: Tuning) -> None:
        self.shelved = replace(
            self.shelved,
            priorities=wanted.priorities,
            is_in_order=wanted.is_in_order,
            max_upload=wanted.limits.upload,
            max_download=wanted.limits.download,
        )

    @property
    def is_at_work(self) -> bool:
        """Whether its thread has not ended yet."""
        return self._running is not None

    def start(self) -> None:
        """Begin, or go on. Only when that has failed, get anew what was complete and is gone."""
        self._begin(is_careful=self._last.is_complete and self._trouble is not Kind.FOLDER_GONE)

    def start_again(self) -> None:
        """End the job and begin it anew for other files, if it is at work."""
        self._is_outdated = True
        self.shelved = replace(self.shelved, is_complete=False)
        self._last = replace(self._last, is_complete=False)
        if self._running is not None and self._is_wanted:
            self._running.stop()

    def move(self, folder: Path) -> None:
        """Go on in another folder, with what is in this one."""
        if folder != Path(self.shelved.folder):
            self._new_folder = folder
        if self._running is None:
            self._settle_in()
            self.start()
        elif self._new_folder is not None:
            self._running.stop()

    def pause(self) -> None:
        """Rest until started again; what is here stays."""
        self._is_wanted = False
        if self._running is not None:
            self._running.stop()

    def leave(self) -> None:
        """End for good."""
        self._is_leaving = True
        self.pause()

    def stay(self) -> None:
        """What it saved could not be taken away, so it rests after all."""
        self._is_leaving = False

    def wait(self, seconds: float) -> None:
        """Let the thread end."""
        if self._running is not None:
            self._running.wait(seconds)
            self.look(0.0)

    def look(self, now: float) -> bool:
        """Notice that the thread has ended; true when something changed that must be kept."""
        running = self._running
        if running is None:
            return self._retry(now)
        is_alive = running.is_alive
        changed = self._learn(running.progress)
        if is_alive:
            return changed
        self._last = replace(
            running.progress,
            rate=0,
            upload_rate=0,
            peers=0,
            seeds=0,
            givers=0,
            takers=0,
            is_complete=running.progress.is_complete and not self._is_outdated,
        )
        self._running = None
        self._error = running.error if self._is_wanted else ""
        self._failed_at = now
        self._trouble = running.trouble.kind if isinstance(running.trouble, Trouble) else None
        if self._new_folder is not None:
            self._settle_in()
            self._error = ""
        if self._is_wanted and not self._error:
            self.start()
        return True

    def _settle_in(self) -> None:
        folder, self._new_folder = self._new_folder, None
        if folder is None:
            return
        # Until something has begun in a folder, what there is lies in the one before.
        kept = self.shelved
        before = kept.folder if kept.name or not kept.moved_from else kept.moved_from
        is_back = Path(before) == folder
        self.shelved = replace(
            kept,
            folder=str(folder),
            name="",
            moved_from="" if is_back else before,
            is_complete=False,
        )
        self._last = replace(
            self._last, phase=Phase.MOVING, done_bytes=0, place=None, is_complete=False
        )

    def _retry(self, now: float) -> bool:
        """A full disk or a drive that is gone may be mended without anybody telling us."""
        if not self._error or now - self._failed_at < RETRY_SECONDS:
            return False
        is_back = self._trouble is Kind.FOLDER_GONE and self._has_come_back(now)
        if not is_back and self._trouble is not Kind.DISK_FULL:
            return False
        self.start()
        return True

    def _has_come_back(self, now: float) -> bool:
        """Looked for in the background: a drive that went away may take long to answer."""
        if self._search is None:
            self._search = Errand(self._is_there)
            return False
        if not self._search.is_done:
            return False
        is_back, self._search = self._search.result is True, None
        self._failed_at = now
        return is_back

    def _is_there(self) -> bool:
        if self.shelved.is_complete:
            return self._is_whole(self.shelved)
        return is_there(self._last.place or Path(self.shelved.folder))

    def _begin(self, *, is_careful: bool) -> None:
        self._is_wanted = True
        self._error, self._trouble, self._search = "", None, None
        if self._running is None:
            self._is_outdated = False
            self._running = Running(self._carefully if is_careful else self._work, self._last)

    def _carefully(self, stop: Stop) -> Iterator[Progress]:
        """What was moved away on purpose is not fetched again unasked."""
        if not self._is_whole(self.shelved):
            trouble = folder_gone(self.shelved.folder, is_own=self.shelved.is_share_only)
            raise JobError(trouble.sentence, trouble=trouble)
        yield from self._work(stop)

    def _learn(self, progress: Progress) -> bool:
        place = progress.place
        info_hash = progress.info_hash.hex() or self.shelved.info_hash
        learned = replace(
            self.shelved,
            info_hash=info_hash,
            # A ticket is good for one upload.
            ticket="" if info_hash else self.shelved.ticket,
            name=place.name if place is not None else self.shelved.name,
            page_url=progress.page_url or self.shelved.page_url,
            is_complete=not self._is_outdated
            and (progress.is_complete or self.shelved.is_complete),
            is_active=self._is_wanted,
        )
        changed = learned != self.shelved
        self.shelved = learned
        return changed
