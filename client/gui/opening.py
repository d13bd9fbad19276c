"""From what a start was given to what lies on the desk. May wait for a site, so runs in threads."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from client.opening.handover import Request
from client.opening.payload import open_record, unpack
from client.opening.what import What, open_ticket, open_torrent, open_what
from client.site.fetching import fetch
from client.words import gettext as _
from client.words import sentence
from installer.errors import PassalongError


@dataclass(frozen=True, slots=True)
class Opened:
    """What is asked about, or shared at once; `sentence` says why there is nothing.

    `news` is something to know about the site that it comes from; `site_url` is only set when that
    site has signed it.
    """

    what: What | None = None
    path: Path | None = None
    is_shared: bool = False
    save_to: Path | None = None
    sentence: str = ""
    news: str = ""
    site_url: str = ""


def understand(request: Request, state: Path) -> Opened:
    """Find out what a request means; refusals become a sentence."""
    try:
        return _understand(request, state)
    except PassalongError as error:
        return Opened(sentence=sentence(error))


def understand_later(request: Request, state: Path, then: Callable[[Opened], None]) -> None:
    """As `understand`, in a thread; `then` is called there."""

    def run() -> None:
        then(understand(request, state))

    threading.Thread(target=run, name="opening", daemon=True).start()


def _understand(request: Request, state: Path) -> Opened:
    save_to = Path(request.save_to) if request.save_to else None
    match request.words:
        case () if request.record:
            return _carried(request.record, state, save_to=save_to)
        case ("publish", path) if request.record:
            return _carried(request.record, state, path=Path(path))
        case ():
            return Opened()
        case ("publish", ticket):
            return Opened(open_ticket(Path(ticket)))
        case ("publish", ticket, path):
            return Opened(open_ticket(Path(ticket)), Path(path))
        case ("seed", torrent, path):
            return Opened(open_torrent(Path(torrent)), Path(path), is_shared=True)
        case ("open" | "download", what):
            return Opened(open_what(what, fetch), save_to=save_to)
        case _:
            return Opened(sentence=_("Another program sent something that makes no sense."))


def _carried(
    record: bytes, state: Path, path: Path | None = None, save_to: Path | None = None
) -> Opened:
    news: list[str] = []
    what = unpack(open_record(record, state, news.append), fetch)
    return Opened(what, path, save_to=save_to, news=" ".join(news), site_url=what.site_url)
