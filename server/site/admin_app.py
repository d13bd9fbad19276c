"""Django's app `admin`, with our admin pages in place of its own."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Named in the settings in place of Django's."""

    default_site = "server.site.administration.Administration"
