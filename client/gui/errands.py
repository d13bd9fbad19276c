"""Errands under way, and what the window does with them when they are done. Needs no screen."""

from collections.abc import Callable

from client.gui.errand import Errand

Then = Callable[[Errand], object]


class Errands:
    """Looked at from time to time by the window's thread, which then learns what came of them."""

    def __init__(self) -> None:
        self._under_way: list[tuple[Errand, Then]] = []

    def run(self, deed: Callable[[], object], then: Then, *, after: Errand | None = None) -> Errand:
        """Begin; `then` is called by the look that finds it done."""
        return self.add(Errand(deed, after=after), then)

    def add(self, errand: Errand, then: Then) -> Errand:
        """Go on in the same way with one that has begun."""
        self._under_way.append((errand, then))
        return errand

    def look(self) -> bool:
        """Go on with what is done; whether there was something."""
        done = [one for one in self._under_way if one[0].is_done]
        for one in done:
            # Taken out one by one: what raises must not take the others along.
            self._under_way.remove(one)
            errand, then = one
            then(errand)
        return bool(done)
