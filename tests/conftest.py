"""What all tests share: how hypothesis behaves here and in CI, and what web seeds have carried."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What the site's own copies have given to web seeds, noted at once and not in the database."""
    from server.seeding.carrying import Carried

    counted: Counter[str] = Counter()
    counter = Carried(counted.update, lambda write: write())
    monkeypatch.setattr("server.seeding.views.carried", counter)
    return counted
