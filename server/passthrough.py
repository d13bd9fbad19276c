"""The tracker's addresses on the web port: `/announce` and `/scrape` go on to the tracker.

With them one open port is enough for a site. What the tracker answers is the tracker's business;
Django never sees these requests. A front server such as nginx sends them there directly.
"""

import threading
from collections.abc import Iterable, Sequence
from http.client import HTTPConnection, HTTPException, HTTPResponse
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings

from installer.formats import bencoding
from server.site.proxies import Network, client_address

TRACKER_PATHS = frozenset({"/announce", "/scrape"})
SECONDS_TO_ANSWER = 5.0
LONGEST_ANSWER = 1_000_000


def pass_tracker_requests(application: WSGIApplication) -> WSGIApplication:
    """`application` with the tracker's addresses in front, as the settings say."""
    tracker = Tracker(settings.TRACKER_HOST, settings.TRACKER_PORT, settings.TRUSTED_PROXIES)

    def with_tracker(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] in TRACKER_PATHS and environ["REQUEST_METHOD"] == "GET":
            return tracker(environ, start_response)
        return application(environ, start_response)

    return with_tracker


class Tracker:
    """The tracker behind this web server, as a WSGI application.

    Every thread keeps one connection open. The tracker believes our X-Forwarded-For because we ask
    from this machine, so what a stranger wrote into that header never gets through.
    """

    def __init__(self, host: str, port: int, trusted: Sequence[Network]) -> None:
        self._host = host
        self._port = port
        self._trusted = trusted
        self._of_this_thread = threading.local()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one announce or scrape with the tracker's own answer."""
        query = environ.get("QUERY_STRING", "")
        target = environ["PATH_INFO"] + (f"?{query}" if query else "")
        address = client_address(
            environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""), self._trusted
        )
        try:
            answer, body = self._ask(target, address)
        except UnicodeEncodeError:
            return _refuse(start_response, "An announce must be written in ASCII.")
        except (OSError, HTTPException):
            return _refuse(start_response, "The tracker is restarting. Try again in a minute.")
        content_type = answer.getheader("Content-Type") or "text/plain"
        start_response(f"{answer.status} {answer.reason}", _headers(content_type, body))
        return [body]

    def _ask(self, target: str, address: str) -> tuple[HTTPResponse, bytes]:
        connection = self._connection()
        was_open = connection.sock is not None
        try:
            return _exchange(connection, target, address)
        except TimeoutError:
            raise
        except (OSError, HTTPException):
            # A tracker that was started anew has closed the connection that we kept.
            if not was_open:
                raise
        return _exchange(connection, target, address)

    def _connection(self) -> HTTPConnection:
        connection: HTTPConnection | None = getattr(self._of_this_thread, "connection", None)
        if connection is None:
            connection = HTTPConnection(self._host, self._port, timeout=SECONDS_TO_ANSWER)
            self._of_this_thread.connection = connection
        return connection


def _exchange(connection: HTTPConnection, target: str, address: str) -> tuple[HTTPResponse, bytes]:
    try:
        connection.request("GET", target, headers={"X-Forwarded-For": address})
        answer = connection.getresponse()
        body = answer.read(LONGEST_ANSWER)
        if not answer.isclosed():
            raise HTTPException(f"The tracker's answer is longer than {LONGEST_ANSWER} bytes.")
    except BaseException:
        connection.close()
        raise
    return answer, body


def _refuse(start_response: StartResponse, sentence: str) -> Iterable[bytes]:
    # BitTorrent programs show a failure reason only when the status is 200.
    body = bencoding.encode({b"failure reason": sentence.encode()})
    start_response("200 OK", _headers("text/plain", body))
    return [body]


def _headers(content_type: str, body: bytes) -> list[tuple[str, str]]:
    return [("Content-Type", content_type), ("Content-Length", str(len(body)))]
