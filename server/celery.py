"""Celery's app: where tasks are found and when the beat wakes them.

Loaded by `server.site.apps`. What must not be lost is a row in the database; a task only wakes up
the work.
"""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
# It warns root, at length, of workers that unpickle what strangers sent. Ours read JSON only.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("passalong")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
