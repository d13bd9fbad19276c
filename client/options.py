"""The command line: commands, options, and what their values mean."""

import argparse
import ipaddress
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from client.engine.transfer import Limits, Wishes
from client.errors import UsageError
from client.folders.places import full_path
from client.jobs.stopping import StopRule, read_stop_rule
from client.opening.handover import Request
from client.words import gettext as _
from installer import VERSION
from installer.errors import Text
from installer.formats.addresses import TRACKER, is_address

WINDOW_COMMANDS = ("open", "download", "publish", "seed")
TEXT_COMMANDS = ("make", "show", "reannounce", "install", "uninstall")
COMMANDS = (*WINDOW_COMMANDS[1:], *TEXT_COMMANDS)
TEXT_OPTIONS = frozenset(
    {
        "--no-window",
        "--help",
        "-h",
        "--version",
        "--stop-when",
        "--save-as",
        "--title",
        "--description",
        "--category",
        "--hybrid",
    }
)

_USAGE = """Passalong [options] [WHAT]
       Passalong [options] download WHAT
       Passalong [options] publish [TICKET] PATH
       Passalong [options] seed TORRENT PATH
       Passalong [options] make PATH
       Passalong [options] show TORRENT
       Passalong [options] reannounce TRACKER TORRENT...
       Passalong install
       Passalong uninstall [--quiet] [--forget]"""

_EPILOG = Text(
    "WHAT is a .torrent file, a .passalong ticket, a magnet link, a passalong: link, or the "
    "http(s) address of a torrent or a ticket. A program that a site made carries its own."
)


