"""From a start of the program to the one window: here, or in the process that has it already."""

import gc
import signal
import sys
import time
import tkinter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from client.engine.transfer import Engine, Wishes
from client.errors import OpeningError
from client.folders.preferences import read_preferences
from client.gui.choices import Choices
from client.gui.desk import Desk
from client.gui.engine import SharedEngine, wishes_of
from client.gui.message import Message
from client.gui.style import dress
from client.gui.window import Window
from client.install.installing import is_installed_copy, tidy_up
from client.opening.handover import Door, Request, hand_over, open_door
from client.words import gettext as _
from client.words import speak

_SHOW = Request()
_CLOSING_SECONDS = 20.0


def connect_screen() -> tkinter.Tk | None:
    """The root of all windows, not shown yet; None when there is no screen to show it on."""
    if sys.platform == "win32":
        _be_sharp()
    try:
        root = tkinter.Tk(className="Passalong")
    except tkinter.TclError:
        return None
    root.withdraw()
    if sys.platform == "linux":
        _be_large(root)
    root.iconphoto(True, tkinter.PhotoImage(file=Path(__file__).with_name("passalong.png")))  # noqa: FBT003
    return root


def run(
    root: tkinter.Tk,
    state: Path,
    request: Request,
    make_engine: Callable[[Wishes], Engine],
    said: Wishes,
    *,
    is_quiet: bool = False,
) -> None:
    """Be the window until the person ends it. Another process that has one gets the request."""
    waiting: list[Request] = []
    give: list[Callable[[Request], None]] = [waiting.append]
    door = _door_or_handed_over(state, request, lambda received: give[0](received))
    if door is None:
        return
    preferences, sentence = read_preferences(state)
    speak(preferences.language)
    engine = SharedEngine(make_engine, wishes_of(preferences, said))
    desk = Desk(engine, state)
    choices = Choices(state, engine, said)
    gc.disable()  # The window collects by itself: what belongs to Tk may die in its thread only.
    dress(root)
    window = Window(root, desk, preferences, choices.remember, is_installed=is_installed_copy())
    give[0] = window.give
    for received in (request, *waiting):
        if received != _SHOW:
            window.give(received)
    if sentence:
        window.tell(Message(_("The settings could not be read"), sentence))
    tidy_up()
    desk.restore()
    if is_quiet:
        window.hide()
    else:
        window.show()
    _quit_on_signals(window)
    try:
        root.mainloop()
    finally:
        door.shut()
        desk.close()
        choices.close()
        engine.close()
        door.give_up()
        with suppress(tkinter.TclError):
            root.destroy()


def _door_or_handed_over(
    state: Path, request: Request, receive: Callable[[Request], None]
) -> Door | None:
    """Become the one window, or give the request to it; one that is closing just now is awaited."""
    deadline = time.monotonic() + _CLOSING_SECONDS
    while time.monotonic() < deadline:
        door = open_door(state, receive)
        if door is not None or hand_over(state, request):
            return door
        time.sleep(0.1)
    raise OpeningError(_("Passalong is running already but does not answer."))


def _quit_on_signals(window: Window) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.quit_soon())


def _be_sharp() -> None:
    """Windows would draw us small and stretch the picture on screens of many dots."""
    import ctypes

    with suppress(AttributeError, OSError):
        ctypes.windll.shcore.SetProcessDpiAwareness(1)  # type: ignore[attr-defined, unused-ignore]


def _be_large(root: tkinter.Tk) -> None:
    """Desktops on X11 say in the resource Xft.dpi how large texts are; Tk 8.6 does not ask."""
    asking = tkinter.Tk(className="Xft")
    said = str(asking.tk.call("option", "get", ".", "dpi", "Dpi"))
    asking.destroy()
    with suppress(ValueError):
        root.tk.call("tk", "scaling", min(max(float(said), 72.0), 384.0) / 72)
