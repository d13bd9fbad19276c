"""Where the site's own peer announces itself, and as whom."""

import socket

import pytest
from pytest_django import Settings

from server.seeding.meeting import Meeting, meeting_of, public_address_of
from server.site.models import Site

Found = list[tuple[int, int, int, str, tuple[str, int]]]


def names(monkeypatch: pytest.MonkeyPatch, **addresses: list[str]) -> None:
    """Let names have these addresses."""

    def look_up(host: str, *_: object, **__: object) -> Found:
        if host not in addresses:
            raise socket.gaierror
        return [(0, 0, 0, "", (address, 0)) for address in addresses[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_says_its_public_address_to_the_tracker_beside_it(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    names(monkeypatch, films=["10.0.0.1", "2a00:1450::1", "93.184.216.34"])
    settings.TRACKER_HOST, settings.TRACKER_PORT = "::1", 6990
    site = Site(saved_address="https://films", tracker_port=6990)
    assert meeting_of(site) == Meeting(
        ("http://[::1]:6990/announce", "http://films:6990/announce", "https://films/announce"),
        "93.184.216.34",
    )


def test_in_a_local_network_the_way_shows_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, films=["192.168.1.5"])
    site = Site(saved_address="http://films:8000", tracker_port=6969)
    assert meeting_of(site) == Meeting(("http://films:6969/announce", "http://films:8000/announce"))


def test_uses_udp_only_where_nothing_else_answers(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    names(monkeypatch, films=["192.168.1.5"])
    settings.TRACKER_URL = "udp://films:6969/announce"
    site = Site(saved_address="http://films:8000", tracker_port=6969)
    assert meeting_of(site) == Meeting(("http://films:8000/announce", "udp://films:6969/announce"))


def test_a_name_without_an_address_has_no_public_one(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, v6=["fe80::1%eth0", "2a00:1450::1"])
    assert public_address_of("nowhere") == ""
    assert public_address_of("v6") == "2a00:1450::1"
