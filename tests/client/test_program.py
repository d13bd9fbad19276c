"""The command line: commands, options, exit codes, one sentence on stderr."""

import itertools
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.commands import _stop_on_signals
from client.errors import UsageError
from client.jobs.stopping import StopRule
from client.opening.what import open_torrent
from client.options import is_for_window, read_arguments, wishes
from client.program import _is_text, main
from installer import VERSION
from installer.formats import ticket
from tests.client.conftest import QUIET, Tracker
from tests.client.site_double import SiteDouble
from tests.programs import ROOT

QUIETLY = [word for name, value in QUIET for word in ("--setting", f"{name}={value}")]


@pytest.fixture
def song(tmp_path: Path, state: Path) -> Path:
    path = tmp_path / "Mein Lied.ogg"
    path.write_bytes(b"la" * 100_000)
    return path


def test_options_may_stand_anywhere() -> None:
    options = read_arguments(["--no-window", "download", "--stop-when", "complete", "x.torrent"])
    assert (options.command, options.words) == ("download", ["x.torrent"])
    assert options.stop_when == StopRule(when_complete=True)


def test_a_word_that_is_no_command_is_what_to_open() -> None:
    options = read_arguments(["x.torrent", "--save-to", "here"])
    assert (options.command, options.words, options.save_to) == (
        "open",
        ["x.torrent"],
        Path("here"),
    )


def test_options_reach_the_engine() -> None:
    rates = ["--max-upload", "20", "--max-download", "2M"]
    places = ["--port-range", "7000-7010", "--ip", "192.0.2.7", "--polite"]
    wanted = wishes(read_arguments(["x", *rates, *places, "--setting", "enable_dht=true"]))
    assert (wanted.limits.upload, wanted.limits.download) == (20_000, 2_000_000)
    assert (wanted.ports, wanted.announce_ip) == ((7000, 7010), "192.0.2.7")
    assert wanted.settings == (("enable_dht", "true"),)
    assert wanted.is_polite


@pytest.mark.parametrize(
    "words", ["--title T", "--description=D", "--category C", "--hybrid", "--save-as x"]
)
def test_what_the_window_would_not_heed_is_done_without_it(words: str) -> None:
    argv = ["publish", "x.passalong", "film", *words.split()]
    assert not is_for_window(read_arguments(argv))
    assert _is_text(argv)


@pytest.mark.parametrize(
    "words",
    [
        "--stop-when never x",
        "--stop-when ratio:-1 x",
        "--stop-when ratio:nan x",
        "--port-range 0-5 x",
        "--port-range 9-5 x",
        "--max-upload fast x",
        "--ip example.org x",
        "--setting enable_dht x",
        "--bogus",
        "seed x",
        "download",
        "one two",
    ],
)
def test_wrong_usage_is_refused(words: str) -> None:
    with pytest.raises(UsageError):
        read_arguments(words.split())


def test_wrong_usage_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert capsys.readouterr().err == (
        "This program carries nothing. Give it a .torrent file, a ticket or a link; "
        "--help says more.\n"
    )


def test_a_failure_is_exit_code_1_and_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing\x1b.torrent"]) == 1
    assert capsys.readouterr().err == "There is no file nothing\N{REPLACEMENT CHARACTER}.torrent.\n"


def test_says_its_version() -> None:
    command = [sys.executable, "-m", "client", "--version"]
    assert subprocess.check_output(command, text=True) == f"Passalong {VERSION}\n"


