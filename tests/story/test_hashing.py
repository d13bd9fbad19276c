"""The program that people get hashes in processes of its own, which are that program once more."""

import hashlib
from pathlib import Path

from client.jobs.pieces import Pieces, Source
from client.jobs.workers import Workers
from installer.bundle.template import newest, this_platform

PIECE = 1 << 18


def test_the_frozen_program_hashes_for_itself(frozen_client: Path, tmp_path: Path) -> None:
    content = b"la" * PIECE
    (tmp_path / "song").write_bytes(content)
    client = newest(frozen_client, this_platform())
    assert client is not None
    pieces = Pieces([Source(tmp_path / "song", len(content))], PIECE, with_roots=True)
    workers = Workers([client.path])
    found = dict(workers.hash(pieces, list(pieces.runs()), 2, patience=60))
    workers.close()
    hashed = hashlib.sha1(content[:PIECE]).digest()
    assert [hashes[:20] for hashes in found.values()] == [hashed, hashed]
