"""The program as a person starts it, from its command line to its exit code.

A window that is open gets what it needs at once; all that takes longer to load is in `commands`.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path

from client.console import connect_console, show_box
from client.errors import UsageError
from client.folders.places import state_folder
from client.install import installing
from client.installation import hand_over_and_update, restore_environment
from client.opening.handover import hand_over
from client.opening.own import own_record
from client.options import (
    TEXT_COMMANDS,
    TEXT_OPTIONS,
    WINDOW_COMMANDS,
    is_for_window,
    read_arguments,
    request_for,
)
from client.words import gettext as _
from client.words import printable, sentence, speak
from installer.errors import PassalongError


def main(argv: Sequence[str]) -> int:
    """Do what the command line asks; the result is the exit code."""
    restore_environment()
    if _is_text(argv):
        connect_console()
    say = _voice(argv)
    _prepare_streams()
    speak()
    try:
        options = read_arguments(argv)
        if not _is_handed_over(options):
            installing.unpack()
            from client import commands

            commands.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read what we said has enough of it; Python must not complain about it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        text = _("This computer did not do what was needed: {reason}.")
        say(text.format(reason=error))
        return 1
    except PassalongError as error:
        say(sentence(error))
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        print(_("Stopped."), file=sys.stderr)
        return 1
    return 0


def _is_handed_over(options: argparse.Namespace) -> bool:
    """Let the window that is open do it, with what this program brings of its own."""
    if options.command not in WINDOW_COMMANDS or not is_for_window(options):
        return False
    if not getattr(sys, "frozen", False) or installing.is_installed_copy():
        return hand_over(state_folder(), request_for(options, None))
    if options.portable:
        return False
    return hand_over_and_update(state_folder(), request_for(options, own_record()))


def _is_text(argv: Sequence[str]) -> bool:
    """Whether the answer will be text, not a window."""
    words = [word for word in argv if not word.startswith("-")]
    options = {word.partition("=")[0] for word in argv}
    return bool(TEXT_OPTIONS & options) or (bool(words) and words[0] in TEXT_COMMANDS)


def _voice(argv: Sequence[str]) -> Callable[[str], None]:
    """How to say what went wrong to whoever started us. Nobody reads a box of a quiet start."""
    if sys.platform == "win32" and sys.stderr is None and "--quiet" not in argv:
        return show_box
    return lambda text: print(*map(printable, text.splitlines()), sep="\n", file=sys.stderr)


def _prepare_streams() -> None:
    """Make it safe to say anything, to whatever we were given to say it to."""
    # A program without a console has neither, and a caller may have closed them.
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # A name that this terminal cannot show must not end the job.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
