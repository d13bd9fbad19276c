"""Where a Windows program without a console of its own says something: the one it was started from.

It is not the parent's: the frozen program is two processes, and the terminal is above both.
"""

import os
import sys

_GENERATIONS = 4
_SNAPSHOT_PROCESSES = 2
_ERROR_ICON = 0x10


def connect_console() -> None:
    """Write to the terminal that started this program, unless its output goes elsewhere."""
    if sys.platform == "win32" and sys.stdout is None and sys.stderr is None and _attach():
        sys.stdout = open("CONOUT$", "w", encoding="utf-8", buffering=1)  # noqa: SIM115, PTH123
        sys.stderr = open("CONOUT$", "w", encoding="utf-8", buffering=1)  # noqa: SIM115, PTH123
        sys.stdin = open("CONIN$", encoding="utf-8")  # noqa: SIM115, PTH123


def show_box(text: str) -> None:
    """Say it in a box of Windows' own, when there is no terminal; it needs nothing of ours."""
    if sys.platform == "win32":
        ctypes.windll.user32.MessageBoxW(None, text, "Passalong", _ERROR_ICON)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Process(ctypes.Structure):
        """PROCESSENTRY32W."""

        _fields_ = [
            ("size", wintypes.DWORD),
            ("usage", wintypes.DWORD),
            ("pid", wintypes.DWORD),
            ("heap", ctypes.c_void_p),
            ("module", wintypes.DWORD),
            ("threads", wintypes.DWORD),
            ("parent", wintypes.DWORD),
            ("priority", wintypes.LONG),
            ("flags", wintypes.DWORD),
            ("name", wintypes.WCHAR * 260),
        ]

    def _attach() -> bool:
        parents = _parents()
        pid = os.getpid()
        for _ in range(_GENERATIONS):
            pid = parents.get(pid, 0)
            if pid and ctypes.windll.kernel32.AttachConsole(pid):
                return True
        return False

    def _parents() -> dict[int, int]:
        kernel = ctypes.WinDLL("kernel32")
        kernel.CreateToolhelp32Snapshot.restype = wintypes.HANDLE
        snapshot = wintypes.HANDLE(kernel.CreateToolhelp32Snapshot(_SNAPSHOT_PROCESSES, 0))
        process = _Process(size=ctypes.sizeof(_Process))
        found = {}
        more = kernel.Process32FirstW(snapshot, ctypes.byref(process))
        while more:
            found[int(process.pid)] = int(process.parent)
            more = kernel.Process32NextW(snapshot, ctypes.byref(process))
        kernel.CloseHandle(snapshot)
        return found
