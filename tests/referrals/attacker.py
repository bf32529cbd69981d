"""Somebody who takes every number that is told and works out the others. Shares no code with what protects them."""

import math
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

# total, parts
Equation = tuple[Hashable, Sequence[Hashable]]


def worked_out(told: Mapping[Hashable, int], equations: Sequence[Equation]) -> dict[Hashable, int]:
    """Every number that only one value fits: by solving all equations, and by no number being negative."""
    known: dict[Hashable, Fraction] = {cell: Fraction(value) for cell, value in told.items()}
    while True:
        before = len(known)
        known |= _solved(known, equations)
        known |= _squeezed(known, equations)
        if len(known) == before:
            return {cell: int(value) for cell, value in known.items()}


def _solved(known: Mapping[Hashable, Fraction], equations: Sequence[Equation]) -> dict[Hashable, Fraction]:
    """By Gauss and Jordan: a row with one unknown left tells it. None: the column of the constants."""
    rows: list[dict[Hashable | None, Fraction]] = []
    for total, parts in equations:
        row: dict[Hashable | None, Fraction] = {}
        for cell, sign in [(total, -1), *((part, 1) for part in parts)]:
            if cell in known:
                _add(row, None, -sign * known[cell])
            else:
                _add(row, cell, Fraction(sign))
        rows.append(row)
    solved: dict[Hashable, dict[Hashable | None, Fraction]] = {}
    for row in rows:
        for cell in [cell for cell in row if cell in solved]:
            _take_away(row, solved[cell], cell)
        pivot = next((cell for cell in row if cell is not None), None)
        if pivot is not None:
            first = row[pivot]
            row = {cell: factor / first for cell, factor in row.items()}
            for other in solved.values():
                if pivot in other:
                    _take_away(other, row, pivot)
            solved[pivot] = row
    return {pivot: row.get(None, Fraction()) for pivot, row in solved.items() if set(row) <= {pivot, None}}


def _take_away(row: dict[Hashable | None, Fraction], other: dict[Hashable | None, Fraction], pivot: Hashable) -> None:
    factor = row[pivot]
    for cell, value in other.items():
        _add(row, cell, -factor * value)


def _add(row: dict[Hashable | None, Fraction], cell: Hashable | None, value: Fraction) -> None:
    row[cell] = row.get(cell, Fraction()) + value
    if not row[cell]:
        del row[cell]


def _squeezed(known: Mapping[Hashable, Fraction], equations: Sequence[Equation]) -> dict[Hashable, Fraction]:
    """By bounds: nothing is below zero, and no part is above what the others leave."""
    bounds: dict[Hashable, tuple[float | Fraction, float | Fraction]] = {}
    for total, parts in equations:
        for cell in (total, *parts):
            bounds[cell] = (known[cell], known[cell]) if cell in known else (Fraction(), math.inf)
    while True:
        before = dict(bounds)
        for total, parts in equations:
            low, high = (sum(bounds[part][side] for part in parts) for side in (0, 1))
            bounds[total] = max(bounds[total][0], low), min(bounds[total][1], high)
            for part in parts:
                others = [bounds[other] for other in parts if other != part]
                least = bounds[total][0] - sum(each[1] for each in others)
                most = bounds[total][1] - sum(each[0] for each in others)
                bounds[part] = max(bounds[part][0], least), min(bounds[part][1], most)
        if bounds == before:
            return {cell: low for cell, (low, high) in bounds.items() if low == high and cell not in known}
