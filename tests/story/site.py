"""A whole site in the tests: `manage.py serve` as an admin starts it, and a browser to visit it."""

import html
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urljoin

import requests

from tests.programs import ROOT, Process, clean_environment, free_port, running

SECONDS_TO_START = 90
SECONDS_TO_STOP = 20
ADMIN = "alice"
PASSWORD = "a long way to Tipperary"


class Site:
    """A running site: its process and its addresses."""

    def __init__(self, process: Process, data_dir: Path, port: int, tracker_port: int) -> None:
        self.process = process
        self.data_dir = data_dir
        self.port = port
        self.tracker_port = tracker_port
        self.url = f"http://localhost:{port}"

    def first_page(self) -> str:
        """The address that the site asks its admin to open."""
        found = re.search(r"Open (\S+)", self.process.output)
        assert found, self.process.output
        return found[1]


@contextmanager
def serving(
    data_dir: Path,
    log: Path,
    *,
    templates: Path | None = None,
    ports: tuple[int, int] | None = None,
    **variables: str,
) -> Iterator[Site]:
    """A site that answers; it is gone when the block is left."""
    port, tracker_port = ports or (free_port(), free_port())
    environment = clean_environment(PASSALONG_SEEDING_PORT=str(free_port()), **variables)
    if templates:
        environment["PASSALONG_TEMPLATES_DIR"] = str(templates)
    arguments = serve_arguments(data_dir, port, tracker_port)
    with running(arguments, log, environment) as process:
        process.wait_for_output("Ctrl-C stops it.", SECONDS_TO_START)
        yield Site(process, data_dir, port, tracker_port)
        if process.exit_code is None:
            assert process.stop(SECONDS_TO_STOP) == 0, process.output


def serve_arguments(data_dir: Path, port: int, tracker_port: int) -> list[str | Path]:
    """The command line that starts a site on loopback."""
    return [
        *(sys.executable, ROOT / "manage.py", "serve", "--host", "127.0.0.1"),
        *("--port", str(port), "--tracker-port", str(tracker_port), "--data-dir", data_dir),
    ]


class Browser:
    """Visits pages, remembers cookies and sends forms with their CSRF token."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._session = requests.Session()
        self._session.trust_env = False

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def open(self, path: str) -> requests.Response:
        """A page of the site, which must answer 200."""
        answer = self._session.get(urljoin(self._site.url, path), timeout=30)
        assert answer.status_code == 200, f"{path}: {answer.status_code}\n{answer.text[:2000]}"
        return answer

    def read(self, path: str) -> str:
        """The text of a page, with every character as people see it."""
        return html.unescape(self.open(path).text)

    def send(self, page: str, action: str = "", **fields: str) -> requests.Response:
        """Fill in a form of `page` and send it to `action`, which must not answer with an error."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.open(page).text)
        assert token, f"{page} has no form"
        address = urljoin(self._site.url, page)
        answer = self._session.post(
            urljoin(address, action or page),
            data={"csrfmiddlewaretoken": token[1], **fields},
            headers={"Referer": address},
            timeout=60,
        )
        assert answer.status_code == 200, f"{action or page}: {answer.status_code}\n{answer.text}"
        return answer

    def download(self, path: str, target: Path) -> Path:
        """Save a file of the site; a program can be run afterwards."""
        return _save(self.open(path), target)

    def send_and_save(self, page: str, action: str, target: Path) -> Path:
        """Send a form of `page` whose answer is a program."""
        return _save(self.send(page, action), target)

    def sign_in(self, user: str, password: str) -> None:
        """Sign in on the page for it."""
        answer = self.send("/accounts/login/", login=user, password=password)
        assert "/accounts/login/" not in answer.url, answer.text


def set_up(site: Site) -> None:
    """Claim a new site for Alice, at the address that it printed."""
    browser = Browser(site)
    answer = browser.send(
        site.first_page(),
        site_name="Alice’s Films",
        address=site.url,
        user_name=ADMIN,
        password=PASSWORD,
        password_again=PASSWORD,
    )
    assert "/setup/" not in answer.url, answer.text
    browser.close()


def keep_no_copies(site: Site) -> None:
    """Let everything come from people alone, as when the admin gives the site no space."""
    with closing(sqlite3.connect(site.data_dir / "db.sqlite3")) as database, database:
        database.execute("UPDATE site_site SET copies_gb = 0")


def _save(answer: requests.Response, target: Path) -> Path:
    assert "attachment" in answer.headers.get("Content-Disposition", ""), answer.headers
    target.write_bytes(answer.content)
    target.chmod(0o755)
    return target


def info_hashes(page: str) -> list[str]:
    """The releases that a page leads to, in order."""
    return list(dict.fromkeys(re.findall(r"/torrents/([0-9a-f]{40})/", html.unescape(page))))
