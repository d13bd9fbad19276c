"""The site as a peer: libtorrent in this thread, which fetches and shares the copies.

"Finished" is not "on the disk", and what libtorrent saves to go on with may speak of blocks that
are still in memory. So it is asked to save, then to flush, and only what was flushed is told.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import libtorrent as lt

from server.tracker.wire.announces import SITE_FINGERPRINT

from .meeting import Meeting

log = logging.getLogger(__name__)

ROUNDS_TO_SAVE, MILLISECONDS_TO_SAVE = 100, 50  # five seconds at most


@dataclass(frozen=True, slots=True)
class News:
    """How one copy is. `resume` is there when it should be kept for the next start.

    `given` counts the bytes given to peers since it was added here. It is neither whole nor lacks
    anything while files are checked and while the last bytes are written.
    """

    info_hash: str
    done: int
    given: int
    is_whole: bool
    lacks_something: bool
    trouble: str = ""
    resume: bytes | None = None


@dataclass(slots=True)
class _Work:
    handle: lt.torrent_handle
    done: int = 0
    given: int = 0
    is_finished: bool = False
    is_whole: bool = False
    lacks_something: bool = False
    trouble: str = ""
    draft: bytes | None = None
    resume: bytes | None = None
    saves: int = 0
    flushes: int = 0

    @property
    def is_saving(self) -> bool:
        return bool(self.saves or self.flushes)

    def save(self) -> None:
        self.saves += 1
        self.handle.save_resume_data()

    def flush(self) -> None:
        self.saves -= 1
        self.flushes += 1
        self.handle.flush_cache()


class Session:
    """The peer and what it works on."""

    def __init__(self, port: int, meeting: Meeting) -> None:
        self._meeting = meeting
        self._work: dict[str, _Work] = {}
        self._changed: set[str] = set()
        self._session = lt.session(cast("lt.settings_pack", _settings(port, meeting)))

    @property
    def port(self) -> int:
        """Where peers reach it; another one than was wished when that was taken."""
        return int(self._session.listen_port())

    def __contains__(self, info_hash: str) -> bool:
        return info_hash in self._work

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._work))

    def meet(self, meeting: Meeting) -> None:
        """Announce from now on in this way."""
        if meeting == self._meeting:
            return
        self._meeting = meeting
        self._session.apply_settings(cast("lt.settings_pack", {"announce_ip": meeting.address}))
        for work in self._work.values():
            work.handle.replace_trackers(_trackers(meeting))
            work.handle.force_reannounce()

    def add(self, info_hash: str, torrent: bytes, folder: Path, resume: bytes | None) -> None:
        """Fetch what is missing in the folder, and share it. Files are called by their number."""
        wanted = lt.load_torrent_buffer(torrent)
        assert wanted.ti is not None
        numbers = _numbered(wanted.ti)
        if resume is not None:
            wanted = _resumed(resume, wanted)
        wanted.save_path = str(folder)
        wanted.renamed_files = numbers
        wanted.trackers = list(self._meeting.trackers)
        wanted.tracker_tiers = list(range(len(self._meeting.trackers)))
        wanted.url_seeds = []  # Strangers may have written them, and the first would be this site.
        flags = lt.torrent_flags
        wanted.flags &= ~(flags.auto_managed | flags.paused | flags.upload_mode)
        # Peers must not lead a server to addresses that its tracker did not see.
        wanted.flags |= flags.disable_pex | flags.disable_dht | flags.disable_lsd
        self._work[info_hash] = _Work(self._session.add_torrent(wanted))

    def remove(self, info_hash: str) -> None:
        """Stop working on it; its files stay."""
        self._session.remove_torrent(self._work.pop(info_hash).handle)
        self._changed.discard(info_hash)

    def save(self) -> None:
        """Let the next news hold what is needed to go on, of all that has changed."""
        for work in self._work.values():
            if not work.is_saving and work.handle.need_save_resume_data():
                work.save()

    def news(self, milliseconds: int) -> list[News]:
        """What happens in this time."""
        self._session.post_torrent_updates()
        # Not `wait_for_alert`: the answer to the line above comes at once and would end it.
        time.sleep(milliseconds / 1000)
        for alert in self._session.pop_alerts():
            self._hear(alert)
        changed, self._changed = self._changed, set()
        return [self._news_of(info_hash) for info_hash in changed if info_hash in self._work]

    def close(self) -> list[News]:
        """The last news. Afterwards the trackers are told, as far as they answer soon."""
        self._session.pause()
        self.save()
        news: list[News] = []
        for _round in range(ROUNDS_TO_SAVE):
            if not any(work.is_saving for work in self._work.values()):
                break
            news += self.news(MILLISECONDS_TO_SAVE)
        return news

    def _hear(self, alert: lt.alert) -> None:
        if isinstance(alert, lt.state_update_alert):
            for status in alert.status:
                self._look(status)
            return
        if not isinstance(alert, lt.torrent_alert):
            return
        work = self._find(alert.handle)
        if work is None:
            return
        match alert:
            case lt.torrent_finished_alert():
                self._finish(work)
            case lt.save_resume_data_alert():
                work.draft = lt.write_resume_data_buf(alert.params)
                work.flush()
            case lt.save_resume_data_failed_alert():
                work.flush()
            case lt.cache_flushed_alert():
                self._flushed(work)
                self._changed.add(_key(alert.handle))
            case lt.file_error_alert() | lt.torrent_error_alert():
                work.trouble = alert.error.message()
                self._changed.add(_key(alert.handle))

    def _look(self, status: lt.torrent_status) -> None:
        work = self._find(status.handle)
        if work is None:
            return
        states = lt.torrent_status.states
        work.done, work.given = status.total_wanted_done, status.total_payload_upload
        work.lacks_something = status.state == states.downloading
        if status.state in (states.finished, states.seeding):
            self._finish(work)
        elif work.lacks_something:
            # Also a copy that was whole, when its files have gone.
            work.is_finished = work.is_whole = False
        self._changed.add(_key(status.handle))

    def _find(self, handle: lt.torrent_handle) -> _Work | None:
        # What was removed may still have something to say when it is added anew.
        work = self._work.get(_key(handle))
        return work if work is not None and work.handle == handle else None

    def _finish(self, work: _Work) -> None:
        if not work.is_finished:
            work.is_finished = True
            work.save()

    def _flushed(self, work: _Work) -> None:
        work.flushes = max(0, work.flushes - 1)
        if work.flushes:
            return
        work.resume, work.draft = work.draft or work.resume, None
        work.is_whole = work.is_finished and not work.trouble
        if work.is_whole:
            work.done = work.handle.status().total_wanted_done

    def _news_of(self, info_hash: str) -> News:
        work = self._work[info_hash]
        resume, work.resume = work.resume, None
        return News(
            info_hash=info_hash,
            done=work.done,
            given=work.given,
            is_whole=work.is_whole,
            lacks_something=work.lacks_something,
            trouble=work.trouble,
            resume=resume,
        )


def _settings(port: int, meeting: Meeting) -> dict[str, bool | int | str]:
    kinds = lt.alert.category_t
    return {
        "listen_interfaces": f"0.0.0.0:{port},[::]:{port}",
        "max_retry_port_bind": 0,
        "listen_system_port_fallback": True,
        "announce_ip": meeting.address,
        "alert_mask": kinds.error_notification
        | kinds.status_notification
        | kinds.storage_notification,
        "user_agent": "Passalong-site",
        "peer_fingerprint": SITE_FINGERPRINT.decode() + "0100-",
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "webtorrent_stun_server": "",
        # Measured for the client, and as true here.
        "enable_outgoing_utp": False,
        "min_reconnect_time": 10,
        "allow_multiple_connections_per_ip": True,
        "close_redundant_connections": True,
        "ssrf_mitigation": True,
        "stop_tracker_timeout": 2,
        # While nobody is there yet: as soon as the tracker allows.
        "min_announce_interval": 60,
        # A server serves more than a home does.
        "connections_limit": 500,
        "unchoke_slots_limit": 50,
        "active_downloads": -1,
        "active_seeds": -1,
        "active_limit": -1,
        "active_checking": 1,
    }


def _trackers(meeting: Meeting) -> list[lt.announce_entry]:
    entries = []
    for tier, url in enumerate(meeting.trackers):
        entry = lt.announce_entry(url)
        entry.tier = tier
        entries.append(entry)
    return entries


def _resumed(resume: bytes, fresh: lt.add_torrent_params) -> lt.add_torrent_params:
    try:
        resumed = lt.read_resume_data(resume)
    except RuntimeError:
        log.warning("What was saved of a copy cannot be read: its files are read again.")
        return fresh
    if resumed.info_hashes != fresh.info_hashes:
        return fresh
    resumed.ti = fresh.ti
    return resumed


def _numbered(torrent: lt.torrent_info) -> dict[int, str]:
    layout = torrent.layout()
    padding = lt.file_storage.flag_pad_file
    real = [at for at in range(layout.num_files()) if not layout.file_flags(at) & padding]
    return {index: str(number) for number, index in enumerate(real)}


def _key(handle: lt.torrent_handle) -> str:
    return handle.info_hashes().v1.to_bytes().hex()
