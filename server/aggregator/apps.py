"""The Django app `aggregator`: the Top 40 of many sites."""

from django.apps import AppConfig


class AggregatorConfig(AppConfig):
    """Registers the app under the label `aggregator`."""

    name = "server.aggregator"
    label = "aggregator"
