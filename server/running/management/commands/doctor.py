"""`manage.py doctor`: what is wrong with this installation, and how to mend it."""

from typing import Any

from django.core.management.base import BaseCommand

from server.running.diagnosis import Level, safe_findings
from server.site.models import Site


class Command(BaseCommand):
    """Prints each finding with its remedy; exit code 1 if something is an error."""

    help = "Say what is wrong with this installation and how to mend it."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at everything."""
        found = safe_findings(thorough=True)
        for each in found:
            self.stdout.write(f"{each.level}: {each.what}")
            self.stdout.write(f"  {each.remedy}{self._where(each.link)}")
        if not found:
            self.stdout.write("All is well.")
        if any(each.level is Level.ERROR for each in found):
            raise SystemExit(1)

    def _where(self, link: str) -> str:
        site = Site.objects.filter(pk=Site.ONLY).first() if link else None
        return f" {site.url(link)}" if site else ""
