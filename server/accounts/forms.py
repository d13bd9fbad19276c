"""The one form of the first visit."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from server.site.models import check_site_address
from server.site.words import check_site_name, one_line

from .models import User


class SetUpForm(forms.Form):
    """Name and address of the site, name and password of its first admin."""

    site_name = forms.CharField(
        label=_("Name of the site"),
        max_length=80,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("Address of the site"),
        max_length=200,
        help_text=_("Where visitors reach it. All links are made from this."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    user_name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        validators=[User.username_validator],
        help_text=_("You sign in with it. Letters, digits and @ . + - _ without spaces."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least eight characters, and not one that everybody uses."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_site_name(self) -> str:
        """Refuse a name of which nothing can be seen, or that no ticket could carry."""
        name = one_line(self.cleaned_data["site_name"])
        if not name:
            raise ValidationError(_("Please give the site a name."))
        check_site_name(name)
        return name

    def clean_address(self) -> str:
        """Return the origin, without a closing slash."""
        address: str = self.cleaned_data["address"].strip().rstrip("/")
        check_site_address(address)
        return address.lower()

    def clean_user_name(self) -> str:
        """Refuse a name that was given away on the command line."""
        name: str = User.normalize_username(self.cleaned_data["user_name"])
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("There is already somebody with this name."))
        return name

    def clean(self) -> dict[str, Any]:
        """Check the password last, since it must not resemble the name."""
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password and password != cleaned.get("password_again", password):
            self.add_error("password_again", _("The two passwords are not the same."))
        elif password:
            self._check(password, cleaned.get("user_name", ""))
        return cleaned

    def _check(self, password: str, user_name: str) -> None:
        try:
            validate_password(password, User(username=user_name))
        except ValidationError as error:
            self.add_error("password", error)
