"""The first visit."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from pytest_django import Settings

from server.accounts import services, setup_code
from server.accounts.models import User
from server.site.models import Site
from tests.server import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]

LOCAL = {"host": "localhost:8000"}
ANSWERS = {
    "site_name": "Films",
    "address": "http://localhost:8000/",
    "user_name": "alice",
    "password": "open sesame 42",
    "password_again": "open sesame 42",
}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.5"}


def test_makes_the_site_and_its_admin_and_lands_on_the_upload_page(client: Client) -> None:
    response = client.post("/setup/", ANSWERS, headers=LOCAL, follow=True)
    assert response.redirect_chain == [("/upload/", 302)]
    assert "Publish your first file" in response.content.decode()
    assert User.objects.get().is_superuser
    assert Site.objects.current().saved_address == "http://localhost:8000"


def test_offers_the_address_the_visitor_used(client: Client) -> None:
    page = client.get("/setup/", headers=LOCAL).content.decode()
    assert 'value="http://localhost:8000"' in page


def test_is_gone_afterwards(client: Client) -> None:
    factories.site()
    assert client.get("/setup/", headers=LOCAL).status_code == 404
    assert client.post("/setup/", ANSWERS, headers=LOCAL).status_code == 404


def test_asks_visitors_from_elsewhere_for_the_code(client: Client) -> None:
    setup_code.ensure()
    response = client.get("/setup/", **ELSEWHERE)
    assert response.status_code == 403
    assert "setup code was printed where the site was started" in response.content.decode()
    assert client.post("/setup/", ANSWERS, **ELSEWHERE).status_code == 403
    assert client.get("/setup/?code=wrong\u00e9", **ELSEWHERE).status_code == 403
    assert not Site.objects.is_set_up()


def test_lets_in_from_elsewhere_with_the_code(client: Client) -> None:
    code = setup_code.ensure()
    page = client.get(f"/setup/?code={code}", **ELSEWHERE).content.decode()
    assert re.search(f'name="code" value="{code}"', page)
    client.post("/setup/", {**ANSWERS, "code": code}, **ELSEWHERE)
    assert Site.objects.is_set_up()


def test_guessing_the_code_is_stopped_for_a_while(client: Client) -> None:
    cache.clear()
    code = setup_code.ensure()
    guesses = [client.get("/setup/?code=wrong", **ELSEWHERE).status_code for _ in range(11)]
    assert guesses == [403] * 10 + [429]
    assert client.get(f"/setup/?code={code}", **ELSEWHERE).status_code == 429
    assert client.get(f"/setup/?code={code}", REMOTE_ADDR="203.0.113.6").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {**LOCAL, "x-forwarded-for": "127.0.0.1"},
        {**LOCAL, "forwarded": "for=127.0.0.1"},
        {"host": "rebound.example"},
    ],
)
def test_does_not_take_a_proxied_or_rebound_request_for_a_local_one(
    client: Client, headers: dict[str, str]
) -> None:
    assert client.get("/setup/", headers=headers).status_code == 403


def test_does_not_take_a_request_for_local_that_a_silent_proxy_may_have_sent(
    client: Client,
) -> None:
    response = client.get("/setup/", headers={"host": "127.0.0.1:8000"}, SERVER_PROTOCOL="HTTP/1.0")
    assert response.status_code == 403


def test_with_a_proxy_in_front_nobody_is_local(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.0/8"),)
    assert client.get("/setup/", headers=LOCAL).status_code == 403


def test_without_a_code_nobody_from_elsewhere_gets_in(client: Client) -> None:
    assert client.get("/setup/?code=", **ELSEWHERE).status_code == 403


def test_the_second_of_two_at_once_is_told_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Site.objects, "is_set_up", lambda: False)
    factories.site()
    response = client.post("/setup/", ANSWERS, headers=LOCAL)
    assert response.status_code == 409
    assert not User.objects.exists()


def test_one_claim_wins_and_the_other_leaves_nothing() -> None:
    given = {"site_name": "Films", "address": "https://films.example", "password": "x"}
    services.set_up(user_name="alice", **given)
    with pytest.raises(services.AlreadySetUp):
        services.set_up(user_name="charlie", **given)
    assert [user.username for user in User.objects.all()] == ["alice"]


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_one_gets_the_site() -> None:
    barrier = Barrier(8)

    def one(number: int) -> int:
        barrier.wait()
        try:
            answers = {**ANSWERS, "user_name": f"visitor{number}"}
            return int(Client().post("/setup/", answers, headers=LOCAL).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(one, range(8)))
    assert statuses.count(302) == 1
    assert set(statuses) <= {302, 404, 409}
    assert User.objects.count() == Site.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("site_name", " \x0b "),
        ("site_name", "Films \U0001f469\u200d\U0001f680"),
        ("address", "films"),
        ("address", "javascript:alert(1)"),
        ("address", "https://films.example/path"),
        ("address", "https://films.example?x"),
        ("address", "https://user@films.example"),
        ("user_name", "a b"),
        ("password_again", "something else"),
    ],
)
def test_refuses_answers_that_would_not_work(client: Client, field: str, value: str) -> None:
    response = client.post("/setup/", {**ANSWERS, field: value}, headers=LOCAL)
    assert field in response.context["form"].errors
    assert not Site.objects.is_set_up()


@pytest.mark.parametrize("password", ["12345678", "password", "short", "alicealice"])
def test_refuses_weak_passwords(client: Client, password: str) -> None:
    given = {**ANSWERS, "user_name": "alicealice", "password": password, "password_again": password}
    response = client.post("/setup/", given, headers=LOCAL)
    assert "password" in response.context["form"].errors


def test_the_code_is_for_the_owner_of_the_folder_only(data_dir: Path) -> None:
    code = setup_code.ensure()
    assert stat.S_IMODE((data_dir / "setup-code").stat().st_mode) == 0o600
    assert setup_code.ensure() == code == setup_code.read()
    setup_code.forget()
    assert setup_code.read() is None


def test_an_empty_code_file_is_filled(data_dir: Path) -> None:
    (data_dir / "setup-code").touch()
    assert len(setup_code.ensure()) > 20


@pytest.mark.parametrize("path", ["/", "/upload/", "/admin/", "/api/v1/openapi.json", "/nothing"])
def test_every_page_waits_for_set_up(client: Client, path: str) -> None:
    response = client.get(path, **ELSEWHERE)
    assert response.status_code == 503
    assert "not set up yet" in response.content.decode()


def test_tells_an_admin_from_elsewhere_about_the_code(client: Client) -> None:
    page = client.get("/", **ELSEWHERE).content.decode()
    assert 'If this is your site, open <a href="/setup/">' in page


def test_shows_the_way_to_whoever_sits_at_the_machine(client: Client) -> None:
    page = client.get("/", headers=LOCAL).content.decode()
    assert 'class="big" href="/setup/"' in page
    assert "enter the code" not in page


def test_notices_that_the_site_was_set_up(client: Client) -> None:
    client.get("/")
    factories.site()
    assert client.get("/", headers=LOCAL).status_code == 200
