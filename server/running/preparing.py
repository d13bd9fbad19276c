"""What must be there before the site's programs start: tables, roles, keys, static files.

The folder itself and the secret key are made in `data_folder`.
"""

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.utils import timezone

from server.accounts import setup_code
from server.accounts.roles import make_roles
from server.seeding import pulse as seeder
from server.site.key import site_key
from server.site.models import Site

from . import pulse
from .data_folder import write_private
from .updating import update_database


def prepare() -> str:
    """Bring database and static files up to date; the path of the first page to open."""
    update_database()
    call_command("createcachetable", verbosity=0)
    make_roles()
    pulse.beat(timezone.now())
    seeder.expect(timezone.now())
    Site.objects.take_settings()
    site_key()
    _collect_static_files()
    if Site.objects.is_set_up():
        return "/"
    return f"/setup/?code={setup_code.ensure()}"


def _collect_static_files() -> None:
    # Compressing takes seconds and changes nothing as long as no source file has changed.
    note = Path(settings.DATA_DIR) / "static-sources"
    sources = _fingerprint()
    if note.exists() and note.read_text() == sources and Path(settings.STATIC_ROOT).is_dir():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    write_private(note, sources)


def _fingerprint() -> str:
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    parts = [backend, version("django"), version("whitenoise"), *sorted(_source_files())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _source_files() -> Iterator[list[str | int]]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            yield [name, status.st_size, status.st_mtime_ns]
