"""People with a Windows computer: they get the program for it, and Wine runs that."""

from collections.abc import Mapping
from pathlib import Path

from tests.programs import Process
from tests.story.people import ON_THIS_COMPUTER, Person
from tests.story.site import Site
from tests.windows import FOR_WINE, Windows


class WindowsPerson(Person):
    """Somebody who does the same, on another computer."""

    platform = "windows"
    ending = ".exe"

    def __init__(self, name: str, site: Site, folder: Path, windows: Windows) -> None:
        super().__init__(name, site, folder)
        self._windows = windows

    def _run_client(self, client: Path, *arguments: str | Path) -> Process:
        settings = {**ON_THIS_COMPUTER, **FOR_WINE}
        options = [f"--setting={name}={value}" for name, value in settings.items()]
        return self.run(self._windows.command(client, *arguments, "--no-window", *options))

    def _environment(self) -> Mapping[str, str]:
        home = self._windows.path(self.folder / "passalong")
        return {**self._windows.environment, "PASSALONG_HOME": home}
