"""The progress of a job as text: one line that rewrites itself, or a log for pipes and files."""

import sys
import time
from collections.abc import Callable
from shutil import get_terminal_size
from typing import TextIO

from client.jobs.progress import Phase, Progress
from client.words import decimal, duration, ngettext, printable, size
from client.words import gettext as _
from installer.errors import Text

_LOG_SECONDS = 5.0
_SHORTEST_NAME = 8

_WORDS = {
    Phase.ASKING: Text("Looking for somebody who has it"),
    Phase.MOVING: Text("Moving what is here already"),
    Phase.HASHING: Text("Reading"),
    Phase.UPLOADING: Text("Publishing"),
    Phase.CHECKING: Text("Checking"),
    Phase.DOWNLOADING: Text("Downloading"),
    Phase.WRITING: Text("Writing to disk"),
    Phase.SHARING: Text("Sharing"),
    Phase.DONE: Text("Done"),
}


class Terminal:
    """Writes progress to one stream; only what changed, and not too often."""

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        # Asked for only now: a stream that was closed has been replaced since the start.
        self._stream = stream or sys.stderr
        self._clock = clock
        self._is_live = self._stream.isatty()
        self._phase: Phase | None = None
        self._notice = ""
        self._has_told_of_copy = False
        self._written_at = 0.0
        self._width = 0

    def show(self, progress: Progress) -> None:
        """Write this moment, if it is worth a line."""
        notice = progress.notice or (_alone() if progress.is_alone else "")
        if notice and notice != self._notice:
            self.say(notice if notice.endswith((".", "…", "?", "!")) else f"{notice}.")
        self._notice = notice or self._notice
        if progress.has_site_copy and not self._has_told_of_copy:
            self._has_told_of_copy = True
            self.say(_("The site has its own copy now; you may stop."))
        if self._is_live:
            # The last column stays free: some terminals go on to the next line with it.
            self._rewrite(line(progress, get_terminal_size().columns - 1))
        elif progress.phase != self._phase or self._clock() - self._written_at >= _LOG_SECONDS:
            self._write(line(progress))
        self._phase = progress.phase

    def say(self, sentence: str) -> None:
        """Write a line that stays."""
        self.end()
        self._write(sentence)

    def end(self) -> None:
        """Leave the line that rewrites itself."""
        if self._width:
            self._stream.write("\n")
            self._stream.flush()
        self._width = 0

    def _write(self, text: str) -> None:
        self._written_at = self._clock()
        self._stream.write(f"{printable(text)}\n")
        self._stream.flush()

    def _rewrite(self, text: str) -> None:
        self._stream.write(f"\r{text.ljust(self._width)}")
        self._stream.flush()
        self._width = len(text)


def _alone() -> str:
    return _(
        "Nobody who has this file is online right now; it goes on by itself as soon as someone is."
    )


def line(progress: Progress, width: int = 0) -> str:
    """One moment of a job in words; of a long name as much as there is room for."""
    before = f"{_(_WORDS[progress.phase])}: "
    figures = "".join(f" · {part}" for part in _parts(progress))
    name = printable(progress.name)
    room = max(_SHORTEST_NAME, width - len(before) - len(figures))
    if width and len(name) > room:
        name = f"{name[: room - 1]}…"
    text = before + name + figures
    return text[:width] if width else text


def _parts(progress: Progress) -> list[str]:
    parts = []
    if progress.phase in {Phase.HASHING, Phase.CHECKING, Phase.DOWNLOADING}:
        parts.append(f"{decimal(progress.percent, 1)} %")
    if progress.phase is Phase.DOWNLOADING:
        done, total = size(progress.done_bytes), size(progress.total_bytes)
        parts.append(_("{done} of {total}").format(done=done, total=total))
        parts.append(f"{size(progress.rate)}/s")
        if progress.seconds_left is not None:
            parts.append(_("{time} left").format(time=duration(progress.seconds_left)))
    if progress.phase is Phase.SHARING:
        parts.append(_("{amount} given").format(amount=size(progress.uploaded_bytes)))
        parts.append(f"{size(progress.upload_rate)}/s")
    if progress.phase in {Phase.ASKING, Phase.DOWNLOADING, Phase.SHARING}:
        parts.append(_people(progress.peers))
    return parts


def _people(count: int) -> str:
    return ngettext("{count} peer", "{count} peers", count).format(count=count)
