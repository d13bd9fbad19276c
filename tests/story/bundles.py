"""Bundles without a site: a download that a web seed on this computer gives, signed by Alice."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from installer.bundle.joining import join
from installer.bundle.template import Template
from installer.formats import metainfo, payload
from installer.formats.metainfo import File
from tests.answering import Asked, Reply, answering
from tests.installer.examples import KEY, SITE_NAME, SITE_URL

SIZE = 300_000


def content_of(name: str) -> bytes:
    """What stands in the film of this name."""
    return Random(name).randbytes(SIZE)


@contextmanager
def open_copies() -> Iterator[str]:
    """The web seed of all films that there can be; its address."""

    def answer(asked: Asked) -> Reply:
        content = content_of(asked.path.removeprefix("/"))
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", asked.headers.get("Range", ""))
        if found is None:
            return Reply(content)
        first, last = int(found[1]), int(found[2])
        part = f"bytes {first}-{last}/{SIZE}"
        return Reply(
            content[first : last + 1],
            206,
            {"Content-Range": part, "Content-Length": str(last + 1 - first)},
        )

    with answering(answer) as address:
        yield address


def make_torrent(name: str, copies: str) -> bytes:
    """The torrent of a film that only the web seed has."""
    info = metainfo.info_v1(
        name,
        [File((name,), SIZE)],
        is_folder=False,
        piece_length=1 << 19,
        pieces=hashlib.sha1(content_of(name)).digest(),
    )
    return metainfo.write(info, web_seeds=[f"{copies}/{name}"])


def write_bundle(path: Path, client: Template, torrent: bytes) -> Path:
    """A program that carries this torrent."""
    bundle = join(client, payload.Download(SITE_NAME, SITE_URL, torrent), KEY)
    path.write_bytes(b"".join(bundle.chunks()))
    path.chmod(0o755)
    return path
