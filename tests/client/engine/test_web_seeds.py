"""Web seeds that have no time at first."""

import re
from pathlib import Path

import pytest

from client.engine import web_seeds
from client.engine.transfer import Order
from client.opening.what import read_torrent
from installer.formats import metainfo
from tests.answering import Asked, Reply, answering
from tests.client.conftest import Engines, make_torrent
from tests.client.engine.test_libtorrent_engine import wait_for


def test_a_web_seed_that_asks_for_patience_is_asked_again(
    engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_seeds, "AGAIN_SECONDS", 0.0)
    content = b"la" * 50_000
    (tmp_path / "song").write_bytes(content)
    asked: list[Asked] = []

    def answer(question: Asked) -> Reply:
        asked.append(question)
        if len(asked) == 1:
            return Reply(status=503, headers={"Retry-After": "60", "Content-Length": "0"})
        span = re.fullmatch(r"bytes=(\d+)-(\d+)", question.headers["Range"])
        assert span is not None
        part = content[int(span[1]) : int(span[2]) + 1]
        where = {"Content-Range": f"bytes {span[1]}-{span[2]}/{len(content)}"}
        return Reply(part, 206, where | {"Content-Length": str(len(part))})

    with answering(answer) as address:
        info = make_torrent(tmp_path / "song").metainfo.info
        torrent = read_torrent(metainfo.write(info, web_seeds=[f"{address}/song"]))
        order = Order(
            torrent.metainfo.info_hash, tmp_path / "bob", torrent.content, files=("song",)
        )
        bob = engines()
        bob.add(order)
        wait_for(bob, order.info_hash, lambda state: state.is_on_disk)
    assert (tmp_path / "bob/song").read_bytes() == content