def test_makes_and_shows_a_torrent(
    song: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "x.torrent"
    arguments = ["--hybrid", "--tracker", "http://192.0.2.1/announce", "--output", str(made)]
    assert main(["make", str(song), *arguments]) == 0
    assert main(["show", str(made)]) == 0
    shown = capsys.readouterr().out
    assert "Name: Mein Lied.ogg\n" in shown
    assert "Info-hash of version 2: " in shown


def test_gives_a_torrent_another_tracker_and_keeps_its_info_hash(
    song: Path, tmp_path: Path
) -> None:
    made = tmp_path / "x.torrent"
    main(["make", str(song), "--hybrid", "--output", str(made)])
    before = open_torrent(made).metainfo
    assert main(["reannounce", "http://192.0.2.2/announce", str(made)]) == 0
    after = open_torrent(made).metainfo
    assert after.announce == (("http://192.0.2.2/announce",),)
    assert (after.info_hash, after.piece_layers) == (before.info_hash, before.piece_layers)


def test_publishes_and_downloads_with_the_real_program(
    song: Path, site: SiteDouble, tracker: tuple[Tracker, str], tmp_path: Path
) -> None:
    published = {"info_hash": "ab", "page_url": f"{site.url}/torrents/ab/", "torrent_url": "t"}
    site.answer("/api/v1/torrents", json.dumps(published).encode(), 201)
    (tmp_path / "t.passalong").write_bytes(ticket.write(site.ticket(announce=(tracker[1],))))
    command = [sys.executable, "-m", "client", *QUIETLY, "--no-window"]
    home = tmp_path / "bob"
    with subprocess.Popen(
        [*command, "publish", str(tmp_path / "t.passalong"), str(song)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as alice:
        assert alice.stdout is not None
        assert alice.stdout.readline() == f"Published: {site.url}/torrents/ab/\n"
        site.answer("/song.torrent", site.asked[-1].body)
        bob = subprocess.run(
            [*command, f"{site.url}/song.torrent", "--stop-when=complete", f"--save-to={home}"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        alice.send_signal(signal.SIGTERM)
        _, errors = alice.communicate(timeout=20)
    assert (bob.returncode, bob.stdout) == (0, f"Complete: {home / 'Mein Lied.ogg'}\n")
    assert (home / "Mein Lied.ogg").read_bytes() == song.read_bytes()
    assert alice.returncode == 0, errors


@pytest.fixture
def handlers() -> Iterator[None]:
    """Give the signals back afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
def test_a_ctrl_c_that_arrives_twice_is_one() -> None:
    stop = _stop_on_signals(itertools.count(0, 0.2).__next__)
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)
    assert stop.is_asked


@pytest.mark.usefixtures("handlers")
def test_a_second_ctrl_c_stops_at_once() -> None:
    _stop_on_signals(itertools.count(0, 2.0).__next__)
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_group_that_gets_every_signal_twice_stops_cleanly(song: Path, tmp_path: Path) -> None:
    made = tmp_path / "x.torrent"
    main(["make", str(song), "--output", str(made)])
    command = [sys.executable, "-m", "client", *QUIETLY, str(made), f"--save-to={tmp_path / 'bob'}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as bob:
        assert bob.stderr is not None
        lines = iter(bob.stderr.readline, "")
        assert any(line.startswith("Downloading") for line in lines)
        bob.send_signal(signal.SIGINT)
        bob.send_signal(signal.SIGINT)
        assert [*lines][-1] == ("Stopped before it was complete. Start it again to continue.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["make", "{song}", "--output", "{folder}/nowhere/x"], "there is no folder"),
        (["make", "{song}", "--output", "{folder}"], "is a folder"),
        (["make", "{song}", "--output", "{folder}/" + 300 * "x"], "File name too long"),
        (["make", "~nobody-of-that-name/x"], "nobody called nobody-of-that-name"),
        (["--no-window", "seed", "{torrent}", "{odd}/song"], "not valid UTF-8"),
        (["--no-window", "--save-to", "{odd}/new", "{torrent}"], "not valid UTF-8"),
    ],
)
def test_says_why_a_place_will_not_do(
    words: list[str], sentence: str, song: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    odd.mkdir()
    (odd / "song").write_bytes(song.read_bytes())
    torrent = tmp_path / "song.torrent"
    assert main(["make", str(song), "--output", str(torrent)]) == 0
    capfd.readouterr()
    places = {"song": song, "folder": tmp_path, "odd": odd, "torrent": torrent}
    assert main([word.format(**places) for word in words] + QUIETLY) == 1
    said = capfd.readouterr().err
    assert sentence in said
    assert "Reading" not in said


@pytest.mark.parametrize("words", ["--setting no_such=1 x", "make x --tracker nonsense"])
def test_unknown_settings_and_trackers_are_wrong_usage(words: str) -> None:
    assert main(words.split()) == 2


@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-", "| true", "> /dev/full"])
def test_a_program_that_nobody_listens_to_says_nothing_odd(closing: str, song: Path) -> None:
    command = f"{sys.executable} -m client make {shlex.quote(str(song))} --output {song.parent}/t"
    shell = ["sh", "-c", f"{command} {closing}"]
    said = subprocess.run(shell, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert "Traceback" not in said.stderr
    assert (song.parent / "t").is_file()
