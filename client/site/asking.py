"""One HTTP request with time and size limits, its failures turned into sentences.

The only place that imports requests. What is asked, and of whom, is left to the others.
"""

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from client.errors import SiteError
from client.words import Number
from client.words import gettext as _
from installer import VERSION

CONNECT_SECONDS = 10
READ_SECONDS = 60
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered; `address` is where it finally came from."""

    status: int
    body: bytes
    address: str


class Bearer(AuthBase):
    """The ticket's token. An auth object, since requests would let ~/.netrc replace a header."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign one request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def ask(
    method: Literal["GET", "POST"],
    url: str,
    *,
    limit: int,
    body: bytes | None = None,
    query: Mapping[str, str] | None = None,
    token: str | None = None,
    content_type: str | None = None,
) -> Answer:
    """Send one request. A request that carries a token is never redirected."""
    host = site_of(url)
    headers = {"User-Agent": f"Passalong/{VERSION}"}
    if content_type is not None:
        headers["Content-Type"] = content_type
    with requests.Session() as session:
        # A proxy from the environment cannot reach this computer's own addresses.
        session.trust_env = not is_loopback(url)
        session.max_redirects = _MOST_REDIRECTS
        try:
            with session.request(
                method,
                url,
                params=query,
                data=body,
                headers=headers,
                auth=Bearer(token) if token is not None else None,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=token is None,
                stream=True,
            ) as response:
                return Answer(response.status_code, _read(response, limit, host), response.url)
        except (requests.RequestException, UnicodeError) as error:
            raise SiteError(_sentence(error, host)) from error


def site_of(url: str) -> str:
    """The host name as a person knows it; refuses what is not a web address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise SiteError(_("That is not a web address (it must begin with http:// or https://)."))
    return host


def is_loopback(url: str) -> bool:
    """Whether the address is this very computer."""
    host = site_of(url)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read(response: requests.Response, limit: int, host: str) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > limit:
            raise SiteError(
                _("{host} sent more than {limit:,} bytes, which is too much for this.").format(
                    host=host, limit=Number(limit)
                )
            )
    return bytes(body)


def untrusted(host: str, verify_code: int = 0, now: datetime | None = None) -> str:
    """Why the certificate is refused. A clock that is wrong makes good ones look wrong."""
    match verify_code:
        case 9:  # X509_V_ERR_CERT_NOT_YET_VALID
            text = _(
                "By the clock of this computer ({time}) the certificate of {host} is not valid "
                "yet. Set the clock, then try again."
            )
        case 10:  # X509_V_ERR_CERT_HAS_EXPIRED
            text = _(
                "By the clock of this computer ({time}) the certificate of {host} has expired. "
                "If the clock is right, tell the people of the site."
            )
        case _:
            text = _("The certificate of {host} is not valid, so nothing was sent there.")
    time = (now or datetime.now().astimezone()).strftime("%Y-%m-%d %H:%M")
    return text.format(host=host, time=time)


def _verify_code(error: BaseException | None) -> int:
    """OpenSSL's number, from the error at the bottom of those that were made of it."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_code
        error = error.__cause__ or error.__context__
    return 0


def _sentence(error: Exception, host: str) -> str:
    match error:
        case requests.exceptions.SSLError():
            return untrusted(host, _verify_code(error))
        case requests.exceptions.ProxyError():
            return _("The proxy of this network does not let us reach {host}.").format(host=host)
        case requests.exceptions.Timeout():
            return _("{host} does not answer. Try again later.").format(host=host)
        case requests.exceptions.TooManyRedirects():
            return _("{host} sends us in circles (too many redirects).").format(host=host)
        case requests.exceptions.InvalidURL() | UnicodeError():
            return _("That is not a web address that works.")
        case requests.exceptions.ConnectionError():
            return _("{host} cannot be reached. Is the internet connection working?").format(
                host=host
            )
        case _:
            return _("{host} sent an answer that makes no sense.").format(host=host)
