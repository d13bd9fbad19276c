"""What was chosen is kept and followed in the background, in the order of the choices."""

import threading
from pathlib import Path

from client.engine.transfer import Wishes
from client.folders.preferences import Preferences, read_preferences
from client.gui.choices import Choices
from client.gui.engine import SharedEngine
from tests.client.gui.test_desk import no_engine


def test_a_slow_desktop_is_waited_for_by_nobody(state: Path) -> None:
    gate, followed = threading.Event(), []

    def follow(*, handles_links: bool, starts_with_computer: bool) -> None:
        gate.wait(10)
        followed.append((handles_links, starts_with_computer))

    engine = SharedEngine(lambda _: no_engine(), Wishes())
    choices = Choices(state, engine, Wishes(), follow)
    chosen = Preferences(language="en", handles_links=True)
    errand = choices.remember(chosen)
    choices.remember(Preferences(language="en"))
    assert not errand.is_done
    gate.set()
    choices.close()
    assert read_preferences(state) == (Preferences(language="en"), "")
    assert followed == [(True, False), (False, False)]


def test_leads_to_what_the_person_must_do_after_the_desktop_knows_us_and_only_then(
    state: Path,
) -> None:
    done: list[str] = []
    engine = SharedEngine(lambda _: no_engine(), Wishes())
    choices = Choices(
        state, engine, Wishes(), lambda **_: done.append("known"), lambda: done.append("led")
    )
    for handles_links in (False, True, True, False):
        choices.remember(Preferences(handles_links=handles_links))
    choices.close()
    assert done == ["known", "known", "led", "known", "known"]
