"""What visitors write about a release, and what its publisher may change of it."""

from typing import Any, BinaryIO, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from . import picturing
from .models import Release, Report
from .picturing import Drawn
from .services import change_words, set_hidden, set_picture


class ReportForm(forms.ModelForm[Report]):
    """A report; where it goes is the view's business."""

    class Meta:
        model = Report
        fields = ("reason", "text", "contact")
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}


class PictureField(forms.FileField):
    """An uploaded picture, drawn anew."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"})

    def clean(self, data: Any, initial: Any = None) -> Drawn | None:
        """The picture, or None when there was none."""
        upload = super().clean(data, initial)
        return picturing.draw(cast("BinaryIO", upload)) if upload else None


class ReleaseForm(forms.ModelForm[Release]):
    """The words of a release, its picture, and whether it is to be seen."""

    picture_file = PictureField(label=_("Picture"), required=False)
    without_picture = forms.BooleanField(label=_("Take the picture away"), required=False)

    class Meta:
        model = Release
        fields = ("title", "description", "category", "replaced_by", "is_hidden")
        widgets = {"description": forms.Textarea(attrs={"rows": 8})}
        help_texts = {
            "description": _("Markdown: **bold**, _slanted_, - lists, # headings, links."),
            "is_hidden": _(
                "Nobody finds it any more, and those who share it are turned away. "
                "You can show it again."
            ),
            "replaced_by": _("The page of this release then leads to the newer one."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Release.objects.filter(publisher=self.instance.publisher_id)
        newer = self.fields["replaced_by"]
        assert isinstance(newer, forms.ModelChoiceField)
        newer.queryset = own.exclude(pk=self.instance.pk)
        if not hasattr(self.instance, "picture"):
            del self.fields["without_picture"]
        if self.instance.hidden_by_staff:
            self.fields["is_hidden"].disabled = True
            self.fields["is_hidden"].help_text = _("A moderator has hidden this release.")

    def save(self, commit: bool = True) -> Release:
        """Change the release, its picture, and who may see it."""
        change_words(self.instance)
        if "is_hidden" in self.changed_data:
            set_hidden(self.instance, is_hidden=self.instance.is_hidden)
        if self.cleaned_data["picture_file"] or self.cleaned_data.get("without_picture"):
            set_picture(self.instance, self.cleaned_data["picture_file"])
        return self.instance
