"""The pages for what went wrong look like the site's own."""

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.views.defaults import server_error

from tests.server import factories


@pytest.mark.django_db
def test_a_form_without_its_token_says_what_to_try() -> None:
    factories.site(address="http://testserver")
    page = Client(enforce_csrf_checks=True).post("/accounts/login/", {"username": "bob"})
    assert page.status_code == 403
    assert "go back, reload the page and try again" in page.content.decode()
    assert "site/site" in page.content.decode()


def test_a_fault_is_told_without_the_database() -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    with connection.execute_wrapper(refuse):
        page = server_error(HttpRequest())
    assert page.status_code == 500
    assert "The fault is on this side" in page.content.decode()
    assert "site/site" in page.content.decode()
