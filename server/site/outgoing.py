"""The one way in which the site asks other machines something at an address that a stranger named.

Only http and https, only public addresses, only the ports of web servers, few redirects, one limit
for the bytes and one for the whole time. The host's name is looked up once, and the connection goes
to the very address that was checked, so a name that changes its mind gains nothing.
"""

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

from installer import VERSION

from .internet import OutgoingError, is_public, parsed, public_address

USER_AGENT = f"Passalong/{VERSION}"
SECONDS_TO_CONNECT = 5.0
SECONDS_IN_ALL = 15.0
MOST_BYTES = 2_000_000
MOST_NETLOC = 253 + len(":65535")  # the longest name that the DNS has, with a port
MOST_REDIRECTS = 3
CHUNK = 16_384
UNPRIVILEGED = range(1024, 65536)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: from which address after redirects, and the whole body."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask. A body makes it a POST, which follows no redirect."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    most_bytes: int = MOST_BYTES
    any_unprivileged_port: bool = False  # trackers listen on all sorts of ports


def ask(question: Question) -> Answer:
    """Ask another machine; raises `OutgoingError` whatever goes wrong."""
    with _Deadline(SECONDS_IN_ALL) as deadline, requests.Session() as session:
        session.trust_env = False  # a proxy would look the name up again
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            session.mount(scheme, _GuardedAdapter(deadline.watch))
        try:
            return _ask(session, question, deadline)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            reason = "it took too long" if deadline.has_passed else type(error).__name__
            raise OutgoingError(f"{question.url} could not be asked: {reason}.") from error


def is_allowed(url: str, *, any_unprivileged_port: bool = False) -> bool:
    """Whether an address may be asked, as far as one can see without looking its host up."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return False
    if len(parts.netloc.lower()) > MOST_NETLOC:
        return False
    if settings.FETCH_PRIVATE:
        return True
    literal = parsed(parts.hostname)
    is_port_known = port in settings.FETCH_PORTS or (any_unprivileged_port and port in UNPRIVILEGED)
    return is_port_known and (literal is None or is_public(literal))


def _ask(session: requests.Session, question: Question, deadline: "_Deadline") -> Answer:
    url = question.url
    for _redirect in range(MOST_REDIRECTS + 1):
        if not is_allowed(url, any_unprivileged_port=question.any_unprivileged_port):
            raise OutgoingError(f"{url} must not be asked: only public web addresses may.")
        with session.request(
            "GET" if question.body is None else "POST",
            url,
            data=question.body,
            headers={
                "User-Agent": USER_AGENT,
                # Nothing is decompressed: a small answer cannot become a large one.
                "Accept-Encoding": "identity",
                **question.headers,
            },
            timeout=SECONDS_TO_CONNECT,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.is_redirect and question.body is None:
                url = urljoin(url, response.headers["Location"])
                continue
            content = _body(response, question.most_bytes, deadline)
            return Answer(url, response.status_code, response.headers, content)
    raise OutgoingError(f"{question.url} leads on and on.")


def _body(response: requests.Response, most_bytes: int, deadline: "_Deadline") -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise OutgoingError(f"{response.url} sends compressed bytes that nobody asked for.")
    content = bytearray()
    for chunk in response.iter_content(CHUNK):
        content += chunk
        if len(content) > most_bytes:
            raise OutgoingError(f"{response.url} sends more than {most_bytes:,} bytes.")
    if deadline.has_passed:  # the end of the connection was our own doing
        raise OutgoingError(f"{response.url} takes too long.")
    return bytes(content)


class _Deadline:
    """Ends connections when the time is up, wherever they wait: a trickle resets every timeout."""

    def __init__(self, seconds: float) -> None:
        self.has_passed = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for each in self._sockets:
                each.close()
            self._sockets.clear()

    def watch(self, connection: socket.socket) -> None:
        # A duplicate: TLS takes the socket itself over.
        with self._lock:
            self._sockets.append(connection.dup())
        if self.has_passed:
            self._end()

    def _end(self) -> None:
        self.has_passed = True
        with self._lock:
            for each in self._sockets:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue


class _GuardedAdapter(HTTPAdapter):
    """Makes connections that check the address they go to."""

    def __init__(self, watch: Callable[[socket.socket], None]) -> None:
        self._watch = watch
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        watch = self._watch

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self, watch)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self, watch)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _connect(
    connection: HTTPConnection | HTTPSConnection, watch: Callable[[socket.socket], None]
) -> socket.socket:
    family, address = public_address(
        connection.host.strip("[]"), connection.port or 80, socket.SOCK_STREAM
    )
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(SECONDS_TO_CONNECT)
        made.connect(address)
        watch(made)
    except OSError as error:
        made.close()
        raise NewConnectionError(connection, "No connection.") from error
    return made
