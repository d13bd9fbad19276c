"""Whoever asks for feeds."""

import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    """Under another address than the site's, which feeds must not believe."""
    return Client(SERVER_NAME="localhost")
