"""Sample pictures: tilings that a few lines of arithmetic weave, as PNG and one SVG poster."""

import colorsys
import struct
import zlib
from collections.abc import Callable, Iterator

TITLE = "Woven Arithmetic – Twelve Pictures"
DESCRIPTION = (
    "Twelve tilings, each made from one short formula that is also its name, and a poster that "
    "shows how they belong together."
)
SIDE = 1024
COLOURS = 64
# A colon or an asterisk cannot stand in a file name everywhere, so the names are in words.
FORMULAS: tuple[tuple[str, Callable[[int, int], int]], ...] = (
    ("x xor y", lambda x, y: x ^ y),
    ("x and y", lambda x, y: x & y),
    ("x or y", lambda x, y: x | y),
    ("x² plus y²", lambda x, y: (x * x + y * y) >> 7),
    ("x times y", lambda x, y: (x * y) >> 7),
    ("x² xor y²", lambda x, y: (x * x ^ y * y) >> 9),
    ("x² minus xy plus y²", lambda x, y: (x * x - x * y + y * y) >> 8),
    ("x times (y xor x)", lambda x, y: (x * (y ^ x)) >> 8),
    ("(x plus y) xor (x minus y)", lambda x, y: ((x + y) ^ (x - y)) >> 2),
    ("x³ plus y³", lambda x, y: (x * x * x + y * y * y) >> 17),
    ("(x or y) times (x and y)", lambda x, y: ((x | y) * (x & y)) >> 8),
    ("über kreuz", lambda x, y: (abs(x - y) * (x + y)) >> 9),
)


def files() -> Iterator[tuple[str, bytes]]:
    """The pictures and the poster."""
    for number, (name, formula) in enumerate(FORMULAS, 1):
        yield f"Pictures/{number:02} {name}.png", _png(formula, hue=number / len(FORMULAS))
    yield "Poster.svg", _poster().encode()


def _png(formula: Callable[[int, int], int], hue: float) -> bytes:
    # Around the middle, so that every picture is symmetric where its formula is.
    places = range(-SIDE // 2, SIDE // 2)
    rows = (bytes([0, *(formula(x, y) % COLOURS for x in places)]) for y in places)
    header = struct.pack(">2I5B", SIDE, SIDE, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", _palette(hue)),
            _chunk(b"IDAT", zlib.compress(b"".join(rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def _palette(hue: float) -> bytes:
    colours = (
        colorsys.hls_to_rgb(hue + step / COLOURS / 4, 0.2 + 0.7 * step / COLOURS, 0.6)
        for step in range(COLOURS)
    )
    return bytes(int(255 * part) for colour in colours for part in colour)


def _poster() -> str:
    tiles = "".join(
        f'<g transform="translate({number % 4 * 120 + 60},{number // 4 * 120 + 60})">'
        f'<circle r="50" fill="hsl({number * 30},60%,60%)"/>'
        f'<text text-anchor="middle" font-size="9">{name}</text></g>'
        for number, (name, _) in enumerate(FORMULAS)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 360">{tiles}</svg>\n'
