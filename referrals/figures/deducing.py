"""What somebody can work out who reads tables that add up. Pure: no database, no words.

A reader knows some counts, knows what is the sum of what, and knows that no count is negative. For each count that only
one number fits, it is also told which sums lead there: who wants to keep it has to take something away from those.
"""

import heapq
import random
from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Key = Hashable

# Elimination is done in the numbers modulo a prime: exact, and far larger than any determinant of sums.
_PRIME = 2**61 - 1


@dataclass(frozen=True)
class Sum:
    """total = the sum of its parts, and whoever reads the tables knows that."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def cells(self) -> tuple[Key, ...]:
        """All that it is about."""
        return (self.total, *self.parts)


@dataclass
class Reader:
    """Somebody who is told some counts. known: those, and all that has been worked out from them so far."""

    told: Mapping[Key, int]
    sums: Sequence[Sum]
    known: dict[Key, int] = field(init=False)
    # The sums (their numbers) that said something about a count that was not told.
    _reasons: dict[Key, set[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.known = dict(self.told)

    def solve(self) -> None:
        """Work out what the sums determine together, whatever combination of them it takes.

        A count is determined when it is the same in all solutions; two solutions with random numbers for what is free
        to choose differ in all that is not.
        """
        cells = dict.fromkeys(cell for each in self.sums for cell in each.cells)
        unknown = [cell for cell in cells if cell not in self.known]
        column = {cell: number for number, cell in enumerate(unknown)}
        rows = []
        for number, each in enumerate(self.sums):
            values = {column[part]: 1 for part in each.parts if part in column}
            constant = -sum(self.known[part] for part in each.parts if part not in column)
            if each.total in column:
                values[column[each.total]] = _PRIME - 1
            else:
                constant += self.known[each.total]
            if values:
                rows.append(_Row(values, constant, {number}))
        steps = _eliminate(rows)
        chance = random.Random(len(rows))  # noqa: S311 no secret: the same every time
        first, second = ([chance.randrange(_PRIME) for _ in unknown] for _ in range(2))
        for pivot, row in reversed(steps):
            inverse = pow(row.values[pivot], -1, _PRIME)
            for numbers in (first, second):
                others = sum(factor * numbers[each] for each, factor in row.values.items() if each != pivot)
                numbers[pivot] = (row.constant - others) * inverse % _PRIME
        row_of = dict(steps)
        for cell, at in column.items():
            if first[at] == second[at]:
                self.known[cell] = first[at]
                self._reasons.setdefault(cell, set()).update(_behind(at, row_of))

    def narrow(self) -> None:
        """Work out what the sums tell one by one, again and again, when no count is negative."""
        low: dict[Key, int] = {}
        # None: nothing is known of how large it can be.
        high: dict[Key, int | None] = {}
        sums_of: dict[Key, list[int]] = {}
        for number, each in enumerate(self.sums):
            for cell in each.cells:
                if cell not in low:
                    low[cell], high[cell] = self.known.get(cell, 0), self.known.get(cell)
                    sums_of[cell] = []
                sums_of[cell].append(number)
        waiting = deque(range(len(self.sums)))
        is_waiting = set(waiting)
        while waiting:
            number = waiting.popleft()
            is_waiting.discard(number)
            for cell in _narrow(self.sums[number], low, high):
                self._reasons.setdefault(cell, set()).add(number)
                for again in sums_of[cell]:
                    if again not in is_waiting:
                        is_waiting.add(again)
                        waiting.append(again)
        self.known.update({cell: low[cell] for cell in low if low[cell] == high[cell]})

    def look_at_all(self) -> None:
        """Work out all there is: by combinations of sums, and by bounds."""
        while True:
            before = len(self.known)
            self.solve()
            self.narrow()
            if len(self.known) == before:
                return

    def sums_behind(self, cells: Iterable[Key], numbers: Iterable[int] = ()) -> set[int]:
        """The sums that were needed to work these counts out, and those that these sums (by number) rest on."""
        found = set(numbers)
        waiting = [*cells, *(cell for number in found for cell in self.sums[number].cells if cell in self.known)]
        seen = set()
        while waiting:
            cell = waiting.pop()
            if cell in seen or cell in self.told:
                continue
            seen.add(cell)
            for number in self._reasons.get(cell, ()):
                found.add(number)
                waiting += self.sums[number].cells
        return found


def _narrow(each: Sum, low: dict[Key, int], high: dict[Key, int | None]) -> list[Key]:
    """Narrow the bounds of a sum's cells by each other: those that changed."""
    lows = sum(low[part] for part in each.parts)
    highs = sum(high[part] or 0 for part in each.parts)
    boundless = {part for part in each.parts if high[part] is None}
    total_low, total_high = low[each.total], high[each.total]
    news: list[tuple[Key, int | None, int | None]] = [(each.total, lows, None if boundless else highs)]
    for part in each.parts:
        part_high = high[part]
        at_least = None if boundless - {part} else total_low - (highs - (part_high or 0))
        at_most = None if total_high is None else total_high - (lows - low[part])
        news.append((part, at_least, at_most))
    changed = []
    for cell, at_least, at_most in news:
        before, now = (low[cell], high[cell]), high[cell]
        if at_least is not None:
            low[cell] = max(low[cell], at_least)
        if at_most is not None:
            high[cell] = at_most if now is None else min(now, at_most)
        if before != (low[cell], high[cell]):
            changed.append(cell)
    return changed


