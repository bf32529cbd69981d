"""The geometry of the picture of «Mitä sinulle kuuluu?»: a row for each area of life, five places on each row.

Rows and no spider's web: names are read straight on, on a narrow phone too, and the order of the areas says nothing.
Plain numbers in, plain numbers out; how they are drawn is for templates/cards/_together_profile.html.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 320
# The centres of the five places.
PLACES = (32, 96, 160, 224, 288)
# A line of a name, in units and at most in letters.
LINE, LETTERS = 19, 36
# Room for the faces above the rows, and for the row of places below a name.
TOP, PLACE_ROOM = 44, 38


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a name and where its letters stand."""

    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Row:
    """An area of life: its name, and the height of its five places."""

    key: str
    lines: tuple[Line, ...]
    y: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The whole picture. A mark for the number n stands at places[n - 1] on the height of its row."""

    width: int
    height: int
    places: tuple[int, ...]
    rows: tuple[Row, ...]


def profile(areas: Sequence[tuple[str, str]]) -> Profile:
    """Place the rows of the picture. areas: (key, name), from top to bottom."""
    rows = []
    top = TOP
    for key, name in areas:
        texts = textwrap.wrap(name, LETTERS)
        lines = tuple(Line(text, top + LINE * number) for number, text in enumerate(texts, start=1))
        top += LINE * len(lines)
        rows.append(Row(key, lines, top + PLACE_ROOM // 2 + 3))
        top += PLACE_ROOM + 2
    return Profile(WIDTH, top, PLACES, tuple(rows))
