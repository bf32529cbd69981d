"""What the embedded engine keeps in memory: for each facet value the set of documents that have it.

A set of documents is one Python integer whose bit n stands for the document in row n. Intersections and counts
of such sets take microseconds, which makes exact counts beside every choice affordable.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from search.facets import FACETS
from search.query import Facet, FacetValue, Point, Region

EARTH_KM = 6_371.0
KM_PER_DEGREE = EARTH_KM * math.pi / 180


@dataclass(frozen=True, slots=True)
class Row:
    """What ranking and sorting need of one document."""

    id: str
    title: str
    checked: int
    points: tuple[Point, ...]


def haversine_km(a: Point, b: Point) -> float:
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def bits_of(numbers: Iterable[int], size: int) -> int:
    """A set of row numbers as an integer. Built in a byte array: setting bits in an integer copies it each time.

    A number above `size` is left out: another process wrote the row after the snapshot was taken.
    """
    buffer = bytearray(size // 8 + 1)
    for number in numbers:
        if number <= size:
            buffer[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(buffer, "little")


_BITS_IN_BYTE = [tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]


def numbers_in(bits: int) -> Iterator[int]:
    for index, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        if byte:
            for bit in _BITS_IN_BYTE[byte]:
                yield index * 8 + bit


@dataclass(frozen=True, slots=True)
class Record:
    """One document as the side table holds it."""

    number: int
    id: str
    title: str
    checked: int
    facets: dict[str, list[str]]
    languages: list[str]
    names: list[str]
    points: list[tuple[float, float]]
    is_nationwide: bool
    is_remote: bool


class Snapshot:
    """One version of the index's facets. Another version is another snapshot; only `frequencies` fills up in use."""

    def __init__(self, version: str, records: Iterable[Record]) -> None:
        self.version = version
        self.rows: dict[int, Row] = {}
        self.frequencies: dict[str, int] = {}
        sets: dict[tuple[str, str], list[int]] = defaultdict(list)
        points: list[tuple[float, float, int]] = []
        for record in records:
            number = record.number
            located = tuple(Point(lat, lon) for lat, lon in record.points)
            self.rows[number] = Row(record.id, record.title, record.checked, located)
            points.extend((point.lat, point.lon, number) for point in located)
            memberships = [(name, value) for name, values in record.facets.items() for value in values]
            memberships += [("=language", language) for language in record.languages]
            memberships += [("=name", name) for name in record.names]
            memberships += [("=region", Region.NATIONWIDE)] * record.is_nationwide
            memberships += [("=region", Region.REMOTE)] * record.is_remote
            for key in memberships:
                sets[key].append(number)
        self.size = max(self.rows, default=0)
        self.everything = bits_of(self.rows, self.size)
        self._sets = {key: bits_of(numbers, self.size) for key, numbers in sets.items()}
        self._values: dict[str, list[str]] = defaultdict(list)
        for name, value in sorted(self._sets):
            self._values[name].append(value)
        self._points = sorted(points)

    def having(self, facet: str, value: str) -> int:
        return self._sets.get((facet, value), 0)

    def written_in(self, language: str) -> int:
        return self._sets.get(("=language", language), 0)

    def named(self, name: str) -> int:
        return self._sets.get(("=name", name), 0)

    def in_region(self, region: Region) -> int:
        return self._sets.get(("=region", region), 0)

    def within(self, centre: Point, radius_km: float) -> int:
        """Documents with a point inside the circle: a band of latitudes first, then the distance."""
        reach = radius_km / KM_PER_DEGREE
        first = bisect_left(self._points, (centre.lat - reach,))
        last = bisect_right(self._points, (centre.lat + reach, math.inf))
        near = (n for lat, lon, n in self._points[first:last] if haversine_km(centre, Point(lat, lon)) <= radius_km)
        return bits_of(near, self.size)

    def distance_km(self, number: int, centre: Point) -> float | None:
        return min((haversine_km(centre, point) for point in self.rows[number].points), default=None)

    def chosen(self, facet: str, values: Iterable[str]) -> int:
        """Documents that agree with the choices made in one facet."""
        sets = [self.having(facet, value) for value in values]
        return reduce(and_, sets, self.everything) if FACETS[facet].needs_all else reduce(or_, sets, 0)

    def count(self, facet: str, base: int, chosen: tuple[str, ...]) -> Facet:
        """Counts of a facet's values within `base`, which the facet's own choices have not narrowed."""
        if FACETS[facet].needs_all:
            base &= self.chosen(facet, chosen)
        counted = []
        for value in dict.fromkeys([*chosen, *self._values.get(facet, ())]):
            count = (self.having(facet, value) & base).bit_count()
            if count or value in chosen:
                counted.append(FacetValue(value, count, value in chosen))
        counted.sort(key=lambda one: (-one.count, one.value))
        return Facet(facet, tuple(counted))
