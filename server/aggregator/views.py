"""Where other sites ping, and the Top 40 for people and programs. All 404 while switched off."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from server.site import rss, xml_rpc
from server.site.opml import opml
from server.site.proxies import client_address
from server.site.xml_rpc import XmlRpcError

from . import pings
from .listing import channel, entries, list_of_sites
from .models import Aggregator
from .ranking import Window, top

MOST_BYTES_OF_A_PING = 64_000
SECONDS_THE_LIST_IS_FRESH = 300
NAMES_OF_THE_FEED = ("hub.url", "hub.topic", "changesURL", "url")
THANKS = "Thanks for the ping."
View = Callable[[HttpRequest], HttpResponse]


def if_on(view: View) -> View:
    """There is no such page while the aggregator is off."""

    @wraps(view)
    def found(request: HttpRequest) -> HttpResponse:
        if not Aggregator.objects.is_on():
            raise Http404
        return view(request)

    return found


@csrf_exempt  # no cookie is looked at
@require_http_methods(["GET", "HEAD", "POST"])
@if_on
def ping(request: HttpRequest) -> HttpResponse:
    """Take a ping as a form, as XML-RPC or in the address; the answer says nothing of the feed."""
    content = request.read(MOST_BYTES_OF_A_PING + 1) if _is_xml(request) else b""
    if len(content) > MOST_BYTES_OF_A_PING or _claimed_length(request) > MOST_BYTES_OF_A_PING:
        return HttpResponse("That is too long for a ping.", status=413, content_type="text/plain")
    if _is_xml(request):
        return _ping_by_xml_rpc(request, content)
    form = request.POST if request.method == "POST" else request.GET
    url = next((form[name] for name in NAMES_OF_THE_FEED if form.get(name)), "")
    if url:
        _take(request, url)
        return HttpResponse(THANKS, content_type="text/plain", status=202)
    if request.method == "POST":
        return HttpResponse("hub.url is missing.", status=400, content_type="text/plain")
    return render(request, "aggregator/ping.html")


@require_safe
@if_on
def top_page(request: HttpRequest) -> HttpResponse:
    """The Top 40 for people."""
    window = _window(request)
    context = {"places": top(window), "is_week": window is Window.WEEK}
    return render(request, "aggregator/top.html", context)


@require_safe
@if_on
def top_feed(request: HttpRequest) -> HttpResponse:
    """The Top 40 as RSS."""
    now, listed = timezone.now(), channel(top(_window(request)), _window(request))
    # The date moves with every answer, since qBittorrent skips a feed whose date it knows.
    response = HttpResponse(rss.write(listed, now), content_type=rss.CONTENT_TYPE)
    etag = f'"{hashlib.sha256(repr(listed).encode()).hexdigest()}"'
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={SECONDS_THE_LIST_IS_FRESH}"
    response["Content-Disposition"] = "inline"  # the same in every language
    return get_conditional_response(request, etag=etag, response=response) or response


@require_safe
@if_on
def top_json(request: HttpRequest) -> HttpResponse:
    """The Top 40 as JSON."""
    window = _window(request)
    response = JsonResponse({"window": window.value, "top": entries(top(window), window)})
    response["Cache-Control"] = f"public, max-age={SECONDS_THE_LIST_IS_FRESH}"
    return response


@require_safe
@if_on
def sites(request: HttpRequest) -> HttpResponse:
    """The feeds of all listed sites, for readers that import lists."""
    response = HttpResponse(opml("Top 40", list_of_sites()), content_type="text/x-opml")
    response["Content-Disposition"] = 'attachment; filename="sites.opml"'
    return response


def _ping_by_xml_rpc(request: HttpRequest, content: bytes) -> HttpResponse:
    try:
        call = xml_rpc.read_call(content)
    except XmlRpcError as error:
        return _xml(xml_rpc.write_answer(str(error), is_error=True))
    if call.method not in ("weblogUpdates.ping", "weblogUpdates.extendedPing"):
        return _xml(xml_rpc.write_answer("There is no such method.", is_error=True))
    # Name, address, changed page, feed; the short form has only the first two.
    url = next((text for text in (*call.texts[3:4], *call.texts[1:2]) if text), "")
    if not url:
        return _xml(xml_rpc.write_answer("The address is missing.", is_error=True))
    _take(request, url)
    return _xml(xml_rpc.write_answer(THANKS, is_error=False))


def _take(request: HttpRequest, url: str) -> None:
    forwarded = request.headers.get("X-Forwarded-For", "")
    remote = request.META.get("REMOTE_ADDR", "")
    sender = client_address(remote, forwarded, settings.TRUSTED_PROXIES)
    pings.take(url, sender, timezone.now())


def _is_xml(request: HttpRequest) -> bool:
    return request.method == "POST" and request.content_type in ("text/xml", "application/xml")


def _claimed_length(request: HttpRequest) -> int:
    text = request.headers.get("Content-Length", "")
    return int(text) if text.isdecimal() else 0


def _window(request: HttpRequest) -> Window:
    return Window.ALL if request.GET.get("window") == "all" else Window.WEEK


def _xml(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="text/xml; charset=utf-8")
