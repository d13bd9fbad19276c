"""The Django app `bundles`: programs that carry a download or a ticket, as they leave the site."""

from django.apps import AppConfig


class BundlesConfig(AppConfig):
    """Registers the app under the label `bundles`."""

    name = "server.bundles"
    label = "bundles"
