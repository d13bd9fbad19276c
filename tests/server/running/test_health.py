"""`/healthz`: what it says when everything answers, and when a part does not."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from server.running import health, pulse
from server.running.models import WorkerPulse
from server.running.tasks import show_life
from tests.programs import free_port
from tests.server.celery_app import celery_at

pytestmark = pytest.mark.django_db


class Refusing(BaseHTTPRequestHandler):
    """A tracker that refuses a scrape without an info-hash: it answers, so it works."""

    def do_GET(self) -> None:
        self.send_error(400)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def tracker(db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    pulse.beat(timezone.now())
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        settings.TRACKER_PORT = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield
        server.shutdown()
        thread.join()


def test_all_is_well(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_names_a_tracker_that_is_gone(client: Client, settings: Settings) -> None:
    settings.TRACKER_PORT = free_port()

    answer = client.get("/healthz")

    expected = {"status": "failing", "failing": ["tracker"]}
    assert (answer.status_code, answer.json()) == (503, expected)


def test_names_a_tracker_that_does_not_answer(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.running.health.SECONDS_TO_ANSWER", 0.1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.TRACKER_PORT = silent.getsockname()[1]

        assert client.get("/healthz").json()["failing"] == ["tracker"]


def test_names_a_worker_that_has_been_silent(client: Client) -> None:
    pulse.beat(timezone.now() - timedelta(minutes=4))

    assert client.get("/healthz").json()["failing"] == ["worker"]


def test_a_task_of_the_worker_is_its_sign_of_life(client: Client) -> None:
    WorkerPulse.objects.all().delete()
    assert not pulse.worker_is_alive(timezone.now())
    show_life()
    assert pulse.worker_is_alive(timezone.now())


def test_names_a_broker_that_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with celery_at(f"amqp://films:secret@127.0.0.1:{free_port()}//") as app:
        monkeypatch.setattr(health, "current_app", app)

        assert client.get("/healthz").json()["failing"] == ["broker"]
        assert "refused" in health.broker_trouble()
        assert "secret" not in health.broker_trouble()


def test_names_a_data_folder_that_is_gone(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "unplugged"

    assert client.get("/healthz").json()["failing"] == ["data folder"]


def test_names_a_full_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.running.health.FREE_BYTES_NEEDED", 2**63)

    assert client.get("/healthz").json()["failing"] == ["data folder"]


def test_names_a_database_that_refuses(client: Client) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseError("secret details")

    with connection.execute_wrapper(refuse):
        answer = client.get("/healthz")

    assert answer.json()["failing"] == ["database"]
    assert b"secret" not in answer.content


def test_answers_under_any_host_name_and_is_never_kept(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.0.0.7:8000"})

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_takes_no_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
