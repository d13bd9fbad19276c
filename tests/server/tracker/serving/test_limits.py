"""How much one address may ask for."""

from server.tracker.serving.limits import Limits

NEIGHBOURS = bytes((192, 0, 2, 1))


def test_one_address_is_stopped_and_the_others_are_not() -> None:
    limits = Limits(most=3)
    assert [limits.is_exceeded(NEIGHBOURS) for _ in range(4)] == [False, False, False, True]
    assert not limits.is_exceeded(bytes((192, 0, 2, 2)))
    limits.start_again()
    assert not limits.is_exceeded(NEIGHBOURS)


def test_an_ipv6_network_is_one_address() -> None:
    limits = Limits(most=1)
    assert not limits.is_exceeded(bytes(15) + b"\2")
    assert limits.is_exceeded(bytes(15) + b"\3")


def test_this_machine_has_no_limit() -> None:
    limits = Limits(most=1)
    assert not any(limits.is_exceeded(bytes((127, 0, 0, 1))) for _ in range(9))