# --- Elimination ------------------------------------------------------------------------------------------------------
@dataclass
class _Row:
    """An equation: the factors of its columns, its constant, and the sums that it was made of."""

    values: dict[int, int]
    constant: int
    numbers: set[int]


def _eliminate(rows: list[_Row]) -> list[tuple[int, _Row]]:
    """(pivot, row) of each step of Gauss's elimination, the columns in the fewest rows first: so few rows grow."""
    rows_of: dict[int, set[int]] = {}
    for number, row in enumerate(rows):
        for column in row.values:
            rows_of.setdefault(column, set()).add(number)
    queue = [(len(found), column) for column, found in rows_of.items()]
    heapq.heapify(queue)
    steps = []
    while queue:
        length, pivot = heapq.heappop(queue)
        found = rows_of[pivot]
        if not found:
            continue
        if length != len(found):
            heapq.heappush(queue, (len(found), pivot))
            continue
        chosen = min(found, key=lambda number: (len(rows[number].values), number))
        row = rows[chosen]
        for column in row.values:
            rows_of[column].discard(chosen)
        for number in sorted(found):
            for column, is_there in _subtract(rows[number], row, pivot).items():
                (rows_of[column].add if is_there else rows_of[column].discard)(number)
        steps.append((pivot, row))
    return steps


def _subtract(row: _Row, other: _Row, pivot: int) -> dict[int, bool]:
    """Take so much of another row away that the pivot falls out: the columns touched, and whether they are still in."""
    factor = row.values[pivot] * pow(other.values[pivot], -1, _PRIME) % _PRIME
    touched = {}
    for column, value in other.values.items():
        new = (row.values.pop(column, 0) - factor * value) % _PRIME
        if new:
            row.values[column] = new
        touched[column] = bool(new)
    row.constant = (row.constant - factor * other.constant) % _PRIME
    row.numbers |= other.numbers
    return touched


def _behind(at: int, row_of: Mapping[int, _Row]) -> set[int]:
    """The sums behind a column that is determined."""
    numbers: set[int] = set()
    seen: set[int] = set()
    waiting = [at]
    while waiting:
        column = waiting.pop()
        if column not in seen and column in row_of:
            seen.add(column)
            numbers |= row_of[column].numbers
            waiting += row_of[column].values
    return numbers
