"""The real engine: libtorrent in one thread, which makes all calls.

What libtorrent does not say by itself, and what this file is careful about: "finished" is not "on
disk" (libtorrent #3132); disk errors silently turn a torrent into upload mode; an alert's memory
is reused at the next `pop_alerts` (#7429); resume data may speak of blocks still in memory.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

import libtorrent as lt

from client.engine.looking import details_of, exchanges, has_tracker, is_asking_trackers, said
from client.engine.parameters import parameters, tune
from client.engine.politeness import Politeness
from client.engine.returning import Pulse, Returning
from client.engine.session import change_session, open_session, session_settings
from client.engine.settings import Setting
from client.engine.transfer import Details, Engine, Order, Stage, Transfer, Tuning, Wishes
from client.engine.trouble import Kind, Trouble, disk_trouble, tracker_notice
from client.engine.work import Work, find_work
from client.errors import EngineError
from client.words import gettext as _

_WAIT_MILLISECONDS = 100
_STATUS_SECONDS = 0.5
_STOP_SECONDS = 10.0
_GOODBYE_SECONDS = 3.0

_T = TypeVar("_T")

_log = logging.getLogger("passalong.engine")

_STAGES = {
    lt.torrent_status.states.checking_resume_data: Stage.CHECKING,
    lt.torrent_status.states.checking_files: Stage.CHECKING,
    lt.torrent_status.states.downloading_metadata: Stage.METAINFO,
    lt.torrent_status.states.downloading: Stage.DOWNLOADING,
    lt.torrent_status.states.finished: Stage.WRITING,
    lt.torrent_status.states.seeding: Stage.WRITING,
}


class LibtorrentEngine(Engine):
    """libtorrent in a thread of its own."""

    def __init__(self, wishes: Wishes, pulse: Pulse | None = None) -> None:
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._states: dict[bytes, Transfer] = {}
        self._changed = threading.Condition()
        self._work: dict[bytes, Work] = {}
        # What was stopped and still tells its trackers so, and until when it may.
        self._leaving: dict[bytes, tuple[lt.torrent_handle, float]] = {}
        self._is_closing = False
        self._pulse = pulse or Pulse()
        self._ask_for_alert: Callable[[], None] | None = None
        settings = session_settings(wishes)
        started: Future[int] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(settings, wishes, started), name="engine", daemon=True
        )
        self._thread.start()
        self.port = started.result()

    def add(self, order: Order) -> None:
        """Begin to work on a torrent."""
        self._call(lambda: self._add(order))

    def watch(self, info_hash: bytes, *, after: int, timeout: float) -> Transfer:
        """Wait for a state that is newer than `after`; at the timeout return the last one."""
        if not self._thread.is_alive():
            raise EngineError(_("The engine has stopped. Start it again to continue."))
        with self._changed:
            self._changed.wait_for(lambda: self._states[info_hash].sequence > after, timeout)
            return self._states[info_hash]

    def connect_peer(self, info_hash: bytes, address: tuple[str, int]) -> None:
        """Try this peer at once."""
        self._call(lambda: self._work[info_hash].handle.connect_peer(address))

    def change(self, wishes: Wishes) -> None:
        """Follow other wishes from now on; ports and addresses stay as they are."""

        def apply() -> None:
            change_session(self._session, wishes)
            self._politeness.follow(wishes)

        self._call(apply)

    def tune(self, info_hash: bytes, tuning: Tuning) -> None:
        """Go on in this way; other files are wanted only by a new order."""

        def apply() -> None:
            work = self._work.get(info_hash)
            if work is not None:
                tune(work.handle, tuning)

        self._call(apply)

    def details(self, info_hash: bytes) -> Details:
        """What only those who want to know are shown."""
        answer: Future[Details] = Future()

        def look() -> None:
            work = self._work.get(info_hash)
            answer.set_result(Details() if work is None else details_of(work.handle, work.log))

        self._call(look)
        return _answer(answer)

    def stop(self, info_hash: bytes) -> Transfer:
        """Tell the tracker, save what is needed to continue, and forget the torrent."""
        stopped: Future[Transfer] = Future()
        self._call(lambda: self._begin_stop(info_hash, stopped))
        return _answer(stopped)

    def close(self) -> None:
        """Stop everything, in bounded time."""
        if not self._thread.is_alive():
            return
        self._call(self._begin_close)
        self._thread.join(_STOP_SECONDS + 10)

    def _call(self, deed: Callable[[], None]) -> None:
        done: Future[None] = Future()

        def run() -> None:
            try:
                deed()
            except Exception as error:
                # The thread that asked gets it; this one goes on.
                done.set_exception(error)
            else:
                done.set_result(None)

        self._commands.put(run)
        self._wake()
        _answer(done)

    def _wake(self) -> None:
        """Let the engine's thread look at once: it waits for an alert, so ask for one."""
        ask_for_alert = self._ask_for_alert
        if ask_for_alert is not None:
            ask_for_alert()

    def _run(self, settings: dict[str, Setting], wishes: Wishes, started: Future[int]) -> None:
        try:
            session = open_session(settings, wishes)
        except EngineError as error:
            started.set_exception(error)
            return
        self._session = session
        self._returning = Returning(session, self._pulse)
        self._politeness = Politeness(session)
        self._politeness.follow(wishes)
        self._ask_for_alert = session.post_torrent_updates
        started.set_result(session.listen_port())
        asked_at = 0.0
        while not self._is_closing or self._work or self._leaving:
            session.wait_for_alert(_WAIT_MILLISECONDS)
            for alert in session.pop_alerts():
                self._handle_safely(alert)
            while not self._commands.empty():
                self._commands.get()()
            now = time.monotonic()
            self._keep_going(now)
            if now - asked_at >= _STATUS_SECONDS:
                asked_at = now
                session.post_torrent_updates()
                self._look_after(now)
            self._let_go(now)
        self._ask_for_alert = None
        del session, self._session

    def _add(self, order: Order) -> None:
        if order.info_hash in self._work:
            raise EngineError(_("This torrent is already being worked on."))
        if order.info_hash in self._leaving:
            self._remove(order.info_hash)
        try:
            handle = self._session.add_torrent(parameters(order))
        except RuntimeError as error:
            raise EngineError(
                _("This torrent cannot be used: {error}.").format(error=error)
            ) from error
        self._work[order.info_hash] = Work(handle, order)
        self._publish(Transfer(order.info_hash))

    def _begin_stop(self, info_hash: bytes, stopped: Future[Transfer]) -> None:
        work = self._work[info_hash]
        work.stopping = stopped
        work.stop_deadline = time.monotonic() + _STOP_SECONDS
        work.handle.pause()
        self._save(work)

    def _begin_close(self) -> None:
        self._is_closing = True
        for info_hash, work in self._work.items():
            if work.stopping is None:
                self._begin_stop(info_hash, Future())

    def _look_after(self, now: float) -> None:
        """Save what changed from time to time, and give up on what does not stop."""
        for work in list(self._work.values()):
            if work.stopping is not None:
                if now >= work.stop_deadline:
                    self._forget(work)
                continue
            work.web_seeds.look(work.handle, now)
            if work.is_saving or not work.save_times.is_due(now):
                continue
            if work.handle.need_save_resume_data():
                self._save(work)

    def _keep_going(self, now: float) -> None:
        try:
            self._returning.look(self._running, now)
        except RuntimeError:
            _log.exception("Whether we were away was not found out.")
        try:
            self._politeness.look(self._running, now)
        except Exception:
            # Manners must not end the thread that all transfers live in.
            _log.exception("How fast to send was not found out.")

    @property
    def _running(self) -> list[lt.torrent_handle]:
        return [work.handle for work in self._work.values() if work.stopping is None]

    def _save(self, work: Work) -> None:
        # First the resume data, then a flush: it speaks only of blocks that were there before the
        # flush, so when the flush is answered all of it is true.
        work.is_saving = True
        work.handle.save_resume_data(lt.torrent_handle.save_info_dict)

    def _flush(self, work: Work) -> None:
        work.flushes += 1
        work.handle.flush_cache()

    def _handle_safely(self, alert: lt.alert) -> None:
        try:
            self._handle(alert)
        except Exception:
            # One alert must not end the thread that all transfers live in.
            _log.exception("An alert of the kind %s was passed over.", alert.what())

    def _handle(self, alert: lt.alert) -> None:
        if _log.isEnabledFor(logging.INFO):
            _log.info("%s", said(alert.message))
        if isinstance(alert, lt.state_update_alert):
            for status in alert.status:
                self._update(status)
        elif isinstance(alert, lt.listen_succeeded_alert):
            self._returning.listen(self._running, time.monotonic())
            self._politeness.begin_anew()
        if not isinstance(alert, lt.torrent_alert):
            return
        work = find_work(self._work, alert.handle)
        if work is not None:
            work.hear(alert)
            self._handle_of(work, alert)

    def _handle_of(self, work: Work, alert: lt.torrent_alert) -> None:
        match alert:
            case lt.torrent_finished_alert():
                self._finish(work)
            case lt.cache_flushed_alert():
                self._flushed(work)
            case lt.save_resume_data_alert():
                work.draft = lt.write_resume_data_buf(alert.params)
                self._flush(work)
            case lt.save_resume_data_failed_alert():
                work.is_saving = False
                self._flush(work)
            case lt.metadata_received_alert():
                self._received_metadata(work)
            case lt.file_error_alert() | lt.torrent_error_alert():
                self._failed(work, alert.error)
            case lt.tracker_error_alert():
                if not has_tracker(work.handle):
                    error, reason = alert.error, said(alert.failure_reason)
                    notice = tracker_notice(reason, error.value(), error.category().name())
                    self._change(work, notice=notice)
            case lt.tracker_reply_alert():
                self._change(work, notice="")
                # The tracker's counts alone do not make libtorrent report a change.
                self._update(work.handle.status())

    def _update(self, status: lt.torrent_status) -> None:
        work = find_work(self._work, status.handle)
        if work is None:
            return
        stage = _STAGES.get(status.state, Stage.CHECKING)
        if stage is Stage.WRITING and self._states[work.order.info_hash].is_on_disk:
            stage = Stage.SHARING
        now = time.monotonic()
        self._change(
            work,
            stage=stage,
            done_bytes=_done_bytes(status),
            total_bytes=status.total_wanted,
            uploaded_bytes=status.all_time_upload,
            download_rate=work.download.rate(status.total_payload_download, now),
            upload_rate=work.upload.rate(status.total_payload_upload, now),
            peers=status.num_peers,
            seeds=status.num_seeds,
            swarm_complete=status.num_complete,
            **exchanges(work.handle),
        )
        if stage is Stage.WRITING:
            self._finish(work)

    def _finish(self, work: Work) -> None:
        if not work.is_finished:
            work.is_finished = True
            self._flush(work)
            self._save(work)

    def _flushed(self, work: Work) -> None:
        work.flushes = max(0, work.flushes - 1)
        if work.flushes:
            return
        if work.draft is not None:
            work.is_saving = False
            self._change(work, resume=work.draft)
            work.draft = None
        state = self._states[work.order.info_hash]
        if work.is_finished and not state.is_on_disk and state.trouble is None:
            total = work.handle.status().total_wanted
            self._change(
                work, is_on_disk=True, stage=Stage.SHARING, total_bytes=total, done_bytes=total
            )
        if work.stopping is not None and not work.is_saving:
            self._forget(work)

    def _received_metadata(self, work: Work) -> None:
        torrent = work.handle.torrent_file()
        if torrent is not None and work.order.torrent is None:
            self._change(work, info=torrent.info_section())

    def _failed(self, work: Work, error: lt.error_code) -> None:
        if error.category().name() == "system":
            folder = str(work.order.save_folder)
            is_own = work.order.is_share_only
            trouble = disk_trouble(error.value(), error.message(), folder, is_own=is_own)
        else:
            trouble = Trouble(
                Kind.TORRENT, _("This cannot go on: {message}.").format(message=error.message())
            )
        self._change(work, trouble=trouble)

    def _forget(self, work: Work) -> None:
        self._work.pop(work.order.info_hash)
        self._leaving[work.order.info_hash] = (work.handle, time.monotonic() + _GOODBYE_SECONDS)
        self._change(work, stage=Stage.STOPPED, download_rate=0, upload_rate=0)
        assert work.stopping is not None
        work.stopping.set_result(self._states[work.order.info_hash])

    def _let_go(self, now: float) -> None:
        """Remove what was stopped, once its trackers have heard so or had their time.

        The session's destructor would wait for them too, but nothing in this process runs then.
        """
        for info_hash, (handle, deadline) in list(self._leaving.items()):
            if now >= deadline or not is_asking_trackers(handle):
                self._remove(info_hash)

    def _remove(self, info_hash: bytes) -> None:
        handle, _deadline = self._leaving.pop(info_hash)
        self._session.remove_torrent(handle)

    def _change(self, work: Work, **changes: object) -> None:
        # mypy cannot check the names given to `replace`; `_update` and the tests do.
        self._publish(replace(self._states[work.order.info_hash], **changes))  # type: ignore[arg-type]

    def _publish(self, state: Transfer) -> None:
        with self._changed:
            last = self._states.get(state.info_hash)
            sequence = 1 if last is None else last.sequence + 1
            self._states[state.info_hash] = replace(state, sequence=sequence)
            self._changed.notify_all()


def _answer(future: Future[_T]) -> _T:
    """Wait for the engine's thread, but not for ever if it should have died."""
    try:
        return future.result(_STOP_SECONDS + 5)
    except TimeoutError:
        raise EngineError(_("The engine does not answer. Start it again to continue.")) from None


def _done_bytes(status: lt.torrent_status) -> int:
    if status.state == lt.torrent_status.states.checking_files:
        return status.progress_ppm * status.total_wanted // 1_000_000
    return status.total_wanted_done
