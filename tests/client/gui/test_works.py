"""Jobs made of what was shelved, without a screen."""

from pathlib import Path

from client.engine.transfer import AS_USUAL
from client.folders.keeping import open_kept
from client.folders.shelf import Shelved
from client.gui.works import Works
from tests.client.conftest import make_torrent
from tests.client.jobs.test_publish import FakeEngine
from tests.client.site_double import SiteDouble
from tests.programs import wait_until


def test_a_publisher_hears_of_the_sites_own_copy_after_a_restart_too(
    site: SiteDouble, state: Path, tmp_path: Path
) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song")
    info_hash = torrent.metainfo.info_hash
    kept = open_kept(state, info_hash, tmp_path)
    kept.keep(torrent.content, "song", is_ours=False)
    kept.close()
    site.answer(f"/api/v1/torrents/{info_hash.hex()}", b'{"site_copy": "here"}')
    shelved = Shelved(
        info_hash.hex(),
        str(tmp_path),
        "song",
        page_url="p",
        upload_url=site.ticket().upload_url,
        is_share_only=True,
    )
    works = Works(FakeEngine, state, lambda _: AS_USUAL, copy_pause=0.0)
    transfer = works.restored(shelved)
    transfer.start()
    wait_until("the news", lambda: "its own copy" in transfer.card.advice)
    transfer.pause()
    transfer.wait(10)
