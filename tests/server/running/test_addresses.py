"""Ports and addresses of the site's programs."""

import socket
from collections.abc import Iterator

import pytest

from server.running.addresses import Listening, PortTaken, wait_until_free
from tests.programs import free_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port: int = listener.getsockname()[1]
        yield port


def test_names_the_taken_port_of_the_site_and_its_option(taken_port: int) -> None:
    with pytest.raises(PortTaken, match=rf"^Port {taken_port} is in use .* --port"):
        Listening("127.0.0.1", taken_port, free_port()).check_free()


def test_names_the_taken_port_of_the_tracker_and_its_option(taken_port: int) -> None:
    with pytest.raises(PortTaken, match=rf"^Port {taken_port} is in use .* --tracker-port"):
        Listening("127.0.0.1", free_port(), taken_port).check_free()


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::"])
def test_sees_a_program_that_listens_on_one_address_only(taken_port: int, host: str) -> None:
    with pytest.raises(PortTaken):
        Listening(host, taken_port, free_port()).check_free()


def test_accepts_free_ports() -> None:
    Listening("127.0.0.1", free_port(), free_port()).check_free()


def test_waits_for_a_port_that_its_owner_lets_go() -> None:
    owner = socket.socket()
    owner.bind(("127.0.0.1", 0))
    owner.listen()
    listening = Listening("127.0.0.1", owner.getsockname()[1], free_port())
    looks: list[None] = []

    def let_go_at_the_second_look() -> bool:
        looks.append(None)
        if len(looks) == 2:
            owner.close()
        return False

    wait_until_free(listening, 10, let_go_at_the_second_look)

    assert len(looks) == 2


@pytest.mark.parametrize(
    ("host", "to_open", "local"),
    [
        ("", "http://localhost:8000", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://localhost:8000", "http://127.0.0.1:8000"),
        ("::", "http://localhost:8000", "http://[::1]:8000"),
        ("127.0.0.1", "http://localhost:8000", "http://127.0.0.1:8000"),
        ("192.0.2.5", "http://192.0.2.5:8000", "http://192.0.2.5:8000"),
        ("2001:db8::5", "http://[2001:db8::5]:8000", "http://[2001:db8::5]:8000"),
    ],
)
def test_the_addresses_of_a_site(host: str, to_open: str, local: str) -> None:
    listening = Listening(host, 8000, 6969)

    assert (listening.url_to_open, listening.local_url) == (to_open, local)
