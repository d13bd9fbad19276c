"""Progress as text."""

import io
from dataclasses import replace

import pytest

from client.jobs.progress import Phase, Progress
from client.terminal import Terminal, line
from client.words import duration, printable, size


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


DOWNLOADING = Progress(
    Phase.DOWNLOADING, name="song", done_bytes=420, total_bytes=1000, rate=58, peers=1
)


def test_says_name_percent_speed_time_left_and_peers() -> None:
    expected = (
        "Downloading: song · 42.0 % · 420 bytes of 1 kB · 58 bytes/s · 10 seconds left · 1 peer"
    )
    assert line(DOWNLOADING) == expected


def test_rewrites_one_line_on_a_terminal() -> None:
    screen = Screen()
    terminal = Terminal(screen, lambda: 0.0)
    terminal.show(DOWNLOADING)
    terminal.show(Progress(Phase.DONE, name="song"))
    assert screen.getvalue().count("\r") == 2
    assert "\n" not in screen.getvalue()


def test_writes_a_line_per_change_of_phase_elsewhere() -> None:
    log = io.StringIO()
    terminal = Terminal(log, lambda: 0.0)
    for progress in (DOWNLOADING, DOWNLOADING, Progress(Phase.DONE, name="song")):
        terminal.show(progress)
    assert len(log.getvalue().splitlines()) == 2


def test_writes_a_line_every_few_seconds_elsewhere() -> None:
    log = io.StringIO()
    times = iter(range(0, 1000, 6))
    terminal = Terminal(log, lambda: float(next(times)))
    terminal.show(DOWNLOADING)
    terminal.show(DOWNLOADING)
    assert len(log.getvalue().splitlines()) == 2


@pytest.mark.parametrize("screen", [Screen(), io.StringIO()])
def test_a_name_cannot_command_the_terminal(screen: io.StringIO) -> None:
    name = "\x1b[2Jsong\x07\u202egpj\n"
    Terminal(screen).show(Progress(Phase.SHARING, name=name, notice=name))
    assert not {"\x1b", "\x07", "\u202e"} & set(screen.getvalue())


def test_says_a_notice_once() -> None:
    log = io.StringIO()
    terminal = Terminal(log, lambda: 0.0)
    for _ in range(3):
        terminal.show(Progress(Phase.SHARING, notice="Nobody answers"))
    assert log.getvalue().count("Nobody answers.") == 1


def test_says_once_that_the_site_has_its_own_copy() -> None:
    log = io.StringIO()
    terminal = Terminal(log, lambda: 0.0)
    for has_copy in (False, True, True):
        terminal.show(Progress(Phase.SHARING, has_site_copy=has_copy))
    assert log.getvalue().count("The site has its own copy now; you may stop.") == 1


def test_never_says_all_before_all_is_there() -> None:
    assert Progress(Phase.DOWNLOADING, done_bytes=999_999, total_bytes=1_000_000).percent == 99.9


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "2 kB"), (588e6, "588.0 MB")]
)
def test_sizes(count: float, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "5 seconds"), (42, "40 seconds"), (60, "1 minute"), (7300, "2 hours"), (3e5, "3 days")],
)
def test_times(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_printable_keeps_letters() -> None:
    assert printable("Ünter ö 🎵") == "Ünter ö 🎵"


def test_a_long_name_is_cut_and_its_figures_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "101")
    screen = Screen()
    Terminal(screen).show(replace(DOWNLOADING, name="song" * 50))
    text = screen.getvalue().removeprefix("\r")
    assert len(text) == 100
    assert "… · 42.0 %" in text
    assert text.endswith("1 peer")


def test_says_it_when_nobody_is_online() -> None:
    log = io.StringIO()
    Terminal(log).show(replace(DOWNLOADING, rate=0, peers=0, copies_elsewhere=0))
    assert "Nobody who has this file is online right now" in log.getvalue()
