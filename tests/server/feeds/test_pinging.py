"""Pings: nobody is told anything before the admin says yes, and then nobody is forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.test import Client
from pytest_django import Settings

from server.accounts.models import User
from server.feeds import pinging
from server.feeds.models import Pinging, PingTarget
from server.publishing.services import Words, publish_as
from server.site import xml_rpc
from tests.answering import Asked, Reply, answering
from tests.server import factories
from tests.server.factories import NOON

pytestmark = pytest.mark.django_db
FEED = "https://films.example/feed.xml"


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.FETCH_PRIVATE = True
    factories.site()
    PingTarget.objects.all().delete()


class Aggregator:
    """Writes down what it is asked; `reply` is what it answers."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.reply = Reply(status=204)

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self.reply


@pytest.fixture
def aggregator() -> Iterator[tuple[Aggregator, PingTarget]]:
    aggregator = Aggregator()
    with answering(aggregator.answer) as address:
        yield aggregator, PingTarget.objects.create(address=f"{address}/ping/")


def row(target: PingTarget) -> PingTarget:
    return PingTarget.objects.get(pk=target.pk)


def test_nothing_is_owed_before_the_admin_says_yes() -> None:
    PingTarget.objects.create(address="http://127.0.0.1/ping/")
    pinging.feed_has_changed(NOON)
    assert not PingTarget.objects.filter(wanted_at__isnull=False).exists()
    Pinging.objects.switch(is_on=True)
    pinging.feed_has_changed(NOON)
    Pinging.objects.switch(is_on=False)
    assert pinging.due(NOON) == []


def test_publishing_owes_a_ping_and_the_form_names_the_feed(
    aggregator: tuple[Aggregator, PingTarget],
) -> None:
    other, target = aggregator
    Pinging.objects.switch(is_on=True)
    publish_as(factories.publisher(), factories.torrent(), Words(), NOON)
    assert pinging.due(NOON) == [target.pk]
    pinging.send(target.pk, NOON)
    (asked,) = other.asked
    assert parse_qs(asked.body.decode()) == {"hub.mode": ["publish"], "hub.url": [FEED]}
    assert (row(target).wanted_at, row(target).sent_at, row(target).state) == (None, NOON, "taken")


@pytest.mark.parametrize(("is_error", "state"), [(False, "taken"), (True, "trying again")])
def test_speaks_xml_rpc_and_believes_its_answer(
    aggregator: tuple[Aggregator, PingTarget], is_error: bool, state: str
) -> None:
    other, target = aggregator
    other.reply = Reply(xml_rpc.write_answer("Thanks", is_error=is_error))
    PingTarget.objects.update(kind=PingTarget.Kind.XML_RPC)
    Pinging.objects.switch(is_on=True)
    pinging.feed_has_changed(NOON)
    pinging.send(target.pk, NOON)
    call = xml_rpc.read_call(other.asked[0].body)
    assert call.method == "weblogUpdates.extendedPing"
    assert call.texts == ("Films", "https://films.example/", "https://films.example/", FEED)
    assert row(target).state == state


def test_tries_again_with_growing_pauses_and_gives_up_in_the_end(
    aggregator: tuple[Aggregator, PingTarget],
) -> None:
    other, target = aggregator
    other.reply = Reply(status=503)
    Pinging.objects.switch(is_on=True)
    pinging.feed_has_changed(NOON)
    now, pauses = NOON, []
    while row(target).wanted_at is not None:
        pinging.send(target.pk, now)
        pinging.send(target.pk, now)  # another worker, at the same moment
        pauses.append((row(target).next_at or now) - now)
        now = row(target).next_at or now
    assert pauses[:-1] == list(pinging.PAUSES)
    assert len(other.asked) == len(pinging.PAUSES) + 1
    assert (row(target).state, row(target).answer) == ("given up", "It answered 503.")


def test_a_ping_whose_worker_was_killed_is_found_within_two_minutes(
    aggregator: tuple[Aggregator, PingTarget], monkeypatch: pytest.MonkeyPatch
) -> None:
    other, target = aggregator
    Pinging.objects.switch(is_on=True)
    pinging.feed_has_changed(NOON)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    ask = pinging.ask
    monkeypatch.setattr(pinging, "ask", killed)
    with pytest.raises(KeyboardInterrupt):
        pinging.send(target.pk, NOON)
    monkeypatch.setattr(pinging, "ask", ask)
    next_sweep = NOON + timedelta(seconds=60)
    assert pinging.due(next_sweep) == [target.pk]
    pinging.send(target.pk, next_sweep)
    assert (len(other.asked), row(target).state) == (1, "taken")


def test_what_is_published_during_a_ping_is_told_too(
    aggregator: tuple[Aggregator, PingTarget], monkeypatch: pytest.MonkeyPatch
) -> None:
    _other, target = aggregator
    Pinging.objects.switch(is_on=True)
    pinging.feed_has_changed(NOON)
    later = NOON + timedelta(seconds=1)
    ask = pinging.ask

    def ask_while_somebody_publishes(question: pinging.Question) -> object:
        pinging.feed_has_changed(later)
        return ask(question)

    monkeypatch.setattr(pinging, "ask", ask_while_somebody_publishes)
    pinging.send(target.pk, NOON)
    assert pinging.due(later) == [target.pk]


def test_a_target_inside_this_network_is_never_asked(settings: Settings) -> None:
    settings.FETCH_PRIVATE = False
    target = PingTarget.objects.create(address="http://127.0.0.1/ping/")
    Pinging.objects.switch(is_on=True)
    pinging.feed_has_changed(NOON)
    pinging.send(target.pk, NOON)
    assert "must not be asked" in row(target).answer


def test_the_admin_switches_pings_on_with_one_click(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root", password="open sesame 42"))
    PingTarget.objects.create(address="https://top.example/ping/")
    page = client.get("/admin/feeds/pingtarget/").content.decode()
    assert "What is sent" in page
    client.post("/admin/feeds/pingtarget/switch/", {"is_on": "yes"})
    assert Pinging.objects.is_on()
    assert PingTarget.objects.get().state == "waiting"
    client.post("/admin/feeds/pingtarget/switch/", {"is_on": "no"})
    assert not Pinging.objects.is_on()


def test_the_feed_names_the_hubs_at_which_one_can_subscribe(client: Client) -> None:
    PingTarget.objects.create(address="https://hub.example/", kind=PingTarget.Kind.HUB)
    link = b'<atom:link href="https://hub.example/" rel="hub"/>'
    assert link not in client.get("/feed.xml").content
    Pinging.objects.switch(is_on=True)
    assert link in client.get("/feed.xml").content
