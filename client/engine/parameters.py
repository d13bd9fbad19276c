"""From an order to what libtorrent is given for one torrent."""

import libtorrent as lt

from client.engine.settings import rate
from client.engine.transfer import Order, Tuning
from client.errors import EngineError
from client.words import gettext as _


def parameters(order: Order) -> lt.add_torrent_params:
    """Say which torrent it is, where its files are, and what may be done to them."""
    flags = lt.torrent_flags
    if order.torrent is None:
        assert order.magnet is not None
        wanted = lt.parse_magnet_uri(order.magnet)
        # Only the description is wanted: its names have to be checked before anything is saved.
        wanted.flags |= flags.default_dont_download
    else:
        wanted = lt.load_torrent_buffer(order.torrent)
        wanted = _resumed(order.resume, wanted)
        real = _real_files(wanted.ti, len(order.files))
        wanted.renamed_files = dict(zip(real, order.files, strict=True))
        _prefer(wanted, real, order.tuning.priorities)
        if order.is_complete:
            wanted.flags |= flags.seed_mode
    wanted.save_path = str(order.save_folder)
    wanted.flags &= ~(flags.auto_managed | flags.paused | flags.upload_mode | flags.stop_when_ready)
    if order.is_share_only:
        wanted.flags |= flags.upload_mode
    wanted.upload_limit = rate(order.tuning.limits.upload)
    wanted.download_limit = rate(order.tuning.limits.download)
    if order.tuning.is_in_order:
        wanted.flags |= flags.sequential_download
    else:
        wanted.flags &= ~flags.sequential_download
    return wanted


def tune(handle: lt.torrent_handle, tuning: Tuning) -> None:
    """Change what can be changed while it runs."""
    handle.set_upload_limit(rate(tuning.limits.upload))
    handle.set_download_limit(rate(tuning.limits.download))
    if tuning.is_in_order:
        handle.set_flags(lt.torrent_flags.sequential_download)
    else:
        handle.unset_flags(lt.torrent_flags.sequential_download)


def _prefer(wanted: lt.add_torrent_params, real: list[int], priorities: str) -> None:
    """Say which files are wanted, whatever the resume data says; padding costs nothing."""
    every = [4] * (max(real) + 1)
    for index, digit in zip(real, priorities or "4" * len(real), strict=True):
        every[index] = int(digit)
    wanted.file_priorities = every
    wanted.piece_priorities = []


def _resumed(resume: bytes | None, fresh: lt.add_torrent_params) -> lt.add_torrent_params:
    """Continue from the resume data if it is of this torrent; trackers are the torrent's own."""
    if resume is None:
        return fresh
    try:
        resumed = lt.read_resume_data(resume)
    except RuntimeError:
        return fresh
    if resumed.info_hashes != fresh.info_hashes:
        return fresh
    resumed.ti = fresh.ti
    resumed.trackers = fresh.trackers
    resumed.tracker_tiers = fresh.tracker_tiers
    resumed.url_seeds = fresh.url_seeds
    return resumed


def _real_files(torrent: lt.torrent_info | None, count: int) -> list[int]:
    """libtorrent's numbers of the files that are no padding."""
    assert torrent is not None
    layout = torrent.layout()
    real = [
        index
        for index in range(layout.num_files())
        if not layout.file_flags(index) & lt.file_storage.flag_pad_file
    ]
    if len(real) != count:
        raise EngineError(
            _("This torrent cannot be used: the engine finds other files in it than we do.")
        )
    return real
