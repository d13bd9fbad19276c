"""Makes a database as the first version had it, with a site in it, and updates it as `serve` does.

A program of its own (`python -m tests.server.running.old_site`) for the database of DATABASE_URL.
"""

import json

import django

django.setup()

from django.apps.registry import Apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.test import Client  # noqa: E402

from installer.formats import metainfo  # noqa: E402
from server.running.preparing import prepare  # noqa: E402
from server.running.updating import OUR_APPS  # noqa: E402
from tests.server import factories  # noqa: E402

LATER_APPS = {"seeding"}


def first_apps() -> Apps:
    """The models of the first version, with their tables."""
    executor = MigrationExecutor(connection)
    firsts = [
        key
        for app in (OUR_APPS - LATER_APPS) & executor.loader.migrated_apps
        for key in executor.loader.graph.root_nodes(app)
    ]
    return executor.migrate(firsts).apps


def fill(apps: Apps) -> None:
    """A site with a publisher, who is its admin too, a release, a ticket and a feed."""
    apps.get_model("site", "Site").objects.create(name="Films", saved_address=factories.ADDRESS)
    alice = apps.get_model("accounts", "User").objects.create(
        username="alice", password=make_password("open sesame"), is_superuser=True, is_staff=True
    )
    torrent = metainfo.read(factories.torrent())
    swarm = apps.get_model("tracker", "TrackedTorrent").objects.create(
        info_hash=torrent.info_hash.hex(), complete=3, downloaded=7
    )
    release = apps.get_model("catalog", "Release").objects.create(
        info_hash=swarm.info_hash,
        swarm=swarm,
        publisher=alice,
        title="Nosferatu",
        slug="nosferatu",
        description="Silent.",
        category=apps.get_model("catalog", "Category").objects.create(name="Films", slug="films"),
        total_size=torrent.total_size,
        file_count=1,
        published_at=factories.NOON,
    )
    apps.get_model("catalog", "TorrentFile").objects.create(
        release=release, info=torrent.info, piece_layers=b"de", first_files=[["film.mkv", 9]]
    )
    apps.get_model("publishing", "Ticket").objects.create(
        token_hash="0" * 64,
        user=alice,
        issued_at=factories.NOON,
        expires_at=factories.NOON,
        release=release,
    )
    apps.get_model("feeds", "PublishedFeed").objects.create(
        path="/feed.xml", digest="0" * 64, changed_at=factories.NOON
    )


def look() -> dict[str, object]:
    """What the updated site answers."""
    browser = Client(headers={"host": "films.example"})
    page = f"/torrents/{metainfo.read(factories.torrent()).info_hash.hex()}/"
    statuses = {
        path: browser.get(path).status_code
        for path in ("/", "/?q=film&sort=popular", page, f"{page}nosferatu.torrent", "/feed.xml")
    }
    found = b"Nosferatu" in browser.get("/?q=film.mkv").content
    entered = browser.login(username="alice", password="open sesame")
    statuses |= {
        path: browser.get(path).status_code
        for path in ("/admin/", "/admin/catalog/release/", "/mine/", "/admin/site/site/1/change/")
    }
    return {"statuses": statuses, "is_found": found, "can_sign_in": entered}


if __name__ == "__main__":
    fill(first_apps())
    opens = prepare()
    kept = sorted(path.name for path in settings.DATA_DIR.glob("*.tar.gz"))
    print(json.dumps({"opens": opens, "kept": kept, **look()}))
