"""A question over the window with a few answers, reachable by keyboard like everything else."""

import tkinter
from collections.abc import Sequence
from dataclasses import dataclass
from tkinter import ttk

from client.gui.style import scaled

_WIDTH = 440


@dataclass(frozen=True, slots=True)
class Answer:
    """One button; `value` is what `ask` returns for it."""

    label: str
    value: str


def ask(window: tkinter.Misc, title: str, text: str, answers: Sequence[Answer]) -> str:
    """Ask; the first answer is the proposed one. Closing the question or Escape answers ""."""
    dialog = tkinter.Toplevel(window)
    dialog.title(title)
    dialog.resizable(width=False, height=False)
    dialog.transient(window.winfo_toplevel())
    chosen = [""]

    def choose(value: str) -> None:
        chosen[0] = value
        dialog.destroy()

    width = scaled(window, _WIDTH)
    body = ttk.Frame(dialog, style="Card.TFrame", padding=24)
    body.pack(fill="both", expand=True)
    ttk.Label(body, text=title, style="Title.TLabel", wraplength=width).pack(anchor="w")
    ttk.Label(body, text=text, wraplength=width).pack(anchor="w", pady=(10, 18))
    row = ttk.Frame(body, style="Card.TFrame")
    row.pack(fill="x")
    for index, answer in enumerate(answers):
        button = ttk.Button(
            row,
            text=answer.label,
            style="TButton" if index else "Accent.TButton",
            command=lambda value=answer.value: choose(value),  # type: ignore[misc]
        )
        button.pack(side="left", padx=(0, 10))
        if not index:
            button.focus_set()
    dialog.bind("<Escape>", lambda _: choose(""))
    centre(dialog, window)
    dialog.wait_visibility()
    dialog.grab_set()
    window.wait_window(dialog)
    return chosen[0]


def is_open(window: tkinter.Misc, kind: type[tkinter.Toplevel]) -> bool:
    """Whether such a page of this window is there already; then it comes to the front."""
    pages = [child for child in window.winfo_children() if isinstance(child, kind)]
    for page in pages:
        page.lift()
        page.focus_set()
    return bool(pages)


def centre(dialog: tkinter.Toplevel, window: tkinter.Misc) -> None:
    """Put a small window over the large one."""
    line = ttk.Style(dialog).lookup(".", "bordercolor") or "grey"
    dialog.configure(highlightthickness=1, highlightbackground=line, highlightcolor=line)
    dialog.update_idletasks()
    x = window.winfo_rootx() + (window.winfo_width() - dialog.winfo_reqwidth()) // 2
    y = window.winfo_rooty() + max(40, (window.winfo_height() - dialog.winfo_reqheight()) // 3)
    dialog.geometry(f"+{max(0, x)}+{max(0, y)}")
