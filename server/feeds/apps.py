"""The Django app `feeds`: what the site tells others."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """Registers the app under the label `feeds`."""

    name = "server.feeds"
    label = "feeds"
