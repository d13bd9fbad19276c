"""Celery's app: where tasks are found and when the beat wakes them.

Loaded by `server.site.apps`. What must not be lost is a row in the database; a task only wakes up
the work.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

app = Celery("passalong")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
