"""What all tests share: how hypothesis behaves here and in CI, and Celery's broker."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests import brokers

settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(
    params=brokers.addresses(), ids=lambda address: address.partition(":")[0] or "folder"
)
def broker(request: pytest.FixtureRequest) -> str:
    """The CELERY_BROKER_URL of this run, empty for the folder: `make brokers` has two of them."""
    address: str = request.param
    return address
