"""The page of each site that is opened once, so that its browser knows that the client is here.

Only for sites that signed what we carried: nobody else can make us open a page.
"""

import json
from pathlib import Path
from urllib.parse import urljoin

from client.errors import FolderError
from client.folders.keeping import write_whole

NAME = "welcomed.json"


def welcome_page(site_url: str, state: Path) -> str | None:
    """The page to open now; None when this site has been visited before."""
    known = _read(state / NAME)
    if site_url in known:
        return None
    try:
        write_whole(state / NAME, json.dumps([*known, site_url], indent=1).encode())
    except FolderError:
        return None  # Else it would be opened again and again.
    return urljoin(site_url.rstrip("/") + "/", "welcome/")


def _read(path: Path) -> list[str]:
    try:
        known = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return []
    return [site for site in known if isinstance(site, str)] if isinstance(known, list) else []
