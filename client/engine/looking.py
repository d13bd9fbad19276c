"""What can be seen of one torrent while libtorrent works on it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import libtorrent as lt

from client.engine.transfer import Details
from client.words import gettext as _


def details_of(handle: lt.torrent_handle, log: Iterable[str]) -> Details:
    """What stands in the fold."""
    status = handle.status()
    torrent = handle.torrent_file()
    return Details(
        pieces=torrent.num_pieces() if torrent is not None else 0,
        pieces_done=status.num_pieces,
        trackers=tuple(_tracker_line(tracker) for tracker in trackers_of(handle) or ()),
        peers=tuple(_peer_line(peer) for peer in handle.get_peer_info()),
        log=tuple(log),
    )


def trackers_of(handle: lt.torrent_handle) -> Sequence[Mapping[str, Any]] | None:
    """Its trackers; None when one of them said something that is no UTF-8: the binding fails."""
    try:
        return cast("Sequence[Mapping[str, Any]]", handle.trackers())
    except UnicodeDecodeError:
        return None


def _tracker_line(tracker: Mapping[str, Any]) -> str:
    answered = _("answered") if tracker.get("verified") else _("no answer yet")
    said = tracker.get("message") or answered
    return f"{tracker['url']}: {said}"


def _peer_line(peer: lt.peer_info) -> str:
    client = (
        peer.client.decode("utf-8", "replace") if isinstance(peer.client, bytes) else peer.client
    )
    down, up = peer.payload_down_speed // 1000, peer.payload_up_speed // 1000
    return f"{peer.ip[0]}:{peer.ip[1]} {client} {peer.progress:.0%} ↓ {down} kB/s ↑ {up} kB/s"


def exchanges(handle: lt.torrent_handle) -> dict[str, int]:
    """With how many something is exchanged at this moment."""
    peers = handle.get_peer_info()
    return {
        "givers": sum(peer.payload_down_speed > 0 for peer in peers),
        "takers": sum(peer.payload_up_speed > 0 for peer in peers),
    }


def is_asking_trackers(handle: lt.torrent_handle) -> bool:
    """Whether a tracker has something to answer yet, as far as that can be known."""
    trackers = trackers_of(handle)
    return trackers is None or any(
        attempt["updating"]
        for tracker in trackers
        for endpoint in tracker["endpoints"]
        for attempt in endpoint["info_hashes"]
    )


def has_tracker(handle: lt.torrent_handle) -> bool:
    """Whether a tracker answered or has still to answer, over any of this computer's addresses.

    A torrent names its tracker by several addresses, and a computer may have several of its own;
    that one of these ways is closed is nothing that a person has to know.
    """
    return any(
        attempt["updating"] or attempt["start_sent"]
        for tracker in trackers_of(handle) or ()
        for endpoint in tracker["endpoints"]
        for attempt in endpoint["info_hashes"]
        if not attempt["fails"]
    )


def said(text: Callable[[], str]) -> str:
    """A text of libtorrent's, or nothing: its binding takes only UTF-8 from a stranger."""
    try:
        return text()
    except UnicodeDecodeError:
        return ""
