"""Getting a torrent or a ticket from an address."""

from client.errors import SiteError
from client.site.asking import ask, site_of
from client.words import gettext as _


def fetch(url: str, limit: int) -> bytes:
    """Get what is at the address, if it is not larger than the limit."""
    answer = ask("GET", url, limit=limit)
    if answer.status != 200:
        raise SiteError(_sentence(answer.status, site_of(url)), status=answer.status)
    return answer.body


def _sentence(status: int, host: str) -> str:
    match status:
        case 401:
            text = _("{host} wants you to sign in first.")
        case 403:
            text = _("{host} does not let us have this.")
        case 404:
            text = _("{host} has nothing at this address.")
        case 410:
            text = _("{host} no longer offers this.")
        case 429:
            text = _("{host} gets too many requests; try again in a few minutes.")
        case int():
            text = _("{host} answered with error {status}.")
    return text.format(host=host, status=status)
