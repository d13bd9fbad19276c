"""Buttons in a row that goes on below when there is no room left, as words do on a page."""

import tkinter
from collections.abc import Sequence
from tkinter import ttk

_GAP = 8


class Flow(ttk.Frame):
    """Shows those of its children that it was told to; the last one stands at the right."""

    def __init__(self, parent: tkinter.Misc) -> None:
        super().__init__(parent, style="Card.TFrame", height=1)
        self._shown: Sequence[tkinter.Widget] = ()
        self.bind("<Configure>", lambda _: self._arrange())

    def show(self, widgets: Sequence[tkinter.Widget]) -> None:
        """Show these, in this order."""
        for widget in self._shown:
            if widget not in widgets and widget.winfo_exists():
                widget.place_forget()
        self._shown = tuple(widgets)
        for widget in self._shown:
            widget.lift()  # The Tab key follows this order.
        self._arrange()

    def _arrange(self) -> None:
        if not self._shown:
            return
        width = self.winfo_width()
        is_drawn = width > 1
        line = max(widget.winfo_reqheight() for widget in self._shown)
        x = y = 0
        for widget in self._shown:
            if x and is_drawn and x + widget.winfo_reqwidth() > width:
                x, y = 0, y + line + _GAP
            is_last = widget is self._shown[-1]
            left = max(x, width - widget.winfo_reqwidth()) if is_last and is_drawn else x
            widget.place(x=left, y=y)
            x += widget.winfo_reqwidth() + _GAP
        self.configure(height=y + line)
