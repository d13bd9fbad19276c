"""How long the server needs for the listing with few and with 100,000 releases on SQLite.

`python -m benchmarks.site.listing [RELEASES]`; every figure is the median of some requests.
"""

import os
import statistics
import sys
import tempfile
import time
from hashlib import sha1
from pathlib import Path

RELEASES = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROUNDS = 15
WORDS = ["night", "train", "farm", "birds", "maps", "linux", "concert", "harz", "leipzig", "music"]
PAGES = {
    "newest": "/",
    "popular": "/?sort=popular",
    "a shelf": "/?category=music",
    "far behind": "/?after=0-{middle}",
    "a rare word": "/?q=number{middle}",
    "a word of every release": "/?q=film",
    "that word, most popular first": "/?q=film&sort=popular",
    "two words of many": "/?q=night+train",
    "a release": "{release}",
}


def main() -> None:
    """Fill a site, then ask for its pages."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "PASSALONG_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "server.settings",
            "LOG_LEVEL": "ERROR",
        }
        Path(folder, "static").mkdir()
        _measure()


def _measure() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from server.running.preparing import prepare
    from server.site.models import Site

    prepare()
    Site.objects.create(pk=Site.ONLY, name="Films", saved_address="http://localhost")
    call_command("check")
    for number in (100, RELEASES):
        _fill(number)
        print(f"{number:,} releases")
        for name, path in PAGES.items():
            print(f"  {name:32} {_milliseconds(path, number):6.1f} ms")


def _fill(until: int) -> None:
    from django.contrib.auth import get_user_model
    from django.db import transaction
    from django.utils import timezone

    from server.catalog import searching
    from server.catalog.models import Category, Release, TorrentFile
    from server.tracker.models import TrackedTorrent

    alice, _ = get_user_model().objects.get_or_create(username="alice")
    music, _ = Category.objects.get_or_create(name="Music", slug="music")
    begin, now = Release.objects.count(), timezone.now()
    hashes = {number: sha1(str(number).encode()).hexdigest() for number in range(begin, until)}
    with transaction.atomic():
        TrackedTorrent.objects.bulk_create(
            (
                TrackedTorrent(info_hash=each, complete=number % 9, downloaded=number * 7 % 1000)
                for number, each in hashes.items()
            ),
            batch_size=2_000,
        )
        releases = Release.objects.bulk_create(
            (
                Release(
                    info_hash=each,
                    swarm_id=each,
                    publisher=alice,
                    category=music if number % 50 == 0 else None,
                    title=f"Film number{number} {WORDS[number % 10]} {WORDS[number // 10 % 10]}",
                    slug=f"film-{number}",
                    description="What it is about, in a few sentences. " * 5,
                    total_size=number * 1000,
                    file_count=1,
                    popularity=number * 7 % 1000,
                    published_at=now,
                )
                for number, each in hashes.items()
            ),
            batch_size=2_000,
        )
        files = [["film.mkv", 1000]]
        TorrentFile.objects.bulk_create(
            (TorrentFile(release=each, info=b"d" * 500, first_files=files) for each in releases),
            batch_size=2_000,
        )
        for release in releases:
            searching.store(release, ["film.mkv"])


def _milliseconds(path: str, number: int) -> float:
    from django.test import Client

    from server.catalog.models import Release

    middle = number // 2
    release = Release.objects.get(pk=middle).get_absolute_url()
    address = path.format(middle=middle, release=release)
    client, times = Client(headers={"host": "localhost"}), []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        assert client.get(address).status_code == 200
        times.append(time.perf_counter() - begun)
    return statistics.median(times[2:]) * 1000


if __name__ == "__main__":
    main()
