"""People and invitations in the admin: roles, letting in, shutting out, what each has done."""

from typing import Any

import allauth.mfa.admin  # noqa: F401  (registers what is taken back below)
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Count, ManyToManyField, QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from server.site.models import Site

from .models import Invitation, User
from .roles import PUBLISHERS, give_role, settle

# Its pages would show every admin the secrets of everybody's authenticator apps.
admin.site.unregister(Authenticator)


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Who they are, what they may do, when they were here, what they published."""

    list_display = (
        "username",
        "email",
        "roles",
        "is_waiting",
        "is_active",
        "published",
        "last_login",
    )
    list_filter = ("is_waiting", "groups", "is_active", "is_superuser")
    ordering = ("username",)
    filter_horizontal = ()
    actions = ("let_publish", "disable", "enable", "forget_second_factor")
    readonly_fields = (
        *("is_staff", "second_factor", "published", "open_tickets"),
        *("last_login", "date_joined"),
    )
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("username", "password", "email")}),
        (
            _("What they may do"),
            {
                "fields": ("is_active", "is_waiting", "second_factor", "groups", "is_superuser"),
                "description": _(
                    "Whoever published or changed something here cannot be deleted: "
                    "take “active” away instead."
                ),
            },
        ),
        (
            _("What they did"),
            {"fields": ("published", "open_tickets", "last_login", "date_joined")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Fetch groups and numbers of all listed people at once."""
        found = super().get_queryset(request).prefetch_related("groups")
        return found.annotate(
            release_number=Count("releases", distinct=True),
        )

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Boxes to tick: there are few groups."""
        if db_field.name == "groups":
            kwargs |= {"widget": CheckboxSelectMultiple(), "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only superusers make superusers."""
        return (*self.readonly_fields, *(() if _is_superuser(request) else ("is_superuser",)))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only superusers change superusers, whose password would be theirs otherwise."""
        is_above = obj is not None and obj.is_superuser and not _is_superuser(request)
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody deletes the traces of what was done here, nor a superuser without being one."""
        stays = obj is not None and (
            obj.logentry_set.exists() or not self.has_change_permission(request, obj)
        )
        return super().has_delete_permission(request, obj) and not stays

    def save_related(
        self, request: HttpRequest, form: ModelForm[User], formsets: Any, change: bool
    ) -> None:
        """Let the groups decide who sees the admin pages."""
        super().save_related(request, form, formsets, change)
        settle(form.instance)

    @admin.display(description=_("groups"))
    def roles(self, user: User) -> str:
        """The names of the groups."""
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description=_("releases"))
    def published(self, user: User) -> SafeString:
        """How many releases, with a link to them."""
        return _link("admin:catalog_release_changelist", user, getattr(user, "release_number", 0))

    @admin.display(description=_("upload tickets"))
    def open_tickets(self, user: User) -> SafeString:
        """A link to the tickets."""
        return _link("admin:publishing_ticket_changelist", user, _("show"))

    @admin.display(description=_("second factor"))
    def second_factor(self, user: User) -> str:
        """What kinds there are; the secrets are nobody's business."""
        kinds = dict(Authenticator.Type.choices)
        found = Authenticator.objects.filter(user=user).values_list("type", flat=True)
        return ", ".join(str(kinds[kind]) for kind in sorted(set(found))) or "-"

    @admin.action(description=_("Let the chosen people publish"), permissions=["change"])
    def let_publish(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Approve those who waited."""
        for user in queryset:
            give_role(user, PUBLISHERS)
            self.log_change(request, user, "let publish")

    @admin.action(description=_("Disable the chosen people"), permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Shut out, at once and everywhere; nobody shuts out themselves."""
        for user in queryset:
            if user == request.user or not self.has_change_permission(request, user):
                continue
            User.objects.filter(pk=user.pk).update(is_active=False)
            self.log_change(request, user, "disabled")

    @admin.action(description=_("Enable the chosen people again"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let in again."""
        for user in queryset:
            User.objects.filter(pk=user.pk).update(is_active=True)
            self.log_change(request, user, "enabled")

    @admin.action(
        description=_("Forget the second factor of the chosen people, who have lost it"),
        permissions=["change"],
    )
    def forget_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let the password alone be enough again."""
        for user in queryset:
            if self.has_change_permission(request, user):
                Authenticator.objects.filter(user=user).delete()
                self.log_change(request, user, "second factor forgotten")


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    """Invitations, each with the link to send."""

    list_display = ("note", "may_publish", "made_by", "expires_at", "used_by", "link")
    list_select_related = ("made_by", "used_by")
    fields = ("note", "may_publish", "expires_at", "link")
    readonly_fields = ("link",)

    def save_model(
        self, request: HttpRequest, obj: Invitation, form: ModelForm[Invitation], change: bool
    ) -> None:
        """Note who invites."""
        if not change and isinstance(request.user, User):
            obj.made_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description=_("link to send"))
    def link(self, invitation: Invitation) -> str:
        """The address that the invited person opens."""
        if invitation.pk is None or invitation.used_at is not None:
            return "-"
        return Site.objects.current().url(invitation.path)


@admin.register(LogEntry)
class DeedAdmin(admin.ModelAdmin[LogEntry]):
    """Who did what in the admin, to look at only."""

    list_display = ("action_time", "user", "content_type", "object_repr", "deed")
    list_filter = ("action_flag", ("content_type", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "user__username")
    date_hierarchy = "action_time"

    @admin.display(description=_("what was done"))
    def deed(self, entry: LogEntry) -> str:
        """In words."""
        return entry.get_change_message()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Deeds add themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        """What happened has happened."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        """And stays written down."""
        return False


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


def _link(list_name: str, user: User, text: object) -> SafeString:
    field = "publisher" if "release" in list_name else "user"
    return format_html(
        '<a href="{}?{}__id__exact={}">{}</a>', reverse(list_name), field, user.pk, text
    )
