"""The tracker's numbers for Prometheus, of one process or of all on this machine."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import NamedTuple, Protocol

from ..core.errors import TrackerError


class Numbers(NamedTuple):
    """How one process is doing."""

    announces: int  # since it started
    torrents: int
    peers_ipv4: int
    peers_ipv6: int
    memory_bytes: int
    uptime_seconds: int
    passed_on: int  # announces that came here and belong to another process


class Askable(Protocol):
    """Another process (`serving.siblings`)."""

    def numbers(self) -> Awaitable[Numbers]:
        """How it is doing; may raise `TrackerError`, at once or later."""
        ...


METRICS: Sequence[tuple[str, str, Mapping[str, str]]] = (
    ("announces_total", "counter", {"": "announces"}),
    ("torrents", "gauge", {"": "torrents"}),
    ("peers", "gauge", {'family="ipv4"': "peers_ipv4", 'family="ipv6"': "peers_ipv6"}),
    ("memory_bytes", "gauge", {"": "memory_bytes"}),
    ("uptime_seconds", "gauge", {"": "uptime_seconds"}),
    ("passed_on_total", "counter", {"": "passed_on"}),
)


async def metrics_of_all(index: int, own: Numbers, others: Mapping[int, Askable]) -> bytes:
    """The metrics of this process and of those among the others that answer, labelled."""
    answers = await asyncio.gather(*map(_asked, others.values()))
    found = {index: own, **dict(zip(others, answers, strict=True))}
    told = {each: numbers for each, numbers in sorted(found.items()) if numbers is not None}
    return metrics_text({f'process="{each}"': numbers for each, numbers in told.items()})


def metrics_text(processes: Mapping[str, Numbers]) -> bytes:
    """Prometheus's text format; each process has a label, which may be empty."""
    lines = []
    for metric, kind, fields in METRICS:
        name = f"passalong_tracker_{metric}"
        lines.append(f"# TYPE {name} {kind}")
        for process, numbers in processes.items():
            for label, field in fields.items():
                labels = ",".join(filter(None, [process, label]))
                braced = f"{{{labels}}}" if labels else ""
                lines.append(f"{name}{braced} {getattr(numbers, field)}")
    return ("\n".join(lines) + "\n").encode()


async def _asked(other: Askable) -> Numbers | None:
    try:
        return await other.numbers()
    except TrackerError:
        return None
