"""The pings in the admin: the switch with what it means, the list, and how each ping went."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from .models import Pinging, PingTarget
from .pinging import feed_has_changed


class PingTargetForm(forms.ModelForm[PingTarget]):
    """An address without a scheme is meant to be https."""

    address = forms.URLField(
        label=_("address"),
        max_length=200,
        assume_scheme="https",
        help_text=_("Such as https://top.example.org/ping/"),
        widget=AdminURLFieldWidget(),
    )

    class Meta:
        model = PingTarget
        fields = ("address", "kind", "is_on")


@admin.register(PingTarget)
class PingTargetAdmin(admin.ModelAdmin[PingTarget]):
    """Who is told when something is published."""

    form = PingTargetForm
    change_list_template = "feeds/admin_pings.html"
    list_display = ("address", "kind", "is_on", "state", "sent_at", "next_at", "answer")
    readonly_fields = ("state", "sent_at", "next_at", "attempts", "answer")

    @admin.display(description=_("state"))
    def state(self, target: PingTarget) -> str:
        """How it is with the last ping."""
        return target.state

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The list, with the switch above it."""
        context = {"is_pinging": Pinging.objects.is_on(), **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_urls(self) -> list[URLPattern]:
        """The switch has an address of its own."""
        switch = self.admin_site.admin_view(require_POST(self.switch))
        return [path("switch/", switch, name="feeds_pingtarget_switch"), *super().get_urls()]

    def switch(self, request: HttpRequest) -> HttpResponse:
        """Switch all pings on or off; switched on, the first goes out at once."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        is_on = request.POST.get("is_on") == "yes"
        Pinging.objects.switch(is_on)
        if is_on:
            feed_has_changed(timezone.now())
        words = _("Pings are on.") if is_on else _("Pings are off.")
        messages.success(request, words)
        return HttpResponseRedirect(reverse("admin:feeds_pingtarget_changelist"))
