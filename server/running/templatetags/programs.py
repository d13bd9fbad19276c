"""`{% programs %}`: the client programs that visitors get, for the admin's front page."""

from typing import Any

from django import template
from django.conf import settings

from installer.bundle.template import is_replaced, sort_out
from server.catalog.programs import PLATFORM_NAMES

register = template.Library()


@register.inclusion_tag("running/programs.html", takes_context=True)
def programs(context: dict[str, Any]) -> dict[str, Any]:
    """For those who can do something about it; the newest of each platform first."""
    if not context["user"].has_perm("site.change_site"):
        return {}
    usable, refusals = sort_out(settings.TEMPLATES_DIR)
    rows = [
        {"name": PLATFORM_NAMES[each.platform], "program": each, "is_old": is_replaced(each)}
        for each in usable
    ]
    return {"is_allowed": True, "rows": rows, "refusals": refusals}
