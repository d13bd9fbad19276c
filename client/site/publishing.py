"""Publishing at a site with an upload ticket. Making the torrent is left to the jobs."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from client.errors import SiteError
from client.site.asking import Answer, ask, is_loopback, site_of
from client.words import gettext as _
from installer.formats.ticket import Ticket

_LARGEST_ANSWER = 100_000


@dataclass(frozen=True, slots=True)
class Published:
    """What the site made of the torrent."""

    info_hash: str
    page_url: str
    torrent_url: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the publisher says about the release; empty means that the site chooses."""

    title: str = ""
    description: str = ""
    category: str = ""


def warning_for(ticket: Ticket) -> str | None:
    """Say it when the token would travel where anybody on the way can read it."""
    if urlsplit(ticket.upload_url).scheme == "https" or is_loopback(ticket.upload_url):
        return None
    return _(
        "Warning: {site} uses http, not https, so others on the network "
        "can read this upload ticket."
    ).format(site=site_of(ticket.upload_url))


def upload(ticket: Ticket, torrent: bytes, words: Words = Words()) -> Published:
    """Hand the torrent to the site; asking twice with the same torrent does no harm."""
    said = {"title": words.title, "description": words.description, "category": words.category}
    answer = ask(
        "POST",
        ticket.upload_url,
        limit=_LARGEST_ANSWER,
        body=torrent,
        query={key: value for key, value in said.items() if value},
        token=ticket.token_text,
        content_type="application/x-bittorrent",
    )
    if answer.status not in {200, 201}:
        raise _refusal(answer, ticket)
    content = _content(answer)
    try:
        return Published(
            _text(content, "info_hash"), _text(content, "page_url"), _text(content, "torrent_url")
        )
    except KeyError as error:
        # A page to sign in to a network, for example, answers everything.
        raise SiteError(
            _(
                "{site} answered with something else than the result of the "
                "upload. Does this network want you to sign in first? Open the "
                "site in your browser, then try again."
            ).format(site=site_of(ticket.upload_url)),
            status=answer.status,
        ) from error


def extend(ticket: Ticket) -> int:
    """Tell the site that we are still hashing; returns the ticket's new expiry (Unix seconds)."""
    url = urljoin(ticket.upload_url, "tickets/extend")
    answer = ask("POST", url, limit=_LARGEST_ANSWER, body=b"", token=ticket.token_text)
    if answer.status != 200:
        raise _refusal(answer, ticket)
    expires_at = _content(answer).get("expires_at")
    # A date that we do not understand is no reason to stop hashing: the site keeps the time.
    return expires_at if isinstance(expires_at, int) else ticket.expires_at


def _refusal(answer: Answer, ticket: Ticket) -> SiteError:
    host = site_of(ticket.upload_url)
    content = _content(answer)
    code = content.get("code")
    message = content.get("message")
    if answer.status == 401:
        sentence = _(
            "The upload ticket has expired or was used. Get a new one from the site's upload page."
        )
    elif isinstance(message, str) and message:
        sentence = _("{host} says: {message}").format(host=host, message=message)
    elif 300 <= answer.status < 400:
        sentence = _(
            "{host} wants to send the upload elsewhere; that was refused for safety."
        ).format(host=host)
    else:
        sentence = _("{host} did not accept the upload (error {status}).").format(
            host=host, status=answer.status
        )
    return SiteError(sentence, status=answer.status, code=code if isinstance(code, str) else "")


def _content(answer: Answer) -> dict[str, Any]:
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _text(content: dict[str, Any], key: str) -> str:
    value = content[key]
    if not isinstance(value, str):
        raise KeyError(key)
    return value
