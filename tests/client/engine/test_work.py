"""Which work an alert of libtorrent's belongs to."""

from pathlib import Path

import libtorrent as lt

from client.engine.parameters import parameters
from client.engine.transfer import Order
from client.engine.work import Work, find_work
from tests.client.conftest import make_torrent


def test_what_an_earlier_run_of_the_same_torrent_says_is_not_about_this_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song")
    order = Order(torrent.metainfo.info_hash, tmp_path, torrent.content, files=("song",))
    # One session gives a second handle only when the first is gone, so two have to do.
    sessions = [lt.session({"listen_interfaces": "", "enable_dht": False}) for _ in range(2)]
    earlier, handle = (session.add_torrent(parameters(order)) for session in sessions)
    works = {order.info_hash: Work(handle, order)}
    assert find_work(works, handle) is works[order.info_hash]
    assert find_work(works, earlier) is None
