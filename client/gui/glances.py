"""What the engine last told of its transfers; asking it again goes on in the background."""

from collections.abc import Callable

from client.engine.transfer import Details, Engine
from client.gui.errand import Errand


class Glances:
    """Asked by the window several times a second, for each fold that is open."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._errands: dict[bytes, Errand] = {}
        self._details: dict[bytes, Details] = {}

    def at(self, info_hash: bytes) -> Details:
        """The newest that is known; something newer is on its way."""
        errand = self._errands.get(info_hash)
        if errand is None or errand.is_done:
            self._errands[info_hash] = Errand(lambda: self._ask(info_hash))
        return self._details.get(info_hash, Details())

    def _ask(self, info_hash: bytes) -> None:
        self._details[info_hash] = self._engine().details(info_hash)
