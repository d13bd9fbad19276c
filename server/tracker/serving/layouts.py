"""Which files of saved swarms there are: one for each process, whatever their number was.

A tracker that is started with another number of processes takes in all files that are there, each
process its own share, writes its own, and only then are the others deleted.
"""

import logging
import re
from collections.abc import Callable
from pathlib import Path

from ..core.shares import WHOLE, Share
from .saving import NAME

PATTERN = re.compile(rf"{NAME}(-\d+-of-\d+)?")

log = logging.getLogger(__name__)


def swarm_file(share: Share) -> str:
    """The name of a process's own file."""
    return NAME if share == WHOLE else f"{NAME}-{share.index}-of-{share.count}"


def files_to_load(folder: Path, share: Share) -> list[str]:
    """Where a process may find swarms of its share, the oldest first: what comes later is newer."""
    return sorted(
        [swarm_file(share), *files_of_others(folder, share.count)], key=_written_in(folder)
    )


def files_of_others(folder: Path, processes: int) -> list[str]:
    """What trackers with another number of processes have left."""
    own = {swarm_file(Share(index, processes)) for index in range(processes)}
    found = {each.name for each in folder.glob(f"{NAME}*") if PATTERN.fullmatch(each.name)}
    return sorted(found - own)


def forget_files_of_others(folder: Path, processes: int) -> None:
    """Delete them: all that they hold is in the files of these processes."""
    for name in files_of_others(folder, processes):
        try:
            (folder / name).unlink()
        except OSError as error:
            log.warning("%s cannot be deleted: %s", folder / name, error)


def _written_in(folder: Path) -> Callable[[str], float]:
    def written_at(name: str) -> float:
        try:
            return (folder / name).stat().st_mtime
        except OSError:
            return 0.0

    return written_at
