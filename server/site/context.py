"""What every page may say of the site."""

from django.http import HttpRequest

from .models import Site


def site(request: HttpRequest) -> dict[str, Site | None]:
    """`site` for all templates, None before it is set up.

    `this_site` is the same, for pages made by libraries that mean something else by `site`.
    """
    found = Site.objects.filter(pk=Site.ONLY).first()
    return {"site": found, "this_site": found}