# What argparse says itself, as far as our options can make it.
_ARGPARSE_SAYS = (
    Text("usage: "),
    Text("options"),
    Text("show this help message and exit"),
    Text("unrecognized arguments: %s"),
    Text("argument %(argument_name)s: %(message)s"),
    Text("expected one argument"),
    Text("ignored explicit argument %r"),
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(
            _("{reason}. Try --help.").format(reason=f"{message[:1].upper()}{message[1:]}")
        )


def read_arguments(argv: Sequence[str]) -> argparse.Namespace:
    """Read the command line; options may stand anywhere."""
    options = _parser().parse_intermixed_args(argv)
    words: list[str] = options.words
    options.why_text = ""
    options.command = words.pop(0) if words and words[0] in COMMANDS else "open"
    least, most = _COUNTS[options.command]
    if not least <= len(words) <= most:
        text = _("That is not how {command} is used:")
        raise UsageError("\n".join((text.format(command=options.command), _USAGE)))
    return options


def is_for_window(options: argparse.Namespace) -> bool:
    """Whether nothing was said that only a job without a window can do."""
    is_plain = options.stop_when == StopRule() and options.save_as is None
    is_about_torrent = options.title or options.description or options.category or options.hybrid
    return is_plain and not is_about_torrent and not options.no_window


def wishes(options: argparse.Namespace) -> Wishes:
    """What the options ask of the engine."""
    return Wishes(
        limits=Limits(options.max_upload, options.max_download),
        ports=options.port_range,
        announce_ip=options.ip,
        settings=tuple(options.setting),
        is_polite=options.polite,
    )


def request_for(options: argparse.Namespace, record: bytes | None) -> Request:
    """What the window is asked to do; it may run in another folder, so paths are made whole."""
    words: list[str] = [options.command, *map(_whole, options.words)] if options.words else []
    is_carried = not words or options.command == "publish"
    return Request(
        words=tuple(words),
        record=record if record is not None and is_carried else b"",
        save_to=str(full_path(options.save_to)) if options.save_to else "",
    )


def _whole(word: str) -> str:
    return word if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", word) else str(Path(word).absolute())


_COUNTS = {
    "open": (0, 1),
    "download": (1, 1),
    "publish": (0, 2),
    "seed": (2, 2),
    "make": (1, 1),
    "show": (1, 1),
    "reannounce": (2, 100_000),
    "install": (0, 0),
    "uninstall": (0, 0),
}


def _parser() -> argparse.ArgumentParser:
    # Else it would look for its texts in catalogues of the computer, which hardly ever have them.
    argparse._ = _  # type: ignore[attr-defined]
    parser = _Parser(prog="Passalong", usage=_USAGE, epilog=_(_EPILOG), allow_abbrev=False)
    add = parser.add_argument
    add("words", nargs="*", metavar="WHAT", help=argparse.SUPPRESS)
    add("--version", action="version", version=f"Passalong {VERSION}", help=_("say its version"))
    jobs = parser.add_argument_group(_("jobs"))
    add = jobs.add_argument
    add("--no-window", action="store_true", help=_("show progress as text"))
    add("--portable", action="store_true", help=_("run without installing"))
    add("--quiet", action="store_true", help=_("start without showing the window; ask nothing"))
    add("--forget", action="store_true", help=_("uninstall: the settings and the list go too"))
    add("--save-to", type=Path, metavar="DIR", help=_("the folder to save in"))
    add("--save-as", type=Path, metavar="PATH", help=_("the full name to save under"))
    add(
        "--stop-when",
        type=read_stop_rule,
        default=StopRule(),
        metavar="complete|ratio:N|minutes:N",
        help=_("when to stop sharing (otherwise: when you stop it)"),
    )
    add("--ip", type=_address, help=_("the address to tell the tracker"))
    add("--port-range", type=_ports, metavar="LOW-HIGH", help=_("ports to listen on"))
    add("--max-upload", type=_rate, default=0, metavar="RATE", help=_("kB/s; or 500k, 2M"))
    add("--max-download", type=_rate, default=0, metavar="RATE", help=_("kB/s; or 500k, 2M"))
    add("--polite", action="store_true", help=_("send slower while others need the line"))
    add(
        "--setting",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=_("any libtorrent setting by its own name"),
    )
    add("--log", type=Path, metavar="FILE", help=_("write what the engine says to a file"))
    publishing = parser.add_argument_group(_("publish and make"))
    add = publishing.add_argument
    add("--title", default="", help=_("the title of the release"))
    add("--description", default="", help=_("what it is"))
    add("--category", default="", help=_("where the site should list it"))
    add("--hybrid", action="store_true", help=_("make a torrent of both versions (BEP 52)"))
    making = parser.add_argument_group(_("make"))
    add = making.add_argument
    add(
        "--tracker",
        type=_tracker,
        action="append",
        default=[],
        metavar="URL",
        help=_("may be given again"),
    )
    add("--output", type=Path, metavar="FILE", help=_("where to write the torrent"))
    add("--comment", default="", help=_("a remark inside the torrent"))
    add("--private", action="store_true", help=_("peers only from the tracker (BEP 27)"))
    return parser


def _ports(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", text)
    if found is None:
        sentence = _("--port-range {text} has no meaning; it is LOW-HIGH, as in 6881-6999.")
        raise UsageError(sentence.format(text=text))
    low = int(found[1])
    high = int(found[2] or low)
    if not 1 <= low <= high <= 65535:
        sentence = _("--port-range {text} has no meaning; ports go from 1 to 65535.")
        raise UsageError(sentence.format(text=text))
    return low, high


def _rate(text: str) -> int:
    found = re.fullmatch(r"(\d{1,9})([kM]?)", text)
    if found is None:
        sentence = _("The rate {text} has no meaning; it is kB per second, or 500k, or 2M.")
        raise UsageError(sentence.format(text=text))
    return int(found[1]) * (1_000_000 if found[2] == "M" else 1000)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        sentence = _("--ip {text} has no meaning; it is an address such as 192.0.2.7.")
        raise UsageError(sentence.format(text=text)) from None


def _tracker(text: str) -> str:
    if not is_address(text, TRACKER):
        raise UsageError(_("{url} is not the address of a tracker.").format(url=text))
    return text


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(_("--setting {text} has no meaning; it is NAME=VALUE.").format(text=text))
    return name, value
