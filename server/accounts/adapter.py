"""Our answers to what allauth asks: who may sign up, as what, and from where somebody comes."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from server.site.models import SignUp, Site
from server.site.proxies import client_address

from .models import Invitation, User
from .roles import MAY_PUBLISH, PUBLISHERS, give_role

INVITATION_IN_SESSION = "invitation"


def invitation_of(request: HttpRequest) -> Invitation | None:
    """The invitation whose link this visitor followed, while it can be used."""
    token = request.session.get(INVITATION_IN_SESSION, "")
    return Invitation.objects.named(token).usable(timezone.now()).first() if token else None


class AccountAdapter(DefaultAccountAdapter):
    """Signing up and in."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits count by: what a trusted proxy says, never what anybody says."""
        return client_address(
            request.META["REMOTE_ADDR"],
            request.headers.get("X-Forwarded-For", ""),
            settings.TRUSTED_PROXIES,
        )

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether this visitor may make an account."""
        site = Site.objects.current()
        if site.sign_up == SignUp.CLOSED:
            return False
        return site.sign_up == SignUp.APPROVAL or invitation_of(request) is not None

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Where somebody begins who has just made an account."""
        user = request.user
        return "/upload/" if user.is_authenticated and user.has_perm(MAY_PUBLISH) else "/"

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Make the account; the invited are what they were invited as, the others wait."""
        invitation = invitation_of(request)
        if invitation is not None and not invitation.claim(timezone.now()):
            # Somebody else was faster: sent back to a sign-up that knows of no invitation.
            raise ImmediateHttpResponse(redirect("account_signup"))
        may_publish = invitation is not None and invitation.may_publish
        user.is_waiting = not may_publish
        saved: User = super().save_user(request, user, form, commit=commit)
        if invitation is not None:
            Invitation.objects.filter(pk=invitation.pk).update(used_by=saved)
            request.session.pop(INVITATION_IN_SESSION, None)
        if may_publish:
            give_role(saved, PUBLISHERS)
        return saved


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps and passkeys."""

    def get_totp_issuer(self) -> str:
        """What the app calls this site."""
        return Site.objects.current().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What the browser calls this site when it asks for a passkey."""
        site = Site.objects.current()
        return {"id": site.host, "name": site.name}
