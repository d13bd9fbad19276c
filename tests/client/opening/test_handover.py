"""One window per person: what a second start hands over, and what it refuses from others."""

import os
import queue
import socket
import stat
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from client.errors import FolderError, OpeningError
from client.opening import handover
from client.opening.handover import (
    Door,
    LoopbackPort,
    Request,
    hand_over,
    open_door,
    private_folder,
    read_request,
)

REQUEST = Request(("open", "/home/bob/Lied \N{EURO SIGN}.torrent"), b"record", "/home/bob")


@pytest.fixture
def run() -> Iterator[Path]:
    """A runtime folder; its path is short, as the real one's."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(params=["unix", "loopback"])
def state(
    request: pytest.FixtureRequest, tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A state folder, once for each way in which processes can meet."""
    if request.param == "loopback":
        monkeypatch.setattr(handover, "_port_for", lambda state, folder: LoopbackPort(state))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(run))
    return tmp_path / "state"


def test_what_a_second_start_was_given_arrives(
    door: Door, state: Path, received: "queue.Queue[Request]"
) -> None:
    assert open_door(state, received.put) is None
    assert hand_over(state, REQUEST)
    assert received.get(timeout=1) == REQUEST


def test_the_window_may_come_to_the_front_before_it_hears_of_the_request(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(handover, "let_come_to_the_front", lambda: order.append("may"))
    assert not hand_over(state, REQUEST)
    assert order == []
    door = open_door(state, lambda request: order.append("hears"))
    assert door is not None
    assert hand_over(state, REQUEST)
    door.shut()
    door.give_up()
    assert order == ["may", "hears"]


def test_nothing_is_handed_over_when_nobody_is_there(state: Path) -> None:
    assert not hand_over(state, REQUEST)


def test_the_next_one_can_be_the_window_when_the_first_has_ended(
    state: Path, received: "queue.Queue[Request]"
) -> None:
    for _ in range(2):
        door = open_door(state, received.put)
        assert door is not None
        door.shut()
        assert not hand_over(state, REQUEST)
        door.give_up()


def test_the_way_in_is_closed_to_others(door: Door, state: Path) -> None:
    places = [*state.glob("window.port"), *private_folder().glob("*.sock")]
    assert len(places) == 1
    assert stat.S_IMODE(places[0].stat().st_mode) == 0o600


def test_who_does_not_know_the_secret_is_not_heard(
    tmp_path: Path, received: "queue.Queue[Request]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "_port_for", lambda state, folder: LoopbackPort(state))
    door = open_door(tmp_path, received.put)
    assert door is not None
    port = struct.unpack("!H", (tmp_path / "window.port").read_bytes()[:2])[0]
    message = REQUEST.write()
    with socket.create_connection(("127.0.0.1", port)) as stranger:
        stranger.sendall(bytes(64) + struct.pack("!I", len(message)) + message)
        with suppress(ConnectionResetError):
            while stranger.recv(64):
                pass
    door.shut()
    door.give_up()
    assert received.empty()


def test_who_took_the_port_of_a_window_that_crashed_learns_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "_port_for", lambda state, folder: LoopbackPort(state))
    secret, heard = os.urandom(32), bytearray()
    with socket.create_server(("127.0.0.1", 0)) as stranger:

        def listen() -> None:
            connection, _ = stranger.accept()
            with connection, suppress(ConnectionResetError):
                connection.settimeout(5)
                connection.sendall(bytes(64))
                while chunk := connection.recv(4096):
                    heard.extend(chunk)

        listening = threading.Thread(target=listen, daemon=True)
        listening.start()
        port = struct.pack("!H", stranger.getsockname()[1])
        (tmp_path / "window.port").write_bytes(port + secret)
        assert not hand_over(tmp_path, REQUEST)
        listening.join(5)
    assert secret not in heard
    assert REQUEST.record not in heard


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"de",
        b"d6:recordi1e7:save_to0:5:wordslee",
        b"d6:record0:7:save_to0:5:wordsl" + b"1:a" * 9 + b"ee",
    ],
)
def test_a_message_that_makes_no_sense_is_refused(message: bytes) -> None:
    with pytest.raises(OpeningError):
        read_request(message)


def test_a_message_without_end_does_not_stop_the_door(
    door: Door, state: Path, received: "queue.Queue[Request]"
) -> None:
    with handover._port_for(state, private_folder()).connect() as stranger:
        stranger.sendall(struct.pack("!I", 2**32 - 1))
    assert hand_over(state, REQUEST)


def test_a_folder_of_somebody_else_is_refused(run: Path) -> None:
    (run / f"passalong-{os.getuid()}").mkdir(mode=0o755)
    (run / f"passalong-{os.getuid()}").chmod(0o755)
    with pytest.raises(FolderError):
        private_folder({"XDG_RUNTIME_DIR": str(run)})


@pytest.mark.parametrize("name", ["long" * 30, "missing"])
def test_a_runtime_folder_that_cannot_be_used_is_not(run: Path, name: str) -> None:
    if name != "missing":
        (run / name).mkdir(mode=0o700)
    assert private_folder({"XDG_RUNTIME_DIR": str(run / name)}).parent == Path("/tmp")
