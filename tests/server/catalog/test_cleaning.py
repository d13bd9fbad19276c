"""What a release refuses to become, whoever edits it."""

import pytest
from django.core.exceptions import ValidationError

from server.catalog.models import Release
from tests.server import factories

pytestmark = pytest.mark.django_db


def refused_field(release: Release) -> str:
    with pytest.raises(ValidationError) as caught:
        release.clean()
    return next(iter(caught.value.message_dict))


def test_no_release_is_its_own_newer_version() -> None:
    factories.site()
    first, second = factories.release("First"), factories.release("Second")
    first.replaced_by = first
    assert refused_field(first) == "replaced_by"
    first.replaced_by, second.replaced_by = second, first
    assert refused_field(first) == "replaced_by"


@pytest.mark.parametrize(("field", "limit"), [("title", 200), ("description", 5000)])
def test_words_that_cleaning_makes_too_long_are_refused(field: str, limit: int) -> None:
    factories.site()
    release = factories.release()
    setattr(release, field, "\u0958" * limit)
    assert refused_field(release) == field
