"""A visitor with a desktop: the first bundle installs, the second is handed over, then all goes."""

from pathlib import Path

from tests.programs import wait_until
from tests.story.desktop import Desktop, below, open_desktop
from tests.story.people import Person, make_film, tree
from tests.story.site import ADMIN, PASSWORD, Site

SECONDS = 60


def run_bundle(desktop: Desktop, person: Person, release: str) -> None:
    """Double-click on what the big button gave."""
    bundle = desktop.folder / f"bundle-{release[:8]}"
    person.browser.download(f"/torrents/{release}/easy/linux/", bundle)
    desktop.runs(bundle)


def uninstall(desktop: Desktop) -> None:
    """As the desktop's menu does; forgets the settings, by keyboard."""
    title = "Uninstall Passalong"

    def closes() -> bool:
        desktop.presses("Return", window=title)
        return process.exit_code is not None

    with desktop.opens([desktop.installed, "uninstall"]) as process:
        wait_until("the question", lambda: desktop.titles(title), SECONDS)
        desktop.presses("shift+Tab", "space", "Tab", "Return", window=title)
        wait_until("the end of the program", lambda: not desktop.installed.exists(), SECONDS)
        wait_until("the last window's end", closes, SECONDS)
        assert process.wait(SECONDS) == 0, process.output


def has(desktop: Desktop, film: Path) -> bool:
    return tree(desktop.home / "Downloads" / film.name) == tree(film)


def test_installs_downloads_hands_over_and_leaves_nothing(
    site: Site, alice: Person, tmp_path: Path
) -> None:
    films = [make_film(tmp_path / "The First"), make_film(tmp_path / "The Second")]
    with (
        Person("bob", site, tmp_path) as person,
        Person("carol", site, tmp_path) as carol,
        open_desktop(tmp_path / "desktop") as bob,
    ):
        carol.browser.sign_in(ADMIN, PASSWORD)
        alice.publish(films[0])
        first = person.wait_for_release(films[0].name)
        run_bundle(bob, person, first)
        assert bob.installed.is_symlink()
        bob.accepts(films[0].name)
        wait_until("the first film", lambda: has(bob, films[0]), SECONDS)

        carol.publish(films[1])
        second = person.wait_for_release(films[1].name)
        run_bundle(bob, person, second)
        bob.accepts(films[1].name)
        wait_until("the second film", lambda: has(bob, films[1]), SECONDS)

        assert [page for page in bob.pages if page.endswith("/welcome/")] == bob.pages
        assert len(bob.pages) == 1
        uninstall(bob)
        saved = {"home/Downloads"}
        for film in films:
            folder = f"home/Downloads/{film.name}"
            saved |= {folder, *(f"{folder}/{path}" for path in below(film))}
        assert bob.files() == bob.before | saved
