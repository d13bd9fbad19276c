"""A site on this computer that answers what a test tells it to, and remembers what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from installer.formats.ticket import Ticket


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class SiteDouble:
    """Answers by path; anything else is 404."""

    url: str = ""
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def answer(
        self, path: str, body: bytes, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        self.answers[path] = (status, body, headers or {})

    def ticket(self, announce: tuple[str, ...] = (), size_limit: int = 10**9) -> Ticket:
        return Ticket(
            token=bytes(range(32)),
            site_name="Alice's site",
            site_url=self.url,
            upload_url=f"{self.url}/api/v1/torrents",
            announce=announce or (f"{self.url}/announce",),
            expires_at=2_000_000_000,
            size_limit=size_limit,
            user_name="alice",
        )


@contextmanager
def open_site() -> Iterator[SiteDouble]:
    """Serve a site until the block ends."""
    site = SiteDouble()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = dict(self.headers.items())
            site.asked.append(Asked(self.command, self.path, headers, body))
            path = self.path.partition("?")[0]
            status, content, more = site.answers.get(path, (404, b"{}", {}))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
