"""Reporting a release, and what moderators make of it."""

import pytest
from django.core.cache import cache
from django.test import Client

from server.accounts.models import User
from server.accounts.roles import MODERATORS, give_role, make_roles
from server.catalog.models import Release, Report
from server.catalog.services import block, remove, set_hidden
from server.tracker.models import BlockedTorrent
from tests.server import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programs")]


@pytest.fixture(autouse=True)
def _site() -> None:
    cache.clear()
    factories.site(address="http://testserver")
    make_roles()


@pytest.fixture
def moderator() -> Client:
    """Molly, who is signed in."""
    molly = factories.visitor("molly")
    give_role(molly, MODERATORS)
    client = Client()
    client.force_login(User.objects.get(pk=molly.pk))
    return client


def send(client: Client, release: Release) -> int:
    given = {"reason": "rights", "text": "It is my film."}
    return client.post(f"{release.get_absolute_url()}report/", given).status_code


def test_everybody_can_report_but_not_without_end(client: Client) -> None:
    release = factories.release()
    assert [send(client, release) for _ in range(7)] == [302] * 6 + [200]
    assert Report.objects.count() == 6


@pytest.mark.parametrize("where", ["in the list", "on its page"])
@pytest.mark.parametrize(("action", "hidden", "blocked"), [("settle", 0, 0), ("block", 1, 1)])
def test_moderators_settle_reports(
    client: Client, moderator: Client, action: str, hidden: int, blocked: int, where: str
) -> None:
    send(client, factories.release())
    number = Report.objects.get().pk
    if where == "in the list":
        chosen = {"action": action, "_selected_action": [str(number)]}
        answer = moderator.post("/admin/catalog/report/", chosen)
    else:
        answer = moderator.post(f"/admin/catalog/report/{number}/change/", {action: "yes"})
    assert answer.status_code == 302
    report = Report.objects.get()
    assert report.settled_by is not None
    assert report.settled_by.username == "molly"
    assert Release.objects.filter(is_hidden=True).count() == hidden
    assert BlockedTorrent.objects.count() == blocked


def test_blocking_settles_all_reports_of_the_same_release(
    client: Client, moderator: Client
) -> None:
    for release in (
        factories.release("One"),
        factories.release("One, again"),
        Release.objects.get(title="One"),
    ):
        send(client, release)
    first = Report.objects.filter(release__title="One")[0].pk
    moderator.post(f"/admin/catalog/report/{first}/change/", {"block": "yes"})
    assert Report.objects.get(settled_at=None).release.title == "One, again"


@pytest.mark.parametrize("action", ["hide", "feature", "block"])
def test_moderators_act_on_many_releases_and_it_is_written_down(
    moderator: Client, action: str
) -> None:
    for title in ("One", "Two"):
        factories.release(title)
    numbers = [str(each.pk) for each in Release.objects.all()]
    moderator.post("/admin/catalog/release/", {"action": action, "_selected_action": numbers})
    changed = Release.objects.filter(is_hidden=action != "feature", is_featured=action == "feature")
    assert changed.count() == 2
    anna = Client()
    anna.force_login(User.objects.create_superuser("anna"))
    assert anna.get("/admin/admin/logentry/").content.decode().count("molly") >= 2


def test_a_report_outlives_its_release(client: Client, moderator: Client) -> None:
    release = factories.release("Stolen film")
    send(client, release)
    remove(release)
    assert "Stolen film" in moderator.get("/admin/catalog/report/").content.decode()
    chosen = {"action": "block", "_selected_action": [str(Report.objects.get().pk)]}
    moderator.post("/admin/catalog/report/", chosen)
    assert BlockedTorrent.objects.get().pk == release.info_hash


def test_the_admin_shows_again_what_was_hidden_but_not_what_was_blocked(moderator: Client) -> None:
    set_hidden(factories.release("One"), is_hidden=True, by_staff=True)
    block(factories.release("Two"), "by the owner")
    numbers = [str(each.pk) for each in Release.objects.all()]
    moderator.post("/admin/catalog/release/", {"action": "show", "_selected_action": numbers})
    assert Release.objects.get(is_hidden=False, hidden_by_staff=False).title == "One"
    assert Release.objects.get(is_hidden=True, hidden_by_staff=True).title == "Two"


def test_a_featured_release_stands_on_top(client: Client) -> None:
    factories.release("Old but good")
    factories.release("New")
    Release.objects.filter(title="Old but good").update(is_featured=True)
    page = client.get("/").content.decode()
    assert page.index("Old but good") < page.index(">New<")
