"""What the site offers: releases, their categories, and the torrent of each release.

How a release came here and how it leaves is not known here.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from server.site.words import one_line, paragraphs
from server.tracker.models import BlockedTorrent, TrackedTorrent

from .naming import file_stem, slug_for
from .querying import ReleaseQuerySet

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 5_000
FILES_SHOWN = 100


# The orders of the listing. Partial indexes: `is_hidden = 0` is not what Django asks for.
LISTINGS = {
    "release_newest_of_shelf": ["category", "-id"],
    "release_popular": ["-popularity", "-id"],
    "release_popular_of_shelf": ["category", "-popularity", "-id"],
}


class SiteCopy(models.TextChoices):
    """Whether the site has the files of a release itself; `server.seeding` fetches them."""

    NONE = "none", _("none")
    COMING = "coming", _("on its way")
    HERE = "here", _("complete")


class Category(models.Model):
    """A shelf of the listing."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class Release(models.Model):
    """One thing that can be downloaded. Its torrent never changes, its words may."""

    info_hash = models.CharField(_("info-hash"), max_length=40, unique=True)
    info_hash_v2 = models.CharField(_("info-hash, version 2"), max_length=64, blank=True)
    swarm = models.OneToOneField(
        TrackedTorrent, on_delete=models.PROTECT, related_name="release", verbose_name=_("swarm")
    )
    publisher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="releases",
        verbose_name=_("publisher"),
    )
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    slug = models.SlugField(max_length=100, editable=False)
    description = models.TextField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    category = models.ForeignKey(
        Category,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="releases",
        verbose_name=_("category"),
    )
    total_size = models.PositiveBigIntegerField(_("size"))
    file_count = models.PositiveIntegerField(_("files"))
    is_hidden = models.BooleanField(_("hidden"), default=False)
    # Then its publisher can neither show nor delete it.
    hidden_by_staff = models.BooleanField(default=False, editable=False)
    is_featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Stands on top of the first page.")
    )
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("newer version"),
    )
    # Tiers of announce addresses, if others keep the swarm: then ours does not know its peers, and
    # the numbers in `swarm` come from asking those trackers.
    foreign_trackers = models.JSONField(default=list, blank=True, editable=False)
    # How often it was downloaded, copied from the tracker's numbers so that lists can be sorted.
    popularity = models.PositiveBigIntegerField(default=0, editable=False)
    site_copy = models.CharField(
        _("the site’s own copy"),
        max_length=6,
        choices=SiteCopy.choices,
        default=SiteCopy.NONE,
        editable=False,
    )
    # The `Playable` of the site's copy as a list, if it is here and there is such a file.
    playable = models.JSONField(null=True, blank=True, editable=False)
    # Bytes that peers have got from the site's copy, which they need not carry for each other.
    carried_by_site = models.PositiveBigIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(_("published"))

    info_bytes: int  # these two are there in what `with_torrent_sizes` finds
    layers_bytes: int

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        # The number grows with every release that is published: the newest has the highest.
        ordering = ["-id"]
        indexes = [
            models.Index(fields=fields, condition=models.Q(is_hidden=False), name=name)
            for name, fields in LISTINGS.items()
        ] + [
            models.Index(
                fields=["-id"], condition=models.Q(is_featured=True), name="release_featured"
            ),
            models.Index(
                fields=["-id"],
                condition=models.Q(
                    is_hidden=False, site_copy=SiteCopy.HERE, playable__isnull=False
                ),
                name="release_playable",
            ),
        ]
        verbose_name = _("release")
        verbose_name_plural = _("releases")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Make the words fit to be stored, whoever typed them; a title has to be left."""
        self.title = one_line(self.title)
        if not self.title:
            raise ValidationError({"title": _("Nothing of this title can be seen.")})
        self.description = paragraphs(self.description)
        self.slug = slug_for(self.title, self.info_hash)
        self._check_lengths()
        self._check_newer_version()
        if not self.is_hidden:
            self.check_not_blocked()

    def check_not_blocked(self) -> None:
        """Refuse to show what nobody may share here."""
        keys = [info_hash.hex() for info_hash in self.info_hashes]
        if BlockedTorrent.objects.filter(pk__in=keys).exists():
            raise ValidationError(
                {"is_hidden": _("Exactly these files are blocked on this site: it stays hidden.")}
            )

    def _check_lengths(self) -> None:
        # The forms have counted before cleaning, which can make some scripts longer.
        for field, limit in (("title", TITLE_LENGTH), ("description", DESCRIPTION_LENGTH)):
            if len(getattr(self, field)) > limit:
                message = _("This must not be longer than %(limit)s characters.")
                raise ValidationError({field: message % {"limit": f"{limit:,}"}})

    def _check_newer_version(self) -> None:
        seen, newer = {self.pk}, self.replaced_by
        while newer is not None:
            if newer.pk in seen:
                raise ValidationError(
                    {"replaced_by": _("That one is itself replaced by this one.")}
                )
            seen.add(newer.pk)
            newer = newer.replaced_by

    def get_absolute_url(self) -> str:
        """The release page."""
        return reverse("catalog:release", args=[self.info_hash])

    @property
    def torrent_path(self) -> str:
        """Where the torrent file is fetched."""
        return reverse("catalog:torrent", args=[self.info_hash, self.slug])

    @property
    def people_sharing(self) -> int:
        """How many share it at the last count, without the site itself."""
        is_site_among_them = self.site_copy != SiteCopy.NONE
        return max(0, self.swarm.complete + self.swarm.incomplete - is_site_among_them)

    @property
    def file_stem(self) -> str:
        """What the names of files made for this release begin with: ASCII, no spaces."""
        return file_stem(self.title) or self.slug

    @property
    def info_hashes(self) -> tuple[bytes, ...]:
        """The hashes under which its peers ask the tracker (BEP 52: version 2 cut to 20 bytes)."""
        first = bytes.fromhex(self.info_hash)
        return (first, bytes.fromhex(self.info_hash_v2)[:20]) if self.info_hash_v2 else (first,)


class Picture(models.Model):
    """What a release looks like. A row, like the torrent: a backup of the database has it too."""

    release = models.OneToOneField(
        Release, on_delete=models.CASCADE, primary_key=True, related_name="picture"
    )
    content = models.BinaryField()
    thumbnail = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # Part of the addresses, so that browsers may keep what they have for ever.
    digest = models.CharField(max_length=16)

    def __str__(self) -> str:
        return f"picture of release {self.release_id}"

    @property
    def path(self) -> str:
        """Where the whole picture is."""
        return reverse("catalog:picture", args=[self.release.info_hash, "large", self.digest])

    @property
    def thumbnail_path(self) -> str:
        """Where the small one for lists is."""
        return reverse("catalog:picture", args=[self.release.info_hash, "small", self.digest])


class TorrentFile(models.Model):
    """The parts of a torrent that are the publisher's; what stands around them is made when served.

    A row, not a file on the disk: so a release is there whole or not at all.
    """

    release = models.OneToOneField(
        Release, on_delete=models.CASCADE, primary_key=True, related_name="torrent"
    )
    info = models.BinaryField()
    piece_layers = models.BinaryField(blank=True)
    # The first files as [path, bytes], read once when stored so that no page parses the torrent.
    first_files = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"torrent of release {self.release_id}"


class Report(models.Model):
    """Somebody says that a release should not be here. Moderators look at it."""

    class Reason(models.TextChoices):
        """What is wrong."""

        RIGHTS = "rights", _("It belongs to somebody who does not want it here")
        ILLEGAL = "illegal", _("It is against the law")
        HARMFUL = "harmful", _("It harms computers or people")
        MISLEADING = "misleading", _("It is not what it says")

    release = models.ForeignKey(
        Release,
        on_delete=models.SET_NULL,
        null=True,
        related_name="reports",
        verbose_name=_("release"),
    )
    # What it was about, once the release is gone: whoever is reported cannot take reports away.
    removed_title = models.CharField(max_length=TITLE_LENGTH, blank=True, editable=False)
    removed_hash = models.CharField(max_length=40, blank=True, editable=False)
    reason = models.CharField(_("what is wrong"), max_length=10, choices=Reason.choices)
    text = models.TextField(_("tell us more"), max_length=2_000)
    contact = models.EmailField(_("your e-mail address, if you want an answer"), blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("settled by"),
    )

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.release or self.removed_title}"


class Downloads(models.Model):
    """Completed downloads, each peer's once, and the bytes that peers carried for them."""

    completed = models.PositiveBigIntegerField(_("downloads"), default=0)
    passed_along = models.PositiveBigIntegerField(_("bytes passed along"), default=0)

    class Meta:
        abstract = True


class DownloadsCounted(Downloads):
    """All of a release that has been counted into hours and days (`counting`)."""

    release = models.OneToOneField(
        Release, on_delete=models.CASCADE, primary_key=True, related_name="counted"
    )
    # How much of what the site carried itself has been left out of `passed_along`.
    carried_by_site = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return ngettext(
            "%(number)s download, %(bytes)s",
            "%(number)s downloads, %(bytes)s",
            self.completed,
        ) % {"number": self.completed, "bytes": filesizeformat(self.passed_along)}


class DownloadsPerHour(Downloads):
    """What was counted in one hour; kept for as long as the list of the popular ones needs it."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="hours")
    hour = models.DateTimeField()

    class Meta:
        ordering = ["hour"]
        constraints = [
            models.UniqueConstraint(fields=["hour", "release"], name="one_row_for_each_hour")
        ]

    def __str__(self) -> str:
        return f"{self.completed} downloads of release {self.release_id} at {self.hour}"


class DownloadsPerDay(Downloads):
    """What was counted on one day (UTC); kept for ever."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["release", "day"], name="one_row_for_each_day")
        ]

    def __str__(self) -> str:
        return f"{self.completed} downloads of release {self.release_id} on {self.day}"
