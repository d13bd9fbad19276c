"""The settings as a process of its own reads them from its environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def read(expression: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start Python, read the settings, print what an expression makes of them."""
    program = f"from django.conf import settings; print({expression})"
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**kept, "DJANGO_SETTINGS_MODULE": "server.settings", **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_database_lies_in_the_data_folder_whatever_that_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "a b#c?%20"
    answer = read("settings.DATABASES['default']['NAME']", PASSALONG_DATA_DIR=str(folder))
    assert answer.stdout.strip() == str(folder / "db.sqlite3")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PASSALONG_SITE_URL", "example.org", "Write it as https://example.org"),
        ("PASSALONG_SITE_URL", "http://example.org:99999", "Write it as https://example.org"),
        ("PASSALONG_SITE_URL", "https://exa mple.org", "Write it as https://example.org"),
        ("PASSALONG_SITE_URL", "https://user:word@example.org", "Write it as"),
        ("PASSALONG_SITE_URL", "https://example.org/films", "without a path"),
        ("PASSALONG_TRACKER_URL", "tracker.example.org", "Write it as http://tracker"),
        ("PASSALONG_TRACKER_PORT", "0", "from 1 to 65535"),
        ("PASSALONG_PORT", "http", "from 1 to 65535"),
        ("PASSALONG_TRACKER_PROCESSES", "0", "from 1 to 32"),
        ("PASSALONG_TRACKER_PROCESSES", "many", "such as 4"),
        ("PASSALONG_TRUSTED_PROXIES", "10.0.0.1/8", "is no network"),
        ("CELERY_BROKER_URL", "unix:///run/redis.sock", "Write it as redis://localhost/1"),
        ("SECRET_KEY_FILE", "/nowhere/key", "no such file"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(name: str, value: str, sentence: str) -> None:
    answer = read("settings.DEBUG", **{name: value})
    assert answer.returncode == 1
    assert sentence in answer.stderr.splitlines()[-1]


def test_the_case_of_a_host_name_does_not_matter() -> None:
    answer = read("settings.SITE_URL", PASSALONG_SITE_URL="HTTPS://Example.org/")
    assert answer.stdout.strip() == "https://example.org"


def test_forms_and_redirects_work_behind_a_proxy_that_speaks_https() -> None:
    answer = read(
        "settings.SECURE_PROXY_SSL_HEADER, settings.SECURE_SSL_HOST",
        PASSALONG_SITE_URL="https://example.org",
    )
    assert answer.stdout.strip() == "('HTTP_X_FORWARDED_PROTO', 'https') example.org"


def test_only_an_address_of_its_own_takes_the_cache_out_of_the_database() -> None:
    cache = "settings.CACHES['default']['BACKEND'].rpartition('.')[2]"
    assert read(cache, REDIS_URL="redis://cluster").stdout.strip() == "DatabaseCache"
    assert read(cache, CACHE_URL="redis://localhost/2").stdout.strip() == "RedisCache"


def test_sites_that_share_a_broker_do_not_take_each_others_tasks(tmp_path: Path) -> None:
    queue, broker = "settings.CELERY_TASK_DEFAULT_QUEUE", {"CELERY_BROKER_URL": "redis://one/1"}
    databases = [f"postgres://{user}@db/{name}" for user, name in ("af", "bf", "bg")]
    queues = [read(queue, DATABASE_URL=each, **broker).stdout for each in databases]
    queues += [read(queue, PASSALONG_DATA_DIR=f"{tmp_path}/{name}").stdout for name in "ab"]
    assert queues[0] == queues[1]
    assert len(set(queues)) == 4
