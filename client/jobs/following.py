"""One torrent in the engine, followed from its start to its stop. All jobs end in this."""

import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from dataclasses import replace

from client.engine.transfer import Engine, Order, Stage, Transfer
from client.engine.trouble import Kind, Trouble
from client.errors import ClientError, JobError, JobStopped
from client.folders.keeping import Kept
from client.jobs.noting import LostError, Notes
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop, StopRule
from client.words import gettext as _

_LOOK_SECONDS = 0.5

_PHASES = {
    Stage.METAINFO: Phase.ASKING,
    Stage.CHECKING: Phase.CHECKING,
    Stage.DOWNLOADING: Phase.DOWNLOADING,
    Stage.WRITING: Phase.WRITING,
    Stage.SHARING: Phase.SHARING,
    Stage.STOPPED: Phase.DONE,
}


def follow(
    engine: Engine,
    order: Order,
    kept: Kept,
    start: Progress,
    stop: Stop,
    rule: StopRule,
    clock: Callable[[], float] = time.monotonic,
    due: frozenset[str] = frozenset(),
) -> Generator[Progress]:
    """Work on the order until the rule is met or the person stops it.

    What the engine saves is kept on the way, and once more at the end, however it ends. A download
    is not complete without the files that are `due`.
    """
    with closing(Notes(kept, order, due)) as notes:
        try:
            yield from _follow(engine, order, notes, start, stop, rule, clock)
        except LostError:
            # With its last writes the engine may have made anew what was nowhere.
            raise notes.lost() from None


def _follow(
    engine: Engine,
    order: Order,
    notes: Notes,
    start: Progress,
    stop: Stop,
    rule: StopRule,
    clock: Callable[[], float],
) -> Generator[Progress]:
    engine.add(order)
    state = Transfer(order.info_hash)
    shared_since: float | None = None
    try:
        while True:
            state = engine.watch(order.info_hash, after=state.sequence, timeout=_LOOK_SECONDS)
            if state.trouble is None:
                notes.keep(state)
            yield _progress(start, state)
            if state.trouble is not None:
                raise JobError(state.trouble.sentence, trouble=state.trouble)
            if order.is_share_only and state.stage is Stage.DOWNLOADING:
                text = _(
                    "What is at {place} is not what the torrent describes, or only a "
                    "part of it; nothing was changed."
                ).format(place=start.place)
                raise JobError(text, trouble=Trouble(Kind.UNFIT, text))
            if state.is_on_disk:
                shared_since = clock() if shared_since is None else shared_since
                shared = clock() - shared_since
                if rule.is_met(shared, state.uploaded_bytes, state.total_bytes):
                    break
            if stop.is_asked:
                break
    except BaseException:
        # The fault under way says more than a note that a full disk does not take either.
        with suppress(ClientError):
            notes.keep(engine.stop(order.info_hash), is_stopped=True)
        raise
    notes.keep(engine.stop(order.info_hash), is_stopped=True)
    if not state.is_on_disk and not order.is_share_only:
        raise JobStopped(_("Stopped before it was complete. Start it again to continue."))
    yield replace(_progress(start, state), phase=Phase.DONE)


def _copies_elsewhere(state: Transfer) -> int | None:
    if state.swarm_complete < 0:
        return None
    return max(0, state.swarm_complete - state.is_on_disk)


def _progress(start: Progress, state: Transfer) -> Progress:
    return replace(
        start,
        info_hash=state.info_hash,
        phase=_PHASES[state.stage],
        done_bytes=state.done_bytes,
        total_bytes=state.total_bytes or start.total_bytes,
        rate=state.download_rate,
        upload_rate=state.upload_rate,
        uploaded_bytes=state.uploaded_bytes,
        peers=state.peers,
        seeds=state.seeds,
        givers=state.givers,
        takers=state.takers,
        copies_elsewhere=_copies_elsewhere(state),
        is_complete=state.is_on_disk,
        notice=state.notice,
    )
