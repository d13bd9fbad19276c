"""The .torrent files in a folder: whoever may write there decides what is tracked."""

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path

from installer.errors import FormatError, Text
from installer.formats import bencoding

from ..services import TorrentInFolder

LARGEST = 20_000_000  # bytes

log = logging.getLogger(__name__)

Stamp = tuple[int, int]  # time of the last change, size


class AllowedFolder:
    """Looks into a folder and its subfolders again and again, and reads only what has changed."""

    def __init__(self, folder: Path) -> None:
        """Nothing has been seen yet."""
        self._folder = folder
        self._seen: dict[Path, tuple[Stamp, list[TorrentInFolder]]] = {}
        self._is_first = True

    def look(self) -> list[TorrentInFolder] | None:
        """All torrents in the folder, or None if nothing has changed since the last look."""
        before = self._seen
        self._seen = {}
        for path in sorted(self._folder.rglob("*.torrent")):
            try:
                status = path.stat()
            except OSError:
                continue  # gone again
            stamp = (status.st_mtime_ns, status.st_size)
            known = before.get(path)
            if known is not None and known[0] == stamp:
                self._seen[path] = known
            else:
                self._seen[path] = (stamp, list(self._read(path, status.st_size)))
        if self._seen == before and not self._is_first:
            return None
        self._is_first = False
        return [torrent for _, torrents in self._seen.values() for torrent in torrents]

    def _read(self, path: Path, size: int) -> Iterator[TorrentInFolder]:
        if size > LARGEST:
            log.warning("%s has %d bytes; no torrent is that large. It is not tracked.", path, size)
            return
        try:
            yield from torrents_in(path.read_bytes())
        except FormatError as error:
            log.warning("%s is not tracked: %s", path, error)
        except OSError as error:
            log.warning("%s cannot be read: %s", path, error)


def torrents_in(content: bytes) -> list[TorrentInFolder]:
    """What a .torrent file is known by: one info-hash, or two if it is hybrid (BEP 52).

    Reads no more than that: nobody downloads through this file, so odd names do no harm.
    """
    torrent, spans = bencoding.read_dictionary(content)
    info = torrent.get(b"info")
    if not isinstance(info, dict):
        raise FormatError(Text("This torrent has no info dictionary."))
    raw = content[spans[b"info"]]
    name = info.get(b"name")
    text = name.decode("utf-8", "replace") if isinstance(name, bytes) else ""
    size = _length(info)
    hashes = []
    if b"pieces" in info:
        hashes.append(hashlib.sha1(raw).digest())  # noqa: S324  (BEP 3)
    if info.get(b"meta version") == 2:
        hashes.append(hashlib.sha256(raw).digest()[:20])
    if not hashes:
        raise FormatError(Text("This torrent is neither of version 1 nor of version 2."))
    return [TorrentInFolder(each, text, size) for each in hashes]


def _length(info: dict[bytes, bencoding.Value]) -> int:
    """The bytes of all files of version 1, 0 if they are not said."""
    files = info.get(b"files")
    each = files if isinstance(files, list) else [info]
    lengths = [file.get(b"length") for file in each if isinstance(file, dict)]
    total = sum(length for length in lengths if isinstance(length, int) and length > 0)
    return min(total, 2**63 - 1)
