"""What publishers fill in: a torrent they have already, and tokens for their scripts."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from server.catalog.forms import PictureField
from server.catalog.models import DESCRIPTION_LENGTH, TITLE_LENGTH, Category

from .models import Scope

DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("one year")))


class TorrentForm(forms.Form):
    """A torrent file made elsewhere, and where its peers are to meet."""

    torrent = forms.FileField(
        label=_("Torrent file"),
        widget=forms.FileInput(attrs={"accept": ".torrent,application/x-bittorrent"}),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        required=False,
        help_text=_("If you leave it out, the name inside the torrent is taken."),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Markdown: **bold**, _slanted_, - lists, # headings, links."),
    )
    category = forms.ModelChoiceField(
        Category.objects.all(), label=_("Category"), required=False, to_field_name="slug"
    )
    picture = PictureField(label=_("Picture"), required=False)
    keeps_trackers = forms.ChoiceField(
        label=_("Where do those who share it meet?"),
        choices=(
            ("", _("At this site’s tracker. Everybody needs the torrent file from here.")),
            ("keep", _("Where they meet already: keep the trackers in the file.")),
        ),
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_torrent(self) -> bytes:
        """The file's bytes, never more than a torrent may have."""
        upload: Any = self.cleaned_data["torrent"]
        if upload.size > settings.TORRENT_BYTES:
            raise ValidationError(_("This is too large for a torrent file."))
        content: bytes = upload.read()
        return content


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label=_("What is it for?"), max_length=60)
    scope = forms.ChoiceField(label=_("It may"), choices=Scope.choices)
    days = forms.TypedChoiceField(label=_("It expires after"), choices=DAYS, coerce=int)
