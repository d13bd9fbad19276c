"""Every page of the window: brought up, looked at, and put away. No swarm is needed for it."""

import tkinter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from client.engine.transfer import FIRST, NORMAL, SKIPPED
from client.engine.trouble import disk_trouble, tracker_notice
from client.folders.keeping import open_kept
from client.folders.preferences import Preferences
from client.folders.shelf import Shelved
from client.gui.files_page import FilesPage
from client.gui.message import Message
from client.gui.settings_page import SettingsPage
from client.gui.transfer import Transfer
from client.jobs.progress import Phase
from client.opening.what import Torrent
from client.words import gettext as _
from installer.formats.ticket import Ticket
from tests.client.conftest import make_torrent
from tests.client.gui.conftest import Person
from tests.client.gui.moments import (
    ALBUM,
    ALONE,
    DOWNLOADING,
    FOLDER,
    PUBLISHED,
    SHARED,
    TICKET,
    failed,
    many_files,
    one_file,
    resting,
    running,
)

Look = Callable[[tkinter.Misc], None]
Show = Callable[[Person, Look], None]


def _rows(*make: Callable[[], Transfer]) -> Show:
    """These transfers and nothing else."""

    def show(person: Person, look: Look) -> None:
        lay(person, *(one() for one in make))
        look(person.root)
        clear(person)

    return show


def lay(person: Person, *transfers: Transfer) -> None:
    """Put these on the desk, and see them."""
    person.desk.transfers[:] = transfers
    person.draws()


def clear(person: Person) -> None:
    """End what was laid."""
    for one in person.desk.transfers:
        one.leave()
        one.wait(10)
    lay(person)


def _question(what: Callable[[], Torrent | Ticket], path: Path | None = None) -> Show:
    """Something that was opened."""

    def show(person: Person, look: Look) -> None:
        asked = person.desk.ask(what(), path)
        assert asked is not None
        person.draws()
        look(person.root)
        person.desk.dismiss(asked)
        person.draws()

    return show


def _details(person: Person, look: Look) -> None:
    """The fold of a download of several files, with all that can be tuned."""
    folder = person.desk.state.parent / "Songs of the Sea"
    folder.mkdir(exist_ok=True)
    for number in (1, 2):
        (folder / f"{number}.flac").write_bytes(b"la" * 50_000)
    torrent = make_torrent(folder, "https://cinema.example.org/announce")
    info_hash = torrent.metainfo.info_hash
    kept = open_kept(person.desk.state, info_hash, folder.parent)
    kept.keep(torrent.content, folder.name, is_ours=True)
    kept.close()
    begun = resting(replace(ALBUM, total_bytes=200_000, done_bytes=90_000, place=folder))
    begun.shelved = Shelved(info_hash.hex(), str(folder.parent), folder.name, is_active=False)
    lay(person, begun)
    person.clicks("▸ " + _("Details"))
    look(person.root)
    clear(person)


def _message(person: Person, look: Look) -> None:
    """Something to know."""
    sentence = _("There is no file {path}.").format(path=f"{FOLDER}/film.torrent")
    person.window.tell(Message(_("This could not be opened"), sentence))
    person.draws()
    look(person.root)
    person.clicks(_("All right"))
    person.draws()


def _page(make: Callable[[Person], tkinter.Toplevel]) -> Show:
    """A window of its own that is simply there."""

    def show(person: Person, look: Look) -> None:
        page = make(person)
        person.wait_for("the page", page.winfo_viewable)
        look(page)
        page.destroy()

    return show


def _settings(person: Person) -> tkinter.Toplevel:
    """As an installed copy shows them."""
    chosen = Preferences(save_folder=FOLDER, max_upload=250)
    return SettingsPage(person.root, chosen, lambda _: None, is_installed=True)


def _files(person: Person) -> tkinter.Toplevel:
    """The choice among many."""
    files = many_files().metainfo.files
    priorities = SKIPPED + FIRST + NORMAL * (len(files) - 2)
    return FilesPage(person.root, files, priorities, lambda _: None)


def _dialog(ask: Callable[[Person], object]) -> Show:
    """A question that is waited for, so it is looked at from within."""

    def show(person: Person, look: Look) -> None:
        person.meets(lambda: ask(person), look)
        clear(person)

    return show


def _close(person: Person) -> None:
    """Close the window while something is shared."""
    lay(person, running(SHARED))
    person.window.close()


def _cancel(person: Person) -> None:
    """Cancel what is there in part."""
    lay(person, resting(DOWNLOADING))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(person.desk, "has_saved", lambda _: True)
        person.clicks(_("Cancel"))
        # The disk is asked first, in the background.
        person.wait_for("an answer", lambda: not person.window._rows._deeds._doubtful)


PAGES: dict[str, Show] = {
    "empty": _rows(),
    "question-one-file": _question(one_file),
    "question-many-files": _question(many_files),
    "publish-nothing-chosen": _question(lambda: TICKET),
    "publish-chosen": _question(lambda: TICKET, Path("/home/alice/Videos/Around the World.mkv")),
    "row-downloading": _rows(lambda: running(DOWNLOADING)),
    "row-paused": _rows(lambda: resting(DOWNLOADING)),
    "row-disk-full": _rows(lambda: failed(DOWNLOADING, disk_trouble(28, "", FOLDER))),
    "row-nobody-online": _rows(lambda: running(replace(ALONE, copies_elsewhere=0))),
    "row-tracker-trouble": _rows(lambda: running(replace(ALONE, notice=tracker_notice("", 0, "")))),
    "row-hashing": _rows(lambda: running(replace(ALONE, phase=Phase.HASHING))),
    "row-uploading": _rows(lambda: running(replace(ALONE, phase=Phase.UPLOADING))),
    "row-published": _rows(lambda: running(PUBLISHED)),
    "row-published-site-copy": _rows(lambda: running(replace(PUBLISHED, has_site_copy=True))),
    "row-shared": _rows(lambda: running(SHARED)),
    "row-no-longer-shared": _rows(lambda: resting(SHARED)),
    "rows-two": _rows(
        lambda: running(DOWNLOADING), lambda: failed(ALBUM, disk_trouble(28, "", FOLDER))
    ),
    "details": _details,
    "message": _message,
    "settings": _page(_settings),
    "files": _page(_files),
    "closing": _dialog(_close),
    "cancel": _dialog(_cancel),
}
