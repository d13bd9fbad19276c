"""Links in the Start menu, written by the shell's own object, as there is no other call for it."""

import ctypes
import sys
from ctypes import POINTER, byref, c_int, c_ulong, c_void_p, c_wchar_p
from pathlib import Path
from uuid import UUID

_SHELL_LINK = UUID("00021401-0000-0000-C000-000000000046")
_I_SHELL_LINK = UUID("000214F9-0000-0000-C000-000000000046")
_I_PERSIST_FILE = UUID("0000010B-0000-0000-C000-000000000046")
_IN_THIS_PROCESS = 1
# The places of the calls in the tables of these objects.
_QUERY, _RELEASE, _SAVE, _SET_DIRECTORY, _SET_PATH = 0, 2, 6, 9, 20


if sys.platform == "win32":

    def write_link(link: Path, program: Path) -> None:
        """Let the link start the program."""
        link.parent.mkdir(parents=True, exist_ok=True)
        ole = ctypes.OleDLL("ole32")
        ole.CoInitialize(None)
        shell_link, file = c_void_p(), c_void_p()
        wanted = (_identifier(_SHELL_LINK), None, _IN_THIS_PROCESS, _identifier(_I_SHELL_LINK))
        ole.CoCreateInstance(*wanted, byref(shell_link))
        try:
            _call(shell_link, _SET_PATH, c_wchar_p(str(program)))
            _call(shell_link, _SET_DIRECTORY, c_wchar_p(str(Path.home())))
            _call(shell_link, _QUERY, _identifier(_I_PERSIST_FILE), byref(file))
            try:
                _call(file, _SAVE, c_wchar_p(str(link)), c_int(1))
            finally:
                _release(file)
        finally:
            _release(shell_link)

    def _call(this: c_void_p, place: int, *arguments: object) -> None:
        """A failure is raised as an OSError."""
        kinds = [
            type(one) if isinstance(one, (c_wchar_p, c_int)) else c_void_p for one in arguments
        ]
        function = ctypes.WINFUNCTYPE(ctypes.HRESULT, c_void_p, *kinds)(_address(this, place))
        function(this, *arguments)

    def _release(this: c_void_p) -> None:
        ctypes.WINFUNCTYPE(c_ulong, c_void_p)(_address(this, _RELEASE))(this)


def _address(this: c_void_p, place: int) -> int:
    table = ctypes.cast(this, POINTER(POINTER(c_void_p))).contents
    return table[place] or 0


def _identifier(uuid: UUID) -> "ctypes.Array[ctypes.c_char]":
    return ctypes.create_string_buffer(uuid.bytes_le, 16)
