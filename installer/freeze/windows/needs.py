"""What this computer must have to make the Windows client, and how to get what is missing."""

import importlib.util
import sys

from installer.errors import PassalongError
from installer.freeze.windows import python, wine


def check_computer() -> None:
    """Stop with one sentence that says all that is missing."""
    if sys.platform != "linux":
        raise PassalongError("Making the Windows client needs Windows, or Linux with Wine.")
    if sys.version_info[:2] != python.VERSION:
        raise PassalongError(
            "Making the Windows client on Linux needs Python 3.11, whose standard library it "
            f"takes over; this is Python {sys.version_info[0]}.{sys.version_info[1]}. Make an "
            "environment with the right one: rm -r .venv; make PYTHON=python3.11 client-windows"
        )
    missing = list(_missing())
    if missing:
        raise PassalongError(
            "Making the Windows client on Linux needs packages that are missing here. On Debian "
            f"and Ubuntu this gets them: sudo apt-get install {' '.join(missing)}"
        )


def _missing() -> list[str]:
    present = {
        "wine wine64": wine.is_there(),
        "libtcl8.6": (python.TCL_SCRIPTS / "tcl8.6" / "init.tcl").is_file(),
        "libtk8.6": (python.TCL_SCRIPTS / "tk8.6" / "tk.tcl").is_file(),
        "python3-tk": importlib.util.find_spec("tkinter") is not None,
    }
    return [package for package, is_present in present.items() if not is_present]
