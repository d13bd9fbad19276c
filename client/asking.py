"""Asking the person for what the command line did not say, when there is somebody to ask."""

import sys
from pathlib import Path

from client.errors import UsageError
from client.folders.places import full_path
from client.words import gettext as _


def is_somebody_there() -> bool:
    """Whether a question on the terminal reaches a person."""
    # A windowed Windows program has no stdin at all.
    return sys.stdin is not None and sys.stdin.isatty()


def ask_path(question: str, default: Path | None = None) -> Path:
    """Ask for a path; without a terminal take the default, or say what is missing."""
    if not is_somebody_there():
        if default is None:
            raise UsageError(_("{question} Name it on the command line.").format(question=question))
        return default
    hint = f" [{_short(default)}]" if default is not None else ""
    print(f"{question}{hint} ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip().strip("'\"")
    if answer:
        return full_path(Path(answer))
    if default is None:
        raise UsageError(_("{question} There was no answer.").format(question=question))
    return default


def ask_yes(question: str) -> bool:
    """Ask for a yes; without a terminal it is a no."""
    if not is_somebody_there():
        return False
    # Translators: how to answer a question with yes or, as it is if nothing is said, no.
    hint = _("[y/N]")
    print(f"{question} {hint} ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes", "j", "ja"}


def _short(path: Path) -> str:
    return f"~/{path.relative_to(Path.home())}" if path.is_relative_to(Path.home()) else str(path)
