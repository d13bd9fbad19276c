"""Whether a request was made by somebody who sits at this very machine."""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from server.site.proxies import is_loopback

FORWARDING_HEADERS = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
)


def is_local(request: HttpRequest) -> bool:
    """Whether peer and host name are this machine's own and no proxy stands in between.

    The host name counts because of DNS rebinding: a stranger's page in the admin's browser can
    reach loopback, but only under the stranger's own host name. HTTP/1.0 counts because nginx
    speaks it to us, and unless told otherwise adds no header and gives our own address as host.
    """
    if settings.TRUSTED_PROXIES or request.META.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return False
    host = split_domain_port(request.get_host())[0].strip("[]")
    return (
        is_loopback(request.META.get("REMOTE_ADDR", ""))
        and (host == "localhost" or is_loopback(host))
        and not any(name in request.headers for name in FORWARDING_HEADERS)
    )
