"""A job that runs in a thread of its own, for a window that must never wait for it."""

import threading
from collections.abc import Callable, Iterator

from client.errors import JobError, JobStopped
from client.jobs.progress import Progress
from client.jobs.stopping import Stop
from client.words import gettext as _
from client.words import sentence
from installer.errors import PassalongError

Work = Callable[[Stop], Iterator[Progress]]


class Running:
    """One run of a job. `progress` is the last moment; `error` is set when it ended badly."""

    def __init__(self, work: Work, start: Progress) -> None:
        self.progress = start
        self.error = ""
        self.trouble: object | None = None
        self._stop = Stop()
        self._thread = threading.Thread(target=self._run, args=(work,), name="job", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether the job still works."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ask it to end; what it has is kept."""
        self._stop.ask()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, no later than after so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self, work: Work) -> None:
        try:
            for progress in work(self._stop):
                self.progress = progress
        except JobStopped:
            pass
        except PassalongError as error:
            self.trouble = error.trouble if isinstance(error, JobError) else None
            self.error = sentence(error)
        except Exception as error:
            text = _("Something unexpected happened ({error}).")
            self.error = text.format(error=f"{type(error).__name__}: {error}")
