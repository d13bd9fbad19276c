"""How much one address may ask for: far more than all the people behind one router do."""

MOST_IN_A_SPAN = 2000
SECONDS = 10  # length of a span


class Limits:
    """Counts requests by address and starts again every `SECONDS`."""

    def __init__(self, most: int = MOST_IN_A_SPAN) -> None:
        """Start with nothing counted."""
        self._most = most
        self._counts: dict[bytes, int] = {}

    def is_exceeded(self, address: bytes) -> bool:
        """Count a request; this machine's own programs, proxies among them, have no limit."""
        if address[0] == 127:
            return False
        whose = address if len(address) == 4 else address[:8]  # a /64 has one owner
        count = self._counts.get(whose, 0) + 1
        self._counts[whose] = count
        return count > self._most

    def start_again(self) -> None:
        """Forget what was counted; to be called every `SECONDS`."""
        self._counts.clear()
