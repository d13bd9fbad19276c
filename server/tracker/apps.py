"""The Django app `tracker`: what of the swarms outlives the tracker's process."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    """Registers the app under the label `tracker`."""

    name = "server.tracker"
    label = "tracker"
    verbose_name = _("Tracker")
