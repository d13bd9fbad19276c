"""Connection ids: for one address, for a short while, for all who share the secret."""

from server.tracker.core.connection_ids import WINDOW, ConnectionIds

ALICE, CHARLIE = bytes((192, 0, 2, 1)), bytes((192, 0, 2, 3))
SECRET = b"s" * 32


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000 * WINDOW

    def __call__(self) -> float:
        return self.now


def test_an_id_is_good_for_its_address_only() -> None:
    ids = ConnectionIds(SECRET, Clock())
    assert ids.is_good(ids.make(ALICE), ALICE)
    assert not ids.is_good(ids.make(ALICE), CHARLIE)


def test_an_id_lasts_one_to_two_windows() -> None:
    clock = Clock()
    processes = [ConnectionIds(SECRET, clock) for _ in range(2)]
    made = processes[0].make(ALICE)
    for later, is_good in ((0, True), (WINDOW, True), (2 * WINDOW, False), (258 * WINDOW, False)):
        clock.now = 1_000 * WINDOW + later
        for ids in processes:
            ids.turn()
            assert ids.is_good(made, ALICE) is is_good


def test_an_id_is_good_in_every_process_with_the_same_secret() -> None:
    made = ConnectionIds(SECRET, Clock()).make(ALICE)
    assert ConnectionIds(SECRET, Clock()).is_good(made, ALICE)
    assert not ConnectionIds(b"t" * 32, Clock()).is_good(made, ALICE)


def test_no_guess_is_good() -> None:
    ids = ConnectionIds(SECRET, Clock())
    assert not any(ids.is_good(bytes([first]) + bytes(7), ALICE) for first in range(256))
