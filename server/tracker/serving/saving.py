"""Swarms on disk, so that a restart loses no peers.

One file: a line that names the format; time of the dump by the wall clock and by the engine's;
for each swarm info-hash, family, seeds and peers as numbers, compact peers, marks; a checksum of
everything before it. It is written under another name and then renamed.
"""

import asyncio
import hashlib
import logging
import os
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..core.engine import Engine
from ..core.messages import SwarmDump

MAGIC = b"passalong swarms 1\n"
TIMES = struct.Struct("<QQ")
HEAD = struct.Struct("<20sBII")
CHECK_SIZE = 16
NAME = "swarms"
SLICE = 500  # swarms between which announces are answered

log = logging.getLogger(__name__)


class DamagedError(Exception):
    """A file that is not what was written."""


async def save(engine: Engine, folder: Path, name: str = NAME) -> bool:
    """Write all swarms of `engine`; true if they are on disk now."""
    path = folder / name
    fresh = folder / f"{name}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        await _write(engine, fresh)
        fresh.replace(path)
    except OSError as error:
        log.warning("The swarms could not be saved to %s: %s. The last copy is kept.", path, error)
        with suppress(OSError):
            fresh.unlink()
        return False
    return True


@dataclass(frozen=True, slots=True)
class Saved:
    """What a file holds."""

    dumped_at: int  # by the clock of the engine that wrote it
    seconds_ago: int
    swarms: list[SwarmDump]


NOTHING = Saved(0, 0, [])


def read(folder: Path, name: str = NAME, wall_clock: float | None = None) -> Saved:
    """What was saved; nothing without a file.

    A damaged file is set aside, and the tracker starts without it.
    """
    path = folder / name
    now = time.time() if wall_clock is None else wall_clock
    try:
        saved_at, dumped_at, swarms = _read(path.read_bytes())
    except FileNotFoundError:
        return NOTHING
    except OSError as error:
        log.warning(
            "The saved swarms cannot be read: %s. Peers will come back by themselves.", error
        )
        return NOTHING
    except DamagedError as error:
        aside = path.with_name(f"{name}.damaged-{int(now)}")
        log.warning(
            "%s %s It is kept as %s; peers will come back by themselves.", path, error, aside
        )
        with suppress(OSError):
            path.replace(aside)
        return NOTHING
    return Saved(dumped_at, max(0, int(now) - saved_at), swarms)


async def _write(engine: Engine, path: Path) -> None:
    dumped_at, swarms = engine.dump()
    check = hashlib.blake2b(digest_size=CHECK_SIZE)
    with path.open("wb") as file:
        part = [MAGIC, TIMES.pack(int(time.time()), dumped_at)]
        for number, swarm in enumerate(swarms):
            part += _record(swarm)
            if number % SLICE == SLICE - 1:
                _put(file, check, part)
                await asyncio.sleep(0)
        _put(file, check, part)
        file.write(check.digest())
        file.flush()
        await asyncio.get_running_loop().run_in_executor(None, os.fsync, file.fileno())


def _put(file: IO[bytes], check: hashlib.blake2b, part: list[bytes]) -> None:
    text = b"".join(part)
    file.write(text)
    check.update(text)
    part.clear()


def _record(swarm: SwarmDump) -> Iterator[bytes]:
    yield HEAD.pack(swarm.info_hash, swarm.is_ipv6, swarm.seeds, len(swarm.marks) // 2)
    yield swarm.peers
    yield swarm.marks


def _read(content: bytes) -> tuple[int, int, list[SwarmDump]]:
    body, check = content[:-CHECK_SIZE], content[-CHECK_SIZE:]
    if not body.startswith(MAGIC) or len(body) < len(MAGIC) + TIMES.size:
        raise DamagedError("does not hold saved swarms.")
    if hashlib.blake2b(body, digest_size=CHECK_SIZE).digest() != check:
        raise DamagedError("is damaged.")
    saved_at, dumped_at = TIMES.unpack_from(body, len(MAGIC))
    swarms = []
    at = len(MAGIC) + TIMES.size
    while at < len(body):
        info_hash, is_ipv6, seeds, count = HEAD.unpack_from(body, at)
        at += HEAD.size
        middle = at + count * (18 if is_ipv6 else 6)
        end = middle + 2 * count
        swarms.append(SwarmDump(info_hash, bool(is_ipv6), seeds, body[at:middle], body[middle:end]))
        at = end
    return saved_at, dumped_at, swarms
