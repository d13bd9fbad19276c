"""Getting a torrent or a ticket from an address."""

from client.errors import SiteError
from client.site.asking import ask, site_of

_WHY = {
    401: "wants you to sign in first",
    403: "does not let us have this",
    404: "has nothing at this address",
    410: "no longer offers this",
    429: "gets too many requests; try again in a few minutes",
}


def fetch(url: str, limit: int) -> bytes:
    """Get what is at the address, if it is not larger than the limit."""
    answer = ask("GET", url, limit=limit)
    if answer.status != 200:
        why = _WHY.get(answer.status) or f"answered with error {answer.status}"
        raise SiteError(f"{site_of(url)} {why}.", status=answer.status)
    return answer.body
