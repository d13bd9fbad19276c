"""The memory of completions is bounded."""

from server.tracker.core.completions import Completions


def test_remembers_the_latest_and_forgets_the_oldest() -> None:
    completions = Completions(size=10)
    for number in range(100):
        assert completions.is_new(b"film", bytes([number]))
    assert not completions.is_new(b"film", bytes([95]))
    assert completions.is_new(b"film", bytes([5]))
