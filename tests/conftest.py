"""What all tests share: hypothesis here and in CI, the broker, what web seeds have carried."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

from tests import brokers

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


@pytest.fixture(
    params=brokers.addresses(), ids=lambda address: address.partition(":")[0] or "folder"
)
def broker(request: pytest.FixtureRequest) -> str:
    """The CELERY_BROKER_URL of this run, empty for the folder: `make brokers` has two of them."""
    address: str = request.param
    return address
