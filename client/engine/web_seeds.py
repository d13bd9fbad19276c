"""Asking web seeds again: after any error libtorrent leaves one alone until the next start.

A site answers 503 while it is still fetching its own copy, and when very many people want it.
"""

import libtorrent as lt

AGAIN_SECONDS = 60.0


class WebSeeds:
    """Those of one torrent that failed, and when to try them again."""

    def __init__(self) -> None:
        self._again_at: dict[str, float] = {}

    def has_failed(self, url: str, now: float) -> None:
        """Remember it; what fails more than once meanwhile waits no longer for that."""
        self._again_at.setdefault(url, now + AGAIN_SECONDS)

    def look(self, handle: lt.torrent_handle, now: float) -> None:
        """Try again those whose time has come. Only one that is added anew is asked."""
        for url in [url for url, at in self._again_at.items() if now >= at]:
            del self._again_at[url]
            handle.remove_url_seed(url)
            handle.add_url_seed(url)
