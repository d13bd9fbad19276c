#!/usr/bin/env python
"""The site's command line: `python manage.py serve` runs it, `help` lists the rest."""

import os
import sys


def main() -> None:
    """Hand the command line to Django; a wrong environment variable is a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here. Run `make run`, or start `.venv/bin/python`.")
    try:
        assert settings.DATA_DIR
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
