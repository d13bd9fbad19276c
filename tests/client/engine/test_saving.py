"""The state is saved soon after the start, and then every minute."""

import itertools

from client.engine.saving import SaveTimes


def test_an_hour_is_saved_once_a_minute_and_its_beginning_more_often() -> None:
    times = SaveTimes()
    saved = [second for second in range(3600) if times.is_due(float(second))]
    assert saved[:5] == [5, 15, 35, 75, 135]
    assert all(later - earlier <= 60 for earlier, later in itertools.pairwise(saved))
    assert len(saved) < 65
