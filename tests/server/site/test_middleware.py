"""Host names the site answers to."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from server.site.middleware import LanguageOfPages
from tests.server import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["films.example", "localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_answers_to_its_own_names(client: Client, host: str) -> None:
    factories.site()
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "films.example.evil.example", "a b"])
def test_refuses_other_names(client: Client, host: str) -> None:
    factories.site()
    assert client.get("/", headers={"host": host}).status_code == 400


def test_tells_visitors_and_the_admin_what_to_do_about_another_name(client: Client) -> None:
    factories.site()
    page = client.get("/", headers={"host": "evil.example"})
    content = page.content.decode()
    assert '<a href="https://films.example/">' in content
    assert "If it is yours: start it with <code>manage.py serve --site-url</code>" in content
    assert "evil.example" not in content
    assert "/upload/" not in content


def test_never_redirects_to_a_name_that_is_not_its_own(client: Client, settings: Settings) -> None:
    factories.site()
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/torrents/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "Location" not in response


def test_every_link_comes_from_the_saved_address(client: Client) -> None:
    factories.site()
    release = factories.release()
    page = client.get(release.get_absolute_url(), headers={"host": "localhost"}).content.decode()
    assert "films.example" in page
    assert "localhost" not in page


@pytest.mark.parametrize(
    ("answer", "is_page"),
    [
        (HttpResponse(), True),
        (HttpResponse(headers={"Content-Disposition": "attachment"}), False),
        (HttpResponse(status=304), False),
    ],
)
def test_only_pages_have_a_language(
    rf: RequestFactory, answer: HttpResponse, is_page: bool
) -> None:
    def get_response(request: HttpRequest) -> HttpResponse:
        return answer

    response = LanguageOfPages(get_response)(rf.get("/"))
    assert ("Content-Language" in response, "Vary" in response) == (is_page, is_page)
