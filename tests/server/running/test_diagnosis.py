"""What `doctor`, the admin's front page and the system checks say, and when they say nothing."""

import shutil
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from server.accounts.models import User
from server.accounts.roles import MODERATORS, give_role, make_roles
from server.catalog.models import Report
from server.running import diagnosis
from server.running.checks import check_installation
from server.running.data_folder import RunningCopy
from server.running.diagnosis import Level, findings
from server.seeding import pulse
from server.seeding.models import Copy, SeederPulse
from server.site.models import Site
from tests.programs import free_port
from tests.server import factories
from tests.server.factories import NOON

pytestmark = pytest.mark.django_db


class Usage(NamedTuple):
    """How full a disk is."""

    total: int
    used: int
    free: int


@pytest.fixture
def healthy(
    programs: Path, data_dir: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A site with which nothing is wrong."""
    cache.clear()
    factories.site(address="https://films.example")
    factories.program(programs, "windows")
    monkeypatch.setattr(diagnosis, "tracker_answers", lambda _port: True)
    monkeypatch.setattr(diagnosis, "worker_lives", lambda: True)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(10**12, 0, 10**12))
    pulse.expect(timezone.now())
    settings.EMAIL_URL = "smtp://localhost"
    return settings


def words() -> str:
    return " ".join(each.what for each in findings())


@pytest.mark.usefixtures("healthy")
def test_says_nothing_when_all_is_well() -> None:
    assert findings() == []
    assert check_installation() == []


def test_sees_what_is_wrong(
    healthy: Settings, programs: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy.DEBUG = True
    healthy.EMAIL_URL = ""
    shutil.rmtree(programs)
    data_dir.rmdir()
    monkeypatch.setattr(diagnosis, "tracker_answers", lambda _port: False)
    monkeypatch.setattr(diagnosis, "worker_lives", lambda: False)
    monkeypatch.setattr(diagnosis, "broker_trouble", lambda: "redis://films/1: no route")
    Site.objects.update(saved_address="http://localhost:8000")
    factories.release(now=timezone.now() + timedelta(days=1))
    User.objects.create_superuser("anna")
    said = words()
    for part in (
        *("DEBUG", "data folder", "tracker", "worker", "clock", "Windows", "Mail"),
        *("localhost", "second factor", "does not answer at redis://films/1: no route"),
    ):
        assert part in said
    assert findings()[0].level is Level.ERROR
    assert {each.id for each in check_installation()} == {"passalong.doctor"}


@pytest.mark.usefixtures("healthy")
def test_sees_a_full_disk_and_a_site_without_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(10**12, 10**12, 10**8))
    Site.objects.update(saved_address="http://films.example")
    assert "nearly full" in words()
    (found,) = (each for each in findings() if "without https" in each.what)
    assert "PASSALONG_SITE_URL" in found.remedy


@pytest.mark.usefixtures("healthy")
def test_sees_what_is_wrong_with_the_sites_own_copies() -> None:
    release = factories.release(now=timezone.now() - timedelta(days=1))
    assert "no room for a copy of everything" in words()
    copy = Copy.objects.create(
        release=release, state="trouble", trouble="Disk quota exceeded", progressed_at=NOON
    )
    SeederPulse.objects.update(at=timezone.now() - timedelta(minutes=4))
    assert "The site cannot keep its copies: Disk quota exceeded" in words()
    assert "The seeder does nothing" in words()
    copy.delete()
    Site.objects.update(copies_gb=0)
    assert findings() == []


@pytest.mark.usefixtures("healthy")
def test_sees_what_an_update_has_left_behind(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (programs / "Passalong-1.0.0-windows.exe").rename(programs / "Passalong-0.0.9-windows.exe")
    monkeypatch.setenv("PASSALONG_SITEURL", "https://films.example")
    monkeypatch.setenv("PASSALONG_SIGN_KEY", "key.pem")
    assert "PASSALONG_SITEURL means nothing" in words()
    assert "PASSALONG_SIGN_KEY" not in words()
    assert "The program for Windows is of version 0.0.9" in words()


@pytest.mark.usefixtures("healthy")
def test_the_admins_front_page_says_who_waits_for_what(client: Client) -> None:
    anna = User.objects.create_superuser("anna")
    TOTP.activate(anna, "JBSWY3DPEHPK3PXP")
    User.objects.create_user("dora", is_waiting=True)
    Report.objects.create(release=factories.release(), reason="rights", text="Mine.")
    client.force_login(anna)
    page = client.get("/admin/", headers={"host": "films.example"}).content.decode()
    assert "1 person waits for approval." in page
    assert '<a href="/admin/catalog/report/">' in page
    make_roles()
    molly = User.objects.create_user("molly")
    give_role(molly, MODERATORS)
    client.force_login(molly)
    page = client.get("/admin/", headers={"host": "films.example"}).content.decode()
    assert "1 report waits for you." in page
    assert "waits for approval." not in page


@pytest.mark.usefixtures("healthy")
def test_doctor_asks_the_tracker_that_runs(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "tracker_answers", lambda port: port == 6990)
    (found,) = findings()
    assert "does not run" in found.remedy
    RunningCopy("http://localhost:8190", 1, 8190, 6990).announce(data_dir)
    assert findings() == []


def test_doctor_ends_with_an_error_where_nothing_is_set_up() -> None:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    assert "Nobody has set the site up yet." in out.getvalue()


@pytest.mark.usefixtures("healthy")
def test_doctor_knocks_at_the_sites_own_address() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    Site.objects.update(saved_address=address)
    out = StringIO()
    call_command("doctor", stdout=out)
    assert f"Nothing that looks like this site answers at {address}." in out.getvalue()
