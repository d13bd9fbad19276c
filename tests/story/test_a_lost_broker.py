"""A site whose broker goes away and comes back: nobody waits for it, and no work is lost."""

from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.answering import Asked, Reply, answering
from tests.brokers import Broker, RabbitMQ, Redis
from tests.programs import wait_until
from tests.story.site import ADMIN, PASSWORD, Browser, Site, serving, set_up

SECONDS_A_VISITOR_WAITS = 10
SECONDS_TO_BE_SWEPT_UP = 120 + 30  # what a busy computer takes to find the broker again


@pytest.fixture
def own_broker(broker: str, tmp_path: Path) -> Broker:
    """A broker of the same kind for this test alone, which it may end."""
    if not broker:
        pytest.skip("The folder does not go away. This tries Redis and RabbitMQ: make brokers")
    folder = tmp_path / "broker"
    folder.mkdir()
    return RabbitMQ(folder) if broker.startswith("amqp:") else Redis(folder)


@pytest.mark.broker
def test_what_is_asked_without_a_broker_is_done_when_it_is_back(
    own_broker: Broker, tmp_path: Path
) -> None:
    fetched: list[str] = []

    def answer(asked: Asked) -> Reply:
        fetched.append(asked.path)
        return Reply(status=404)

    variables = {"CELERY_BROKER_URL": own_broker.address, "PASSALONG_FETCH_PRIVATE": "true"}
    with answering(answer) as feeds, ExitStack() as first_run:
        first_run.enter_context(own_broker.running())
        with serving(tmp_path / "data", tmp_path / "log", **variables) as site:
            collect(site)
            first_run.close()
            assert failing(site) == ["broker"]
            ping = {"hub.mode": "publish", "hub.url": f"{feeds}/feed.xml"}
            took = requests.post(f"{site.url}/ping/", data=ping, timeout=SECONDS_A_VISITOR_WAITS)
            assert (took.status_code, fetched) == (202, [])

            with own_broker.running():
                wait_until("the feed being fetched", lambda: fetched, SECONDS_TO_BE_SWEPT_UP)
                assert failing(site) == []
                assert site.process.stop() == 0, site.process.output


def collect(site: Site) -> None:
    """Set the site up and have it listen to pings."""
    set_up(site)
    browser = Browser(site)
    browser.sign_in(ADMIN, PASSWORD)
    browser.send("/admin/aggregator/aggregator/1/change/", is_on="on")
    browser.close()


def failing(site: Site) -> list[str]:
    """What the site says of itself."""
    answer = requests.get(f"{site.url}/healthz", timeout=SECONDS_A_VISITOR_WAITS).json()
    names: list[str] = answer.get("failing", [])
    return names
