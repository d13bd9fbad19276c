"""Whether a site keeps its own copy of a release. When to ask is left to the jobs."""

import json

from client.site.fetching import fetch

_LARGEST_ANSWER = 100_000


def has_site_copy(upload_url: str, info_hash: bytes) -> bool:
    """Ask where the release was published; an answer that makes no sense is no copy."""
    answer = fetch(f"{upload_url}/{info_hash.hex()}", _LARGEST_ANSWER)
    try:
        content = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.get("site_copy") == "here"
