"""The empty network map as a picture: three rings around the person, a sector for each group of people.

Pure: numbers and SVG path texts, no database and no words of the interface. The page's script puts the people on it by
the same numbers (portal/js/network-layout.js gets them from the picture's data attributes).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SIZE = 640
CENTRE = SIZE // 2
# The person in the middle, then the outer edges of near, middle and far.
RINGS = (44, 148, 216, 280)
LETTER = 20
# How wide a letter is on average, in parts of its height.
_LETTER_WIDTH = 0.56
_GAP = 8


@dataclass(frozen=True)
class SectorLabel:
    """The name of a group, along the outer edge of its sector. fits_in: the length it is pressed into, or None."""

    text: str
    path: str
    fits_in: int | None


@dataclass(frozen=True)
class NetworkFigure:
    """What the template draws. Every number is whole or in a text: a decimal comma would break the picture."""

    size: int
    centre: int
    rings: tuple[int, ...]
    lines: list[str]
    labels: list[SectorLabel]

    @property
    def names(self) -> str:
        """The groups in their order, as a text."""
        return ", ".join(label.text for label in self.labels)


def network_figure(groups: Sequence[str]) -> NetworkFigure:
    """The map for these groups, the first one at the top, the others clockwise."""
    inner, *_between, outer = RINGS
    lines, labels = [], []
    for number, group in enumerate(groups):
        start, end = sector(number, len(groups))
        lines.append(f"M{_point(inner, start)} L{_point(outer, start)}")
        labels.append(_label(group, start, end))
    return NetworkFigure(size=SIZE, centre=CENTRE, rings=RINGS, lines=lines, labels=labels)


def sector(number: int, count: int) -> tuple[float, float]:
    """Where a sector begins and ends, in radians clockwise from the right. The middle of the first is at the top."""
    width = 2 * math.pi / count
    start = -math.pi / 2 - width / 2 + number * width
    return start, start + width


def _label(text: str, start: float, end: float) -> SectorLabel:
    # Below the middle the text runs the other way, so that no name stands on its head.
    is_below = math.sin((start + end) / 2) > 0.01
    radius = RINGS[-1] + (LETTER + 4 if is_below else _GAP)
    first, last, sweep = (end, start, 0) if is_below else (start, end, 1)
    path = f"M{_point(radius, first)} A{radius} {radius} 0 0 {sweep} {_point(radius, last)}"
    room = int(radius * (end - start)) - 2 * _GAP
    return SectorLabel(text, path, room if len(text) * LETTER * _LETTER_WIDTH > room else None)


def _point(radius: float, angle: float) -> str:
    return f"{CENTRE + radius * math.cos(angle):.1f} {CENTRE + radius * math.sin(angle):.1f}"
