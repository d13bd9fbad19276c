"""A download that is cut off and resumed is the same file, for every kind of program."""

import random
from pathlib import Path

import pytest
from django.test import Client

from installer.bundle.reading import read_payload
from installer.bundle.template import file_name
from server.catalog.models import Release
from tests.server import factories

pytestmark = pytest.mark.django_db

RANGES = 1_000  # for each kind
CUTS = 100


@pytest.fixture(params=["windows", "linux", "macos"])
def path(request: pytest.FixtureRequest, programs: Path, signed_program: bytes) -> str:
    """The addresses of bundles in a signed program, behind one that is not, and in an app's zip."""
    factories.site(address="http://testserver")
    platform: str = request.param
    if platform == "windows":
        (programs / file_name("1.0.0", platform)).write_bytes(signed_program)
    else:
        factories.program(programs, platform, random.Random(1).randbytes(100_000))
    release: Release = factories.release()
    return f"{release.get_absolute_url()}easy/{platform}/"


def test_every_range_is_a_part_of_the_whole(client: Client, path: str) -> None:
    whole = client.get(path).getvalue()
    chance = random.Random(path)
    for _ in range(RANGES):
        start = chance.randrange(len(whole))
        stop = min(len(whole), start + chance.choice([1, 100, 70_000, len(whole)]))
        header = chance.choice([f"bytes={start}-{stop - 1}", f"bytes={start}-", f"bytes=-{stop}"])
        wanted = {
            f"bytes={start}-{stop - 1}": whole[start:stop],
            f"bytes={start}-": whole[start:],
            f"bytes=-{stop}": whole[-stop:],
        }[header]
        answer = client.get(path, headers={"range": header})
        assert (answer.status_code, answer.getvalue()) == (206, wanted), header


def test_a_download_cut_at_random_points_is_the_same_file(
    client: Client, path: str, tmp_path: Path
) -> None:
    first = client.get(path)
    whole, etag = first.getvalue(), first["ETag"]
    chance = random.Random(path)
    got = b""
    for cut in sorted(chance.sample(range(len(whole)), CUTS)):
        answer = client.get(path, headers={"range": f"bytes={len(got)}-", "if-range": etag})
        got += answer.getvalue()[: cut - len(got)]
    got += client.get(path, headers={"range": f"bytes={len(got)}-", "if-range": etag}).getvalue()
    assert got == whole
    (tmp_path / "got").write_bytes(got)
    assert read_payload(tmp_path / "got") is not None
