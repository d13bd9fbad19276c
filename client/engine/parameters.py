"""From an order to what libtorrent is given for one torrent."""

import libtorrent as lt

from client.engine.transfer import Order
from client.errors import EngineError


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
        wanted.renamed_files = _renamed(wanted.ti, order.files)
        if order.is_complete:
            wanted.flags |= flags.seed_mode
    wanted.save_path = str(order.save_folder)
    wanted.flags &= ~(flags.auto_managed | flags.paused | flags.upload_mode | flags.stop_when_ready)
    if order.is_share_only:
        wanted.flags |= flags.upload_mode
    return wanted


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


def _renamed(torrent: lt.torrent_info | None, files: tuple[str, ...]) -> dict[int, str]:
    assert torrent is not None
    layout = torrent.layout()
    real = [
        index
        for index in range(layout.num_files())
        if not layout.file_flags(index) & lt.file_storage.flag_pad_file
    ]
    if len(real) != len(files):
        raise EngineError(
            "This torrent cannot be used: the engine finds other files in it than we do."
        )
    return dict(zip(real, files, strict=True))
