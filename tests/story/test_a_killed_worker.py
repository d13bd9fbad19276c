"""A worker that is killed while it does something: the sweep has it done within two minutes."""

import os
import signal
import threading
from pathlib import Path

import pytest
import requests

from tests.answering import Asked, Reply, answering
from tests.programs import processes_with, wait_until
from tests.story.site import ADMIN, PASSWORD, Browser, serving, set_up

SECONDS_TO_BE_SWEPT_UP = 120 + 30  # what a busy computer takes to start a worker again


class Slow:
    """A feed's server whose first answer never comes."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_over = threading.Event()

    def answer(self, asked: Asked) -> Reply:
        self.asked += asked.path == "/feed.xml"
        if self.asked == 1:
            self.is_over.wait(SECONDS_TO_BE_SWEPT_UP)
        return Reply(status=404)


@pytest.mark.broker
def test_a_fetch_is_done_again_when_its_worker_was_killed(broker: str, tmp_path: Path) -> None:
    slow, log = Slow(), tmp_path / "log"
    variables = {"PASSALONG_FETCH_PRIVATE": "true", "CELERY_BROKER_URL": broker}
    with (
        answering(slow.answer) as feeds,
        serving(tmp_path / "data", log, **variables) as site,
    ):
        set_up(site)
        browser = Browser(site)
        browser.sign_in(ADMIN, PASSWORD)
        browser.send("/admin/aggregator/aggregator/1/change/", is_on="on")
        browser.close()
        ping = {"hub.mode": "publish", "hub.url": f"{feeds}/feed.xml"}
        assert requests.post(f"{site.url}/ping/", data=ping, timeout=30).status_code == 202

        wait_until("the worker fetching", lambda: slow.asked == 1)
        worker, _beat = processes_with("worker", tmp_path / "data/beat-schedule")
        os.kill(worker, signal.SIGKILL)

        wait_until("another fetch", lambda: slow.asked == 2, SECONDS_TO_BE_SWEPT_UP)
        slow.is_over.set()
