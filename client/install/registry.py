"""HKEY_CURRENT_USER itself; the only file that knows winreg."""

import sys
from contextlib import suppress

if sys.platform == "win32":
    import winreg

    class CurrentUser:
        """Values and keys of this person."""

        def get(self, key: str, name: str) -> object:
            """A value, None when it is not there."""
            with (
                suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened,
            ):
                return winreg.QueryValueEx(opened, name)[0]
            return None

        def set(self, key: str, name: str, value: str | int) -> None:
            """Write a value; the name "" is the key's default."""
            kind = winreg.REG_DWORD if isinstance(value, int) else winreg.REG_SZ
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                winreg.SetValueEx(opened, name, 0, kind, value)

        def delete_value(self, key: str, name: str) -> None:
            """Remove a value if it is there."""
            with (
                suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened,
            ):
                winreg.DeleteValue(opened, name)

        def delete_key(self, key: str) -> None:
            """Remove a key with all below it if it is there."""
            with suppress(FileNotFoundError):
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    count = winreg.QueryInfoKey(opened)[0]
                    below = [winreg.EnumKey(opened, index) for index in range(count)]
                for name in below:
                    self.delete_key(rf"{key}\{name}")
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
