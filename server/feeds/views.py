"""The feeds, the list of them for programs, and the page that explains them to people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from server.accounts.models import User
from server.aggregator.models import Aggregator
from server.catalog import counting
from server.catalog.models import Category, Release
from server.catalog.playing import playable_releases
from server.site import rss
from server.site.models import Site
from server.site.opml import opml
from server.site.rss import Channel

from . import episodes, popularity, services

SECONDS_A_FEED_IS_FRESH = 300


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """The newest releases."""
    return feed_response(request, services.everything())


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest releases on one shelf."""
    return feed_response(request, services.of_category(get_object_or_404(Category, slug=slug)))


@require_safe
def publisher(request: HttpRequest, name: str) -> HttpResponse:
    """The newest releases of one publisher; other users have no feed."""
    seen = Release.objects.visible().values("publisher")
    found = get_object_or_404(User.objects.filter(pk__in=seen), username=name)
    return feed_response(request, services.of_publisher(found))


@require_safe
def popular(request: HttpRequest) -> HttpResponse:
    """The most popular releases with their numbers."""
    return feed_response(request, popularity.popular(timezone.now()))


@require_safe
def podcast(request: HttpRequest) -> HttpResponse:
    """The newest of what podcast apps can play."""
    return feed_response(request, episodes.podcast())


@require_safe
def statistics(request: HttpRequest) -> JsonResponse:
    """The same as JSON."""
    response = JsonResponse(popularity.statistics(timezone.now()))
    response["Cache-Control"] = f"public, max-age={SECONDS_A_FEED_IS_FRESH}"
    return response


@require_safe
def explanation(request: HttpRequest) -> HttpResponse:
    """What a feed is, and what to do with it."""
    context = {
        "feeds": services.feeds_of_the_site(),
        "has_podcast": playable_releases().exists(),
        "has_top_40": Aggregator.objects.is_on(),
        "passed_along": counting.bytes_passed_along(),
    }
    return render(request, "feeds/explanation.html", context)


@require_safe
def subscriptions(request: HttpRequest) -> HttpResponse:
    """All feeds in one file that feed readers import (OPML 2.0)."""
    content = opml(Site.objects.current().name, services.feeds_of_the_site())
    response = HttpResponse(content, content_type="text/x-opml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="feeds.opml"'
    return response


def feed_response(request: HttpRequest, channel: Channel) -> HttpResponse:
    """A feed, or 304 for a program that has it already."""
    feed = services.publish(channel, timezone.now())
    response = HttpResponse(feed.content, content_type=rss.CONTENT_TYPE)
    etag, changed_at = f'"{feed.digest}"', int(feed.changed_at.timestamp())
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed_at)
    response["Cache-Control"] = f"public, max-age={SECONDS_A_FEED_IS_FRESH}"
    response["X-Content-Type-Options"] = "nosniff"
    # It has no language of its own for each visitor: see `LanguageOfPages`.
    response["Content-Disposition"] = "inline"
    return (
        get_conditional_response(request, etag=etag, last_modified=changed_at, response=response)
        or response
    )
