"""The speed that a person is shown."""

from client.engine.metering import Meter


def test_is_right_at_once_and_follows_a_change_within_seconds() -> None:
    meter = Meter()
    assert [meter.rate(0, float(now)) for now in (-3, -2, -1)] == [0, 0, 0]
    rates = [meter.rate(count * 500_000, count / 2) for count in range(10)]
    assert rates == [0] + [1_000_000] * 9
    assert [meter.rate(4_500_000, 4.5 + step) for step in (3, 6)] == [400_000, 0]


def test_says_nothing_of_the_time_before_a_sleep() -> None:
    meter = Meter()
    meter.rate(0, 0.0)
    meter.rate(1_000_000, 1.0)
    assert meter.rate(1_100_000, 3600.0) == 0
    assert meter.rate(1_600_000, 3600.5) == 1_000_000
