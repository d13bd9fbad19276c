"""Waking the worker: the broker is told after the commit, and one that fails stops nobody."""

import re
import socket
from collections.abc import Iterator
from threading import Thread

import pytest
from django.db import transaction

from server.site import waking
from server.site.waking import SECONDS_WITHOUT_ANOTHER_TRY, Bell, wake
from tests.programs import free_port
from tests.server.celery_app import celery_at

TASK = "server.feeds.tasks.send_ping"
SECONDS_A_REQUEST_MAY_WAIT = 20.0
KINDS = ("redis://127.0.0.1:{}/0", "amqp://guest:guest@127.0.0.1:{}//")


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes every connection and never says anything."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.broker
def test_the_broker_takes_the_task(broker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with celery_at(broker) as app, app.connection_for_read() as connection:
        monkeypatch.setattr(waking, "current_app", app)
        assert Bell().ring(TASK, (5,))
        with connection.SimpleQueue(app.conf.task_default_queue) as queue:
            message = queue.get(timeout=10)
            message.ack()
    assert (message.headers["task"], message.payload[0]) == (TASK, [5])


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_when_the_row_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[tuple[str, tuple[object, ...]]] = []
    monkeypatch.setattr(Bell, "ring", lambda _, *what: rung.append(what))
    with transaction.atomic():
        wake(TASK, 5)
        assert rung == []
    assert rung == [(TASK, (5,))]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_waits_for_a_broker_that_says_nothing(
    kind: str,
    silent_port: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("server.settings.SECONDS_FOR_THE_BROKER", 0.2)
    took: list[bool] = []
    with celery_at(kind.format(silent_port)) as app:
        monkeypatch.setattr(waking, "current_app", app)
        request = Thread(target=lambda: took.append(Bell().ring(TASK)), daemon=True)
        request.start()
        request.join(SECONDS_A_REQUEST_MAY_WAIT)
    assert took == [False]
    assert re.search("timed out|Timeout", caplog.text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_broker_that_failed_is_left_alone_for_a_while(
    kind: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 100.0
    bell = Bell(lambda: now)
    with celery_at(kind.format(free_port())) as app:
        monkeypatch.setattr(waking, "current_app", app)
        rings = [bell.ring(TASK), bell.ring(TASK)]
        assert len(caplog.records) == 1
        now += SECONDS_WITHOUT_ANOTHER_TRY
        rings.append(bell.ring(TASK))
    assert rings == [False] * 3
    assert [TASK in line and "refused" in line for line in caplog.messages] == [True] * 2
