"""What each command of the command line does: it becomes a job, or the window.

What the jobs do is in `jobs`, how they look in `terminal` and `gui`.
"""

import argparse
import logging
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from client import tools
from client.asking import ask_path, ask_yes
from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.named_settings import check_settings
from client.engine.transfer import Engine
from client.errors import ClientError, UsageError
from client.folders.keeping import check_writable, write_whole
from client.folders.places import downloads_folder, full_path, state_folder
from client.folders.preferences import read_preferences
from client.folders.targets import shortened
from client.install.installing import uninstall
from client.installation import (
    end_window,
    install_and_hand_over,
    install_as_chosen,
)
from client.jobs.download import Saving, download
from client.jobs.making import Making, Recipe
from client.jobs.progress import Progress
from client.jobs.publish import Publication, publish
from client.jobs.seed import seed
from client.jobs.stopping import Stop
from client.jobs.workers import Standby
from client.opening.own import own_record
from client.opening.payload import open_record, unpack
from client.opening.what import Torrent, What, open_ticket, open_torrent, open_what
from client.options import is_for_window, request_for, wishes
from client.site.fetching import fetch
from client.site.publishing import Words, warning_for
from client.terminal import Terminal
from client.words import gettext as _
from client.words import printable, reason_of, speak
from installer.formats.magnet import Magnet
from installer.formats.ticket import Ticket

# A Ctrl-C reaches the frozen program twice: the terminal signals the whole group, and PyInstaller's
# bootloader hands its own signal on.
_SAME_SECONDS = 1.0

Work = Callable[[Engine, Stop], Iterator[Progress]]


def run(options: argparse.Namespace) -> None:
    """Do what the command line asks."""
    speak(read_preferences(state_folder())[0].language)
    check_settings(options.setting)
    _open_log(options.log)
    _COMMANDS[options.command](options)


def _window(options: argparse.Namespace) -> bool:
    """Do it in the window; false when it has to be done as text."""
    if not is_for_window(options):
        return False
    try:
        from client.gui import starting
    except ImportError:
        options.why_text = _("This program has no window: its Python came without tkinter.")
        return False
    root = starting.connect_screen()
    if root is None:
        options.why_text = _("There is no screen to open a window on.")
        return False
    state, request = state_folder(), request_for(options, own_record())
    if options.portable or not install_and_hand_over(state, request):
        said = wishes(options)
        starting.run(root, state, request, LibtorrentEngine, said, is_quiet=options.quiet)
    return True


def _open(options: argparse.Namespace) -> None:
    if _window(options):
        return
    what = open_what(options.words[0], fetch) if options.words else _carried()
    if what is None:
        raise UsageError(
            _(
                "This program carries nothing. Give it a .torrent file, a ticket or a link; "
                "--help says more."
            )
        )
    if isinstance(what, Ticket):
        _publish_with(what, None, options)
    else:
        _download_what(what, options)


def _download(options: argparse.Namespace) -> None:
    if _window(options):
        return
    what = open_what(options.words[0], fetch)
    if isinstance(what, Ticket):
        raise UsageError(_("That is an upload ticket; use it with: Passalong publish TICKET PATH"))
    _download_what(what, options)


def _publish(options: argparse.Namespace) -> None:
    if _window(options):
        return
    path = options.words[-1] if options.words else None
    if len(options.words) == 2:
        _publish_with(open_ticket(Path(options.words[0])), path, options)
        return
    carried = _carried()
    if isinstance(carried, Ticket):
        _publish_with(carried, path, options)
    elif options.words:
        _publish_with(open_ticket(Path(options.words[0])), None, options)
    else:
        raise UsageError(_("Which ticket? Passalong publish TICKET PATH"))


def _tell(sentence: str) -> None:
    print(printable(sentence), file=sys.stderr)


def _carried() -> What | None:
    record = own_record()
    return unpack(open_record(record, state_folder(), _tell), fetch) if record else None


def _download_what(what: Torrent | Magnet, options: argparse.Namespace) -> None:
    saving = _saving(what, options)

    def work(engine: Engine, stop: Stop) -> Iterator[Progress]:
        return download(what, saving, state_folder(), engine, stop, options.stop_when)

    _run(work, options)


