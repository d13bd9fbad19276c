"""Which peers completed what lately, so that each is counted once however often it says so."""


class Completions:
    """Remembers at least the last `size` completions and at most twice as many."""

    def __init__(self, size: int = 20_000) -> None:
        """Start with none."""
        self._size = size
        self._young: set[bytes] = set()
        self._old: set[bytes] = set()

    def is_new(self, info_hash: bytes, peer: bytes) -> bool:
        """Whether this completion was not seen before; it has been from now on."""
        completion = info_hash + peer
        if completion in self._young or completion in self._old:
            return False
        if len(self._young) >= self._size:
            self._old, self._young = self._young, set()
        self._young.add(completion)
        return True
