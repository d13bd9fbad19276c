"""The podcast: what apps can play, because the site has its own copy to hand out."""

from dataclasses import replace

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from server.catalog.models import Release
from server.catalog.playing import Playable, playable_releases
from server.site.models import Site
from server.site.podcasting import Media, Podcast
from server.site.rss import Channel, Item

from .services import NEWEST, item_of


def podcast() -> Channel:
    """The newest of it."""
    site = Site.objects.current()
    with override(settings.LANGUAGE_CODE):
        title = _("%(site)s: podcast") % {"site": site.name}
        description = _("New from %(site)s, to listen to and to watch") % {"site": site.name}
    found = playable_releases().with_torrent_sizes().with_picture_address()[:NEWEST]
    return Channel(
        title=title,
        description=description,
        page_url=site.url("/"),
        feed_url=site.url(reverse("feeds:podcast")),
        items=tuple(_episode(release, site) for release in found),
        language=settings.LANGUAGE_CODE,
        podcast=Podcast(author=site.name, cover_url=site.url(static("site/cover.png"))),
    )


def _episode(release: Release, site: Site) -> Item:
    assert release.playable is not None
    file = Playable(*release.playable)
    picture = getattr(release, "picture", None)
    media = Media(
        url=site.url(reverse("seeding:file", args=[release.info_hash, file.path])),
        size_bytes=file.size_bytes,
        mime_type=file.mime_type,
        picture_url=site.url(picture.path) if picture else "",
    )
    return replace(item_of(release, site), media=media)