def _saving(what: Torrent | Magnet, options: argparse.Namespace) -> Saving:
    if options.save_as is not None:
        path: Path = full_path(options.save_as)
        return Saving(path.parent, path.name)
    if options.save_to is not None:
        return Saving(full_path(options.save_to))
    if isinstance(what, Torrent):
        origin = _("from {site}").format(site=what.site_name) if what.site_name else ""
        print(printable(f"{what.metainfo.name} {origin}").rstrip(), file=sys.stderr)
    return Saving(ask_path(_("Where should I save it?"), downloads_folder()))


def _publish_with(ticket: Ticket, path: str | None, options: argparse.Namespace) -> None:
    with closing(Standby()) as standby:
        standby.call()  # They come up while we ask.
        warning = warning_for(ticket)
        if warning is not None:
            print(printable(warning), file=sys.stderr)
        question = _("Which file or folder should be published on {site}?")
        question = printable(question.format(site=ticket.site_name))
        chosen = full_path(Path(path)) if path is not None else ask_path(question)
        words = Words(options.title, options.description, options.category)
        publication = Publication(ticket, chosen, words, options.hybrid, standby=standby)

        def work(engine: Engine, stop: Stop) -> Iterator[Progress]:
            return publish(publication, state_folder(), engine, stop, options.stop_when)

        _run(work, options)


def _seed(options: argparse.Namespace) -> None:
    if _window(options):
        return
    torrent = open_torrent(Path(options.words[0]))
    path = Path(options.words[1])

    def work(engine: Engine, stop: Stop) -> Iterator[Progress]:
        return seed(torrent, path, state_folder(), engine, stop, options.stop_when)

    _run(work, options)


def _uninstall(options: argparse.Namespace) -> None:
    state = state_folder()
    is_forgetting = options.forget or (not options.quiet and ask_yes(_forget_question()))
    end_window(state)
    uninstall(state, is_forgetting=is_forgetting)
    print(_("Passalong is uninstalled. What you downloaded is still there."))


def _forget_question() -> str:
    return _("Should the settings and the list of downloads be forgotten too?")


def _make(options: argparse.Namespace) -> None:
    recipe = Recipe(options.tracker, options.hybrid, options.private, options.comment)
    making = Making(Path(options.words[0]), recipe)
    output = full_path(options.output or Path(shortened(making.collection.name, ".torrent")))
    check_writable(output)
    _show(making.run(_stop_on_signals()))
    write_whole(output, making.torrent())
    print(output)


def _print(lines: Iterator[str]) -> None:
    for text in lines:
        print(printable(text))


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "open": _open,
    "download": _download,
    "publish": _publish,
    "seed": _seed,
    "make": _make,
    "install": lambda _options: print(install_as_chosen(state_folder())),
    "uninstall": _uninstall,
    "show": lambda options: _print(tools.show(Path(options.words[0]))),
    "reannounce": lambda options: _print(
        tools.reannounce(options.words[0], [Path(word) for word in options.words[1:]])
    ),
}


def _run(work: Work, options: argparse.Namespace) -> None:
    if options.why_text:
        print(options.why_text, _("Progress is shown as text."), file=sys.stderr)
    stop = _stop_on_signals()
    engine = LibtorrentEngine(wishes(options))
    try:
        _show(work(engine, stop))
    finally:
        engine.close()


def _show(job: Iterator[Progress]) -> None:
    """Show the job's progress; where things are goes to stdout, once it is known."""
    terminal = Terminal()
    said: set[str] = set()
    try:
        for progress in job:
            terminal.show(progress)
            for news in _news(progress):
                if news not in said:
                    said.add(news)
                    terminal.end()
                    print(printable(news), flush=True)
    finally:
        terminal.end()


def _news(progress: Progress) -> Iterator[str]:
    if progress.page_url:
        yield _("Published: {url}").format(url=progress.page_url)
    elif progress.is_complete:
        yield _("Complete: {path}").format(path=progress.place)


def _stop_on_signals(clock: Callable[[], float] = time.monotonic) -> Stop:
    """The first Ctrl-C ends the job cleanly, the second one at once."""
    stop = Stop()
    interrupted_at: float | None = None

    def ask(number: int, _frame: object) -> None:
        nonlocal interrupted_at
        stop.ask()
        if number != signal.SIGINT:
            return
        if interrupted_at is None:
            interrupted_at = clock()
        elif clock() - interrupted_at >= _SAME_SECONDS:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    return stop


def _open_log(path: Path | None) -> None:
    if path is None:
        return
    try:
        handler = logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        text = _("The log {path} cannot be written: {reason}.")
        raise ClientError(text.format(path=path, reason=reason_of(error))) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log = logging.getLogger("passalong")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
