"""`{% findings %}`: what is wrong with the installation, for the admin's front page."""

from typing import Any

from django import template

from server.running.diagnosis import Finding, safe_findings

register = template.Library()


@register.inclusion_tag("running/findings.html", takes_context=True)
def findings(context: dict[str, Any]) -> dict[str, list[Finding]]:
    """For those who can do something about it."""
    user = context["user"]
    return {"findings": safe_findings() if user.has_perm("site.change_site") else []}
