"""`{% findings %}`: what is wrong with the installation, for the admin's front page."""

from typing import Any

from django import template

from server.running.diagnosis import Finding, open_reports, safe_findings

register = template.Library()


@register.inclusion_tag("running/findings.html", takes_context=True)
def findings(context: dict[str, Any]) -> dict[str, list[Finding]]:
    """For those who can do something about it."""
    user = context["user"]
    if user.has_perm("site.change_site"):
        return {"findings": safe_findings()}
    return {"findings": list(open_reports()) if user.has_perm("catalog.change_report") else []}
