"""`python -m installer.freeze --templates DIR`: make the client, which is put into bundles."""

import argparse
import sys
import time
from pathlib import Path

from installer.bundle.template import Template, this_platform
from installer.errors import PassalongError
from installer.freeze.freezing import FreezeError, freeze, has_tkinter, is_up_to_date
from installer.freeze.windows.computer import windows_computer
from installer.freeze.windows.needs import check_computer

_LINES_OF_LOG = 20
_NO_WINDOW = """This Python has no tkinter, so the client will have no window, only text.
On Debian and Ubuntu this mends it: sudo apt-get install python3-tk; then: make client"""


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    if options.if_missing and is_up_to_date(options.templates, options.platform):
        return 0
    progress = _Progress(options.platform)
    try:
        template = _freeze(options.templates, options.platform, progress)
    except PassalongError as error:
        progress.end("failed")
        print(_explained(error), file=sys.stderr)
        return 1
    progress.end(f"done, {template.size / 1e6:.1f} MB")
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m installer.freeze", description=__doc__)
    parser.add_argument("--templates", type=Path, required=True, metavar="DIR")
    parser.add_argument("--if-missing", action="store_true", help="only if there is none yet")
    parser.add_argument(
        "--platform",
        choices=sorted({this_platform(), "windows"}),
        default=this_platform(),
        help="whom it is for: this computer, or Windows by way of Wine",
    )
    return parser.parse_args(arguments)


def _freeze(templates: Path, platform: str, progress: "_Progress") -> Template:
    if platform == this_platform():
        if not has_tkinter():
            print(_NO_WINDOW, file=sys.stderr)
        return freeze(templates, progress.show)
    check_computer()
    log_name = f"freeze-{platform}.log"  # The program for this computer may be made meanwhile.
    return freeze(templates, progress.show, prepare=windows_computer, log_name=log_name)


class _Progress:
    """One line that changes on a terminal; a line for each step where lines cannot change."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        is_here = platform == this_platform()
        self._duration = "about a minute" if is_here else "about two, the first time five minutes"
        self._started = time.monotonic()
        self._is_terminal = sys.stderr.isatty()
        self._shown: set[str] = set()
        self.show("starting")

    def show(self, step: str) -> None:
        if step not in self._shown:
            self._shown.add(step)
            self._write(step, end="" if self._is_terminal else "\n")

    def end(self, result: str) -> None:
        self._write(result, end="\n")

    def _write(self, step: str, end: str) -> None:
        begin = "\r\033[K" if self._is_terminal else ""
        elapsed = time.monotonic() - self._started
        text = f"Freezing the client for {self._platform}: {self._duration} ... {elapsed:2.0f} s"
        print(f"{begin}{text}, {step}", end=end, file=sys.stderr, flush=True)


def _explained(error: PassalongError) -> str:
    if not isinstance(error, FreezeError):
        return str(error)
    lines = error.log.read_text(encoding="utf-8", errors="replace").splitlines()
    tail = "\n".join(f"    {line}" for line in lines[-_LINES_OF_LOG:])
    return f"{error} The last lines of {error.log}, which says everything:\n{tail}"


if __name__ == "__main__":
    sys.exit(main())
