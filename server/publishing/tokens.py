"""API tokens: made for a person's scripts, shown once, and asked for with every request."""

import secrets
from datetime import datetime, timedelta

from server.accounts.models import User

from . import errors
from .models import ApiToken, Scope, hash_of
from .services import may_publish


def make_token(user: User, name: str, scope: Scope, days: int, now: datetime) -> str:
    """A new token; what is returned is shown once and kept nowhere."""
    if not may_publish(user):
        raise errors.may_not_publish()
    text = ApiToken.PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        token_hash=hash_of(text.encode()),
        user=user,
        name=name,
        scope=scope,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return text


def user_of(text: str, scope: Scope, now: datetime) -> User:
    """Whose token this is, if it opens this; else a refusal that tells nothing more."""
    found = ApiToken.objects.usable(now).filter(token_hash=hash_of(text.encode()), scope=scope)
    token = found.select_related("user").first()
    if token is None:
        raise errors.token_refused()
    if not may_publish(token.user):
        raise errors.may_not_publish()
    found.update(used_at=now)
    return token.user
