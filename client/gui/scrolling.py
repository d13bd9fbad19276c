"""A column of rows that scrolls when it is longer than the window, by wheel, bar and keyboard."""

import tkinter
from tkinter import ttk

_MARGIN = 16


class ScrollingColumn(ttk.Frame):
    """Put rows into `inside`, in column 0."""

    def __init__(self, parent: tkinter.Misc) -> None:
        super().__init__(parent, style="Ground.TFrame")
        ground = ttk.Style(self).lookup("Ground.TFrame", "background")
        self._canvas = tkinter.Canvas(self, highlightthickness=0, background=ground)
        self._bar = ttk.Scrollbar(self, command=self._canvas.yview)
        self._canvas.configure(yscrollcommand=self._scrolled)
        self._canvas.pack(side="left", fill="both", expand=True)
        self.inside = ttk.Frame(
            self._canvas, style="Ground.TFrame", padding=(_MARGIN, _MARGIN, _MARGIN, 0)
        )
        self.inside.columnconfigure(0, weight=1)
        self._window = self._canvas.create_window(0, 0, anchor="nw", window=self.inside)
        self._canvas.bind("<Configure>", self._resized)
        self.inside.bind("<Configure>", self._resized)
        root = self.winfo_toplevel()
        root.bind("<MouseWheel>", lambda event: self._scroll(-event.delta // 120))
        root.bind("<Button-4>", lambda _: self._scroll(-1))
        root.bind("<Button-5>", lambda _: self._scroll(1))
        root.bind("<Prior>", lambda _: self._scroll(-5))
        root.bind("<Next>", lambda _: self._scroll(5))
        root.bind("<FocusIn>", self._follow)

    def _resized(self, _: "tkinter.Event[tkinter.Misc]") -> None:
        self._canvas.itemconfigure(self._window, width=self._canvas.winfo_width())
        self._canvas.configure(scrollregion=self._canvas.bbox("all"))

    def _scrolled(self, first: float, last: float) -> None:
        if float(first) <= 0 and float(last) >= 1:
            self._bar.pack_forget()
        else:
            self._bar.pack(side="right", fill="y")
        self._bar.set(first, last)

    def _scroll(self, steps: int) -> None:
        if self._canvas.winfo_exists() and self._canvas.yview() != (0.0, 1.0):
            self._canvas.yview_scroll(steps, "units")

    def _follow(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        """Bring what has the focus into sight."""
        widget = event.widget
        if not isinstance(widget, tkinter.Misc) or not str(widget).startswith(f"{self.inside}."):
            return
        top = widget.winfo_rooty() - self.inside.winfo_rooty()
        height = max(1, self.inside.winfo_height())
        first, last = (part * height for part in self._canvas.yview())
        if top < first or top + widget.winfo_height() > last:
            self._canvas.yview_moveto(max(0.0, (top - 40) / height))
