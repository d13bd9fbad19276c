"""What `doctor` finds, as Django's system checks: part of `manage.py check --deploy`."""

from typing import Any

from django.core import checks
from django.db import DatabaseError

from server.site.models import Site

from .diagnosis import Level, findings

_KINDS = {Level.ERROR: checks.Error, Level.WARNING: checks.Warning, Level.NOTE: checks.Info}


def check_installation(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Nothing to say of a site that is not there yet."""
    try:
        if not Site.objects.is_set_up():
            return []
        found = findings()
    except DatabaseError:
        return []
    return [_KINDS[each.level](each.what, each.remedy, id="passalong.doctor") for each in found]
