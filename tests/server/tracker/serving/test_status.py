"""What a process says of itself."""

from datetime import UTC, datetime
from random import random

from server.tracker.core.engine import Engine
from server.tracker.core.shares import Share
from server.tracker.serving.status import Status
from server.tracker.stores.memory import MemoryStore


def test_each_of_several_processes_has_a_name_and_peers_of_its_own() -> None:
    engine = Engine(MemoryStore(random), lambda: 0)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    described = [
        Status(engine, lambda: moment, 6969, is_shared=False, share=Share(index, 3)).describe()
        for index in range(3)
    ]
    assert len({each.name for each in described}) == 3
    assert [each.store for each in described] == [each.name for each in described]
