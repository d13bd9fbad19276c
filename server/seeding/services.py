"""What may become of a copy: begun, come whole, in trouble, let go. Each also tells the catalog."""

from datetime import datetime, timedelta

from django.db import transaction

from server.catalog.models import Release, SiteCopy
from server.catalog.services import set_site_copy

from .models import Copy

PAUSE_AFTER_TROUBLE = timedelta(minutes=5)
State = Copy.State

_SHOWN = {State.COMING: SiteCopy.COMING, State.HERE: SiteCopy.HERE}


@transaction.atomic
def begin(release: Release, now: datetime) -> None:
    """Keep a copy of this release from now on; the seeder notices within seconds."""
    fresh = {"state": State.COMING, "trouble": "", "next_at": None, "progressed_at": now}
    copy, _is_new = Copy.objects.update_or_create(release=release, defaults=fresh)
    _show(copy)


@transaction.atomic
def change(
    copy: Copy, state: Copy.State, *, trouble: str = "", next_at: datetime | None = None
) -> None:
    """Note how a copy is; what is not kept any more is deleted by the seeder."""
    copy.state, copy.trouble, copy.next_at = state, trouble[:200], next_at
    if state not in Copy.KEPT:
        copy.done_bytes = 0
    copy.save(update_fields=["state", "trouble", "next_at", "done_bytes"])
    _show(copy)


def has_trouble(copy: Copy, why: str, now: datetime) -> None:
    """The disk does not do its part; it is tried again in a few minutes."""
    change(copy, State.TROUBLE, trouble=why, next_at=now + PAUSE_AFTER_TROUBLE)


def let_go(copy: Copy) -> None:
    """Give its room to another copy."""
    is_whole = copy.done_bytes >= copy.release.total_size
    change(copy, State.SPARED if is_whole else State.STALLED)


def _show(copy: Copy) -> None:
    shown = _SHOWN.get(State(copy.state), SiteCopy.NONE)
    if copy.release.site_copy != shown:
        set_site_copy(copy.release, shown)
