"""nginx in front of the site sends the files of its copies, set up as docs/performance.md says."""

import getpass
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.urls import reverse
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.programs import ROOT, free_port, needs, running, wait_until
from tests.server import factories

PAGE = b"<script>alert(1)</script>" * 10_000
NAME = "Seite für Zoë #1.html"
LOCATION = re.compile(r"^location /own-copies/ \{.*?^\}", re.MULTILINE | re.DOTALL)
CONFIGURATION = """\
daemon off;
user {user};
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        proxy_set_header Host $http_host;
        location / {{ proxy_pass {site}; }}
        {documented}
    }}
}}
"""


@pytest.fixture
def nginx(live_server: LiveServer, settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The address of nginx in front of the site."""
    program = needs("nginx", apt="nginx-light")
    settings.COPIES_DIR = tmp_path / "copies"
    settings.ACCEL_COPIES = "/own-copies/"
    documented = LOCATION.search((ROOT / "docs/performance.md").read_text())
    assert documented
    port = free_port()
    (tmp_path / "nginx.conf").write_text(
        CONFIGURATION.format(
            user=getpass.getuser(),
            folder=tmp_path,
            port=port,
            site=live_server.url,
            documented=documented[0].replace("/srv/passalong/data", str(tmp_path)),
        )
    )
    tmp_path.chmod(0o755)
    with running([program, "-c", tmp_path / "nginx.conf"], tmp_path / "log") as process:
        address = f"http://127.0.0.1:{port}"
        wait_until(f"nginx answering: {process.output}", lambda: is_up(address))
        yield address


def is_up(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=5).status_code > 0
    except requests.ConnectionError:
        return False


@pytest.mark.django_db(transaction=True)
def test_sends_whole_files_parts_and_what_protects_the_site(
    nginx: str, carried: Counter[str]
) -> None:
    factories.site(address=nginx)
    release = factories.release(data=factories.torrent(NAME, PAGE))
    factories.site_copy(release, PAGE)
    address = nginx + reverse("seeding:file", args=[release.info_hash, NAME])

    whole = requests.get(address, timeout=10)
    assert (whole.status_code, whole.content) == (200, PAGE)
    assert whole.headers["Content-Security-Policy"] == "sandbox"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Type"] == "application/octet-stream"
    assert whole.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Seite%20")
    assert whole.headers["Cache-Control"].startswith("public")

    asked = {"Range": "bytes=1000-1999", "If-Range": whole.headers["ETag"]}
    part = requests.get(address, headers=asked, timeout=10)
    assert (part.status_code, part.content) == (206, PAGE[1000:2000])
    known = requests.get(address, headers={"If-None-Match": whole.headers["ETag"]}, timeout=10)
    behind = requests.get(address, headers={"Range": f"bytes={len(PAGE)}-"}, timeout=10)
    assert (known.status_code, behind.status_code) == (304, 416)
    assert carried[release.info_hash] == 1000
    inside = requests.get(f"{nginx}/own-copies/{release.info_hash}/files/0", timeout=10)
    assert inside.status_code == 404
