"""A sample book: a page about each small number, in chapters, with names from several languages."""

from collections.abc import Iterator

TITLE = "A Small Book of Numbers"
DESCRIPTION = (
    "One page for each number from 1 to 12,000, computed by the program that published it: what "
    "divides it, which squares add up to it, and how the Romans wrote it."
)
NUMBERS_IN_CHAPTER = 1_000
CHAPTERS = (
    "One to a thousand",
    "Zweites Tausend, für Geübte",
    "Tredje tusen på väg",
    "Quatrième mille, déjà",
    "Quinto millar, año nuevo",
    "Hatodik ezer, örömmel",
    "Siódmy tysiąc, z żółwiem",
    "Osmá tisícovka, příště víc",
    "Dokuzuncu bin, güle güle",
    "Десятая тысяча",
    "Ενδέκατη χιλιάδα",
    "十二番目の千",
)
ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def files() -> Iterator[tuple[str, bytes]]:
    """The chapters, and a page that says what they are."""
    yield "Read me first.txt", f"{TITLE}\n\n{DESCRIPTION}\n".encode()
    for index, title in enumerate(CHAPTERS):
        first = index * NUMBERS_IN_CHAPTER + 1
        pages = map(_page, range(first, first + NUMBERS_IN_CHAPTER))
        text = f"{title}\n\n" + "\n".join(pages)
        yield f"Chapters/{index + 1:02} {title}.txt", text.encode()


def _page(number: int) -> str:
    divisors = _divisors(number)
    if number == 1:
        kind = "the unit"
    elif len(divisors) == 2:
        kind = "a prime"
    else:
        kind = f"divided by {', '.join(map(str, divisors[1:-1]))}"
    return (
        f"{number} ({_roman(number)}) is {kind}.\n"
        f"  In binary {number:b}, in base sixteen {number:x}.\n"
        f"  {_squares(number)}\n"
    )


def _divisors(number: int) -> list[int]:
    small = [d for d in range(1, int(number**0.5) + 1) if number % d == 0]
    large = [number // d for d in reversed(small) if d * d != number]
    return small + large


def _squares(number: int) -> str:
    for a in range(int(number**0.5) + 1):
        rest = number - a * a
        b = int(rest**0.5)
        if b * b == rest and a <= b:
            return f"It is {a}² + {b}²."
    return "No two squares add up to it."


def _roman(number: int) -> str:
    text = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text
