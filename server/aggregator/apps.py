"""The Django app `aggregator`: the Top 40 of many sites."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AggregatorConfig(AppConfig):
    """Registers the app under the label `aggregator`."""

    name = "server.aggregator"
    label = "aggregator"
    verbose_name = _("Top 40")
