"""Pictures of releases: drawn anew, in two sizes, or refused with a sentence."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from PIL import Image

from server.catalog import picturing
from server.catalog.services import set_hidden, set_picture
from tests.server import factories


def upload(width: int = 1600, height: int = 400, file_format: str = "JPEG") -> BytesIO:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "at home, 52.5 13.4"
    Image.new("RGB", (width, height), "teal").save(file, file_format, exif=exif)
    file.seek(0)
    return file


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_keeps_the_pixels_and_nothing_else(file_format: str) -> None:
    drawn = picturing.draw(upload(file_format=file_format))
    with Image.open(BytesIO(drawn.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1280, 320))
        assert not picture.getexif()
    with Image.open(BytesIO(drawn.thumbnail)) as small:
        assert small.size == picturing.THUMBNAIL


def test_refuses_what_cannot_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (b"", b"<svg onload=alert(1)>", upload().getvalue()[:300]):
        with pytest.raises(ValidationError):
            picturing.draw(BytesIO(content))
    monkeypatch.setattr(picturing, "LARGEST_PIXELS", 100)
    with pytest.raises(ValidationError):
        picturing.draw(upload())


@pytest.mark.django_db
def test_shows_a_picture_under_an_address_of_its_own(client: Client) -> None:
    factories.site(address="http://testserver")
    release = factories.release()
    set_picture(release, picturing.draw(upload()))
    assert release.picture.path in client.get(release.get_absolute_url()).content.decode()
    assert release.picture.thumbnail_path in client.get("/").content.decode()
    response = client.get(release.picture.path)
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    wrong = release.picture.path.replace(release.picture.digest, "0" * 16)
    assert client.get(wrong).status_code == 404
    set_hidden(release, is_hidden=True)
    assert client.get(release.picture.path).status_code == 404
