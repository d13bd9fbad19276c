"""The picture of a release, made anew from what was uploaded: its pixels stay, nothing else does.

So a picture carries no place where it was taken, and no second meaning as another kind of file.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

CONTENT_TYPE = "image/webp"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LARGEST_UPLOAD_BYTES = 10_000_000
LARGEST_PIXELS = 50_000_000
WIDTH, HEIGHT = 1280, 960
THUMBNAIL = (144, 108)
QUALITY = 78
THUMBNAIL_QUALITY = 55


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture in the two sizes that pages show."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def draw(upload: BinaryIO) -> Drawn:
    """Read an uploaded picture; raises `ValidationError` with a sentence for the publisher."""
    content = upload.read(LARGEST_UPLOAD_BYTES + 1)
    if len(content) > LARGEST_UPLOAD_BYTES:
        raise ValidationError(_("This picture is larger than 10 MB. Make it smaller first."))
    try:
        return _draw(content)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("This is no picture that can be shown. Take a JPEG, PNG, WebP or GIF file.")
        ) from error


def _draw(content: bytes) -> Drawn:
    with Image.open(BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > LARGEST_PIXELS:
            raise ValueError
        opened.draft("RGB", (WIDTH, HEIGHT))
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((WIDTH, HEIGHT))
    small = ImageOps.fit(picture, THUMBNAIL)
    return Drawn(
        _webp(picture, QUALITY), _webp(small, THUMBNAIL_QUALITY), picture.width, picture.height
    )


def _webp(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", quality=quality)
    return out.getvalue()
