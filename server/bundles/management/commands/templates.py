"""`manage.py templates`: the client programs that this site hands out, adding and tidying them.

What makes a program fit to carry something is decided in `installer.bundle.template`.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from installer.bundle import template
from installer.bundle.template import Template
from installer.errors import PassalongError

HEADINGS = ("platform", "version", "size", "bounded", "signed by", "SHA-256")

UNBOUNDED = (
    "It works, but believes the last archive in its file: anybody can make it run another program. "
    "One that 'make client' has made does not."
)


class Command(BaseCommand):
    """Lists the programs, adds one, or deletes the old ones."""

    help = "List the client programs that this site hands out, add one, or delete the old ones."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Without a word more, list."""
        commands = parser.add_subparsers(dest="command")
        add = commands.add_parser("add", help="check a program and hand it out from now on")
        add.add_argument(
            "file", type=Path, help=f"such as {template.file_name('1.2.3', 'windows')}"
        )
        commands.add_parser("tidy", help="delete those that a newer one has replaced")

    def handle(self, *args: object, **options: Any) -> None:
        """Do what was asked for."""
        if options["command"] == "add":
            self._add(options["file"])
        elif options["command"] == "tidy":
            self._tidy()
        else:
            self._list()

    def _add(self, file: Path) -> None:
        try:
            added = template.add(file, settings.TEMPLATES_DIR)
        except PassalongError as error:
            raise CommandError(str(error)) from error
        self._table([added])
        if not added.is_bounded and added.platform != "macos":
            self.stdout.write(UNBOUNDED)
        served = template.newest(settings.TEMPLATES_DIR, added.platform)
        if served is not None and served.path != added.path:
            self.stdout.write(f"Visitors still get the newer {served.path.name}.")

    def _tidy(self) -> None:
        try:
            deleted = template.remove_old(settings.TEMPLATES_DIR)
        except PassalongError as error:
            raise CommandError(str(error)) from error
        for each in deleted:
            self.stdout.write(f"Deleted {each.path.name}.")
        if not deleted:
            self.stdout.write("There is no program that a newer one has replaced.")

    def _list(self) -> None:
        usable, refusals = template.sort_out(settings.TEMPLATES_DIR)
        if not usable and not refusals:
            self.stdout.write(
                f"There are none in {settings.TEMPLATES_DIR}; 'make client' makes one."
            )
        if usable:
            self._table(usable)
        for refusal in refusals:
            self.stderr.write(str(refusal))

    def _table(self, templates: list[Template]) -> None:
        rows = [HEADINGS, *map(_row, templates)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _row(found: Template) -> tuple[str, ...]:
    # The name comes from a certificate; a terminal must not obey it.
    signer = found.signer or "-"
    return (
        found.platform,
        found.version,
        f"{found.size:,}",
        "yes" if found.is_bounded else "no",
        signer if signer.isprintable() else ascii(signer),
        found.sha256,
    )
