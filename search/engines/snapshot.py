"""What the embedded engine keeps in memory: which document has which facet value, as arrays.

A document is the number of its row. The values of row n are `codes[starts[n]:ends[n]]`, so counting every facet of some
thousand rows is one gathering and one count. A changed row gets new values at the end of the pool and leaves its old
ones to nobody (row 0, which no document has). Nothing is changed in place: another version is another Snapshot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.facets import FACETS
from search.query import Facet, FacetValue, Point, Region

Numbers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

EARTH_KM = 6_371.0
KM_PER_DEGREE = EARTH_KM * math.pi / 180
# Beside the facets: the languages a document is written in, from how far it can be had, and that it is stale.
LANGUAGE, REGION, STALE = "=language", "=region", "=stale"
YES = "1"
# A facet of few values is counted value by value: that is cheaper than gathering all the others' too.
FEW_VALUES = 16
NO_CODES: Numbers = np.zeros(0, np.int64)
# Masks of chosen values are kept for the next search: a hundred kilobytes each at 100,000 documents.
MOST_MASKS = 200


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the side table. `codes`, `points`: arrays as bytes (uint32; pairs of float64)."""

    number: int
    checked: int
    title_key: int
    codes: bytes
    points: bytes


class Snapshot:
    """One version of the index. Only `_masks` and `counted` fill up in use; both only remember what was asked."""

    def __init__(self, version: tuple[int, str], values: Sequence[tuple[str, str]], records: Iterable[Record]) -> None:
        """`values`: (facet, value) by code. `version`: the change this was read after, see embedded.py."""
        self.version = version
        self._start(values)
        self.starts = np.zeros(1, np.int64)
        self.ends = np.zeros(1, np.int64)
        self.checked = np.zeros(1, np.int32)
        self.title_key = np.zeros(1, np.int64)
        self.alive: Mask = np.zeros(1, np.bool_)
        self.codes = np.zeros(0, np.uint32)
        self.owners = np.zeros(0, np.int32)
        self.points = np.zeros((0, 2), np.float64)
        self.located = np.zeros(0, np.int32)
        self._put(list(records))

    def _start(self, values: Sequence[tuple[str, str]]) -> None:
        self.values = tuple(values)
        self._code = {pair: code for code, pair in enumerate(self.values)}
        # In the order of the values, so that equals in number are in order of name.
        codes: dict[str, list[int]] = {}
        for code in sorted(range(len(self.values)), key=lambda code: self.values[code]):
            codes.setdefault(self.values[code][0], []).append(code)
        self._codes_of = {facet: np.array(found, np.int64) for facet, found in codes.items()}
        self._masks: dict[tuple[str, str], Mask] = {}
        self.counted: dict[Any, Any] = {}

    def after(
        self,
        version: tuple[int, str],
        values: Sequence[tuple[str, str]],
        changed: Iterable[int],
        records: Iterable[Record],
    ) -> Snapshot:
        """The snapshot after these rows changed; `records`: those of them that still are."""
        later = object.__new__(Snapshot)
        later.version = version
        later._start(values)
        gone = [number for number in changed if number < self.size]
        for name in ("starts", "ends", "checked", "title_key", "alive", "owners", "located"):
            setattr(later, name, getattr(self, name).copy())
        later.codes, later.points = self.codes, self.points
        for number in gone:
            later.owners[later.starts[number] : later.ends[number]] = 0
        later.located[np.isin(later.located, gone)] = 0
        later.alive[gone] = False
        later.starts[gone] = later.ends[gone] = 0
        later._put(list(records))
        return later

    def _put(self, records: Sequence[Record]) -> None:
        if not records:
            return
        numbers = np.array([record.number for record in records], np.int64)
        size = max(self.size, int(numbers.max()) + 1)
        for name in ("starts", "ends", "checked", "title_key", "alive"):
            before = getattr(self, name)
            setattr(self, name, np.concatenate([before, np.zeros(size - len(before), before.dtype)]))
        codes = np.frombuffer(b"".join(record.codes for record in records), np.uint32)
        points = np.frombuffer(b"".join(record.points for record in records), np.float64).reshape(-1, 2)
        lengths = np.array([len(record.codes) // 4 for record in records], np.int64)
        ends = len(self.codes) + np.cumsum(lengths)
        self.ends[numbers], self.starts[numbers] = ends, ends - lengths
        self.checked[numbers] = [record.checked for record in records]
        self.title_key[numbers] = [record.title_key for record in records]
        self.alive[numbers] = True
        self.codes = np.concatenate([self.codes, codes])
        self.owners = np.concatenate([self.owners, np.repeat(numbers, lengths).astype(np.int32)])
        self.points = np.concatenate([self.points, points])
        located = np.repeat(numbers, [len(record.points) // 16 for record in records])
        self.located = np.concatenate([self.located, located.astype(np.int32)])

    @property
    def size(self) -> int:
        """One more than the greatest row number."""
        return len(self.starts)

    @property
    def is_wasteful(self) -> bool:
        """Whether most of the pool belongs to nobody: then it is cheaper to read everything anew."""
        return len(self.owners) > 10_000 and 2 * int(np.count_nonzero(self.owners)) < len(self.owners)

    # --- sets ------------------------------------------------------------------------------------------------------

    def known(self, numbers: Numbers) -> Numbers:
        """Those of these rows that are here. Others were written after this was read."""
        if len(numbers) and int(numbers.max()) >= self.size:
            numbers = numbers[numbers < self.size]
        return numbers[self.alive[numbers]]

    def mask_of(self, numbers: Iterable[int] | Numbers) -> Mask:
        """Row numbers as a mask. A number that is not here is left out: it was written after this was read."""
        mask = np.zeros(self.size, np.bool_)
        found = np.asarray(numbers, np.int64)
        mask[found[found < self.size]] = True
        return mask & self.alive

    def having(self, facet: str, value: str) -> Mask:
        """Documents that have a value. Not to be written to: it is kept."""
        key = (facet, value)
        mask = self._masks.get(key)
        if mask is None:
            mask = np.zeros(self.size, np.bool_)
            if (code := self._code.get(key)) is not None:
                mask[self.owners[self.codes == code]] = True
                mask[0] = False
            if len(self._masks) >= MOST_MASKS:
                self._masks.clear()
            self._masks[key] = mask
        return mask

    def written_in(self, language: str) -> Mask:
        return self.having(LANGUAGE, language)

    def in_region(self, region: Region) -> Mask:
        return self.having(REGION, region)

    @property
    def stale(self) -> Mask:
        """Documents that nobody has checked for long."""
        return self.having(STALE, YES)

    def chosen(self, facet: str, values: Iterable[str]) -> Mask:
        """Documents that agree with the choices made in one facet."""
        masks = [self.having(facet, value) for value in values]
        if FACETS[facet].needs_all:
            return np.logical_and.reduce([self.alive, *masks])
        if len(masks) == 1:
            return masks[0]
        return np.logical_or.reduce(masks) if masks else np.zeros(self.size, np.bool_)

    def within(self, centre: Point, radius_km: float) -> Mask:
        """Documents with a point inside the circle."""
        near = np.abs(self.points[:, 0] - centre.lat) <= radius_km / KM_PER_DEGREE
        near &= self.located > 0
        rows = self.located[near]
        return self.mask_of(rows[_kilometres(self.points[near], centre) <= radius_km])

    def distances_km(self, centre: Point) -> NDArray[np.float64]:
        """By row: from the centre to the nearest point of the document; infinite where it has none."""
        nearest = np.full(self.size, np.inf)
        np.minimum.at(nearest, self.located, _kilometres(self.points, centre))
        nearest[0] = np.inf
        return nearest

    # --- counts ----------------------------------------------------------------------------------------------------

    def counts(self, numbers: Numbers) -> NDArray[np.int64]:
        """How many of these documents have each value, by code."""
        starts = self.starts[numbers]
        lengths = self.ends[numbers] - starts
        before = np.cumsum(lengths) - lengths
        positions = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
        return np.bincount(self.codes[positions], minlength=len(self.values))

    def facet(self, name: str, counts: NDArray[np.int64], chosen: tuple[str, ...]) -> Facet:
        """A facet from the counts of all values; values that nothing has are shown only when chosen."""
        codes = self._codes_of.get(name, NO_CODES)
        found = counts[codes]
        order = np.argsort(-found, kind="stable")[: int(np.count_nonzero(found))]
        numbers, values = found[order].tolist(), self.values
        shown = [
            FacetValue(values[code][1], count, values[code][1] in chosen)
            for code, count in zip(codes[order].tolist(), numbers, strict=True)
        ]
        if chosen:
            there = {one.value for one in shown}
            shown += [FacetValue(value, 0, True) for value in sorted(set(chosen) - there)]
        return Facet(name, tuple(shown))

    def counts_of(self, name: str, numbers: Numbers) -> NDArray[np.int64]:
        """As `counts`, but only the values of one facet are sure to be counted."""
        codes = self._codes_of.get(name, NO_CODES)
        if len(codes) > FEW_VALUES:
            return self.counts(numbers)
        counts = np.zeros(len(self.values), np.int64)
        for code in codes.tolist():
            counts[code] = np.count_nonzero(self.having(*self.values[code])[numbers])
        return counts


def _kilometres(points: NDArray[np.float64], centre: Point) -> NDArray[np.float64]:
    """Great-circle distances of (latitude, longitude) rows from a point."""
    lat, lon = np.radians(points[:, 0]), np.radians(points[:, 1])
    here_lat, here_lon = math.radians(centre.lat), math.radians(centre.lon)
    half = np.sin((lat - here_lat) / 2) ** 2
    half += np.cos(lat) * math.cos(here_lat) * np.sin((lon - here_lon) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(half)))
