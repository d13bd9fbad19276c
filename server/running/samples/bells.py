"""Sample music: six church bells ring changes, a piece that is pure arithmetic."""

import io
import math
import wave
from array import array
from collections.abc import Iterator

TITLE = "Plain Hunt on Six Bells"
DESCRIPTION = (
    "English change ringing: in every row each bell moves one place, until all are home again. "
    "Rung by a program, one recording at walking pace and one for the impatient."
)
SAMPLES_PER_SECOND = 22_050
RING_SECONDS = 1.5
LOUDNESS = 5_500
HIGHEST_BELL_HERTZ = 880.0
MAJOR_SCALE = (0, 2, 4, 5, 7, 9)
# Frequency, loudness and decay of a bell's partial tones: hum, prime, tierce, quint, nominal.
PARTIALS = ((0.5, 0.4, 1.5), (1.0, 1.0, 3.0), (1.2, 0.6, 4.0), (1.5, 0.3, 5.0), (2.0, 0.5, 6.0))


def files() -> Iterator[tuple[str, bytes]]:
    """The score and two recordings."""
    rows = plain_hunt(len(MAJOR_SCALE))
    score = "\n".join(" ".join(str(bell + 1) for bell in row) for row in rows)
    yield "Score.txt", f"{TITLE}\n\n{score}\n".encode()
    bells = [_bell(index) for index in range(len(MAJOR_SCALE))]
    yield "Side A – walking pace.wav", _ring(rows, bells, seconds_between=0.30)
    yield "Side B – for the impatient.wav", _ring(rows, bells, seconds_between=0.14)


def plain_hunt(bells: int) -> list[list[int]]:
    """The rows from rounds back to rounds."""
    rounds = list(range(bells))
    rows = [rounds]
    while len(rows) == 1 or rows[-1] != rounds:
        row = list(rows[-1])
        for place in range((len(rows) - 1) % 2, bells - 1, 2):
            row[place], row[place + 1] = row[place + 1], row[place]
        rows.append(row)
    return rows


def _bell(index: int) -> "array[int]":
    hertz = HIGHEST_BELL_HERTZ / 2 ** (MAJOR_SCALE[index] / 12)
    length = int(RING_SECONDS * SAMPLES_PER_SECOND)
    sound = [0.0] * length
    for ratio, loudness, decay in PARTIALS:
        step = 2 * math.pi * hertz * ratio / SAMPLES_PER_SECOND
        fade = math.exp(-decay / SAMPLES_PER_SECOND)
        strength = LOUDNESS * loudness / 2
        for position in range(length):
            sound[position] += strength * math.sin(step * position)
            strength *= fade
    return array("h", map(int, sound))


def _ring(rows: list[list[int]], bells: "list[array[int]]", seconds_between: float) -> bytes:
    strikes = [bell for row in rows for bell in row]
    between = int(seconds_between * SAMPLES_PER_SECOND)
    mixed = [0] * (between * len(strikes) + len(bells[0]))
    for number, bell in enumerate(strikes):
        start = number * between
        stop = start + len(bells[bell])
        mixed[start:stop] = map(int.__add__, mixed[start:stop], bells[bell])
    return _wav(array("h", (max(-32_768, min(32_767, value)) for value in mixed)))


def _wav(sound: "array[int]") -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(SAMPLES_PER_SECOND)
        recording.writeframes(sound.tobytes())
    return file.getvalue()
