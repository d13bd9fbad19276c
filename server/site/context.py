"""What every page may say of the site."""

from django.http import HttpRequest

from .models import Site


def site(request: HttpRequest) -> dict[str, Site | None]:
    """`site` for all templates, None before it is set up."""
    return {"site": Site.objects.filter(pk=Site.ONLY).first()}
