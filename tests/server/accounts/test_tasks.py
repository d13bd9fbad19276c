"""What the worker does for accounts."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from server.accounts.tasks import delete_expired_sessions
from tests.server import factories


@pytest.mark.django_db
def test_forgets_expired_sessions_only() -> None:
    for name in ("alice", "bob"):
        Client().force_login(factories.visitor(name))
    old, young = Session.objects.all()
    Session.objects.filter(pk=old.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    delete_expired_sessions()
    assert [session.pk for session in Session.objects.all()] == [young.pk]
