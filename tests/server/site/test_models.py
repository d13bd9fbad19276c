"""The site's row and the addresses made from it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from pytest_django import Settings

from server.site.models import Site
from tests.server import factories

pytestmark = pytest.mark.django_db


def test_there_is_never_a_second_site() -> None:
    factories.site()
    with pytest.raises(IntegrityError):
        Site.objects.create(pk=2, name="Other", saved_address="https://other.example")


def test_an_address_with_a_path_is_refused_in_the_admin_too() -> None:
    site = factories.site(address="https://films.example/films")
    with pytest.raises(ValidationError, match="without a path"):
        site.full_clean()


@pytest.mark.parametrize("character", ["\u200c", "\u200d", "\u00ad", "\ue000", "\u2028", "\n"])
def test_a_name_that_no_ticket_could_carry_is_refused_in_the_admin_too(character: str) -> None:
    site = factories.site(name=f"Fi{character}lms")
    with pytest.raises(ValidationError, match=f"U\\+{ord(character):04X}"):
        site.full_clean()


def test_announces_at_the_tracker_first_and_at_the_site_second() -> None:
    assert factories.site().announce_urls() == (
        "http://films.example:6969/announce",
        "https://films.example/announce",
    )


def test_the_address_in_the_environment_wins(settings: Settings) -> None:
    settings.SITE_URL = "https://new.example"
    assert factories.site().url("/x/") == "https://new.example/x/"


def test_commands_beside_the_running_site_know_what_it_was_started_with(
    settings: Settings,
) -> None:
    factories.site()
    settings.SITE_URL, settings.TRACKER_PORT = "https://new.example", 7070
    Site.objects.take_settings()
    settings.SITE_URL, settings.TRACKER_PORT = None, 6969
    assert Site.objects.current().announce_urls() == (
        "http://new.example:7070/announce",
        "https://new.example/announce",
    )
