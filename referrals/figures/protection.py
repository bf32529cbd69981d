"""Which figures of tables may be told when what few people did is told to nobody. Pure: no database, no words.

A table tells counts, and counts add up: rows to a total, organisations to their county, stages to all. So it is not
enough to leave out what is small; what is left must not give it away. The rules, with `smallest` (the product's one
threshold) as an argument:

- A count is *small* when it comes from at least one person and from fewer than `smallest`. Small counts are not told.
- Zero is told, because it is a word about everybody in the group around it, and that group is no small one. Where it
  is (the zero is a part of a small count, whose few would be told not to have done it), the zero is not told either.
- Of a sum that is known, what is not known must together come from at least `smallest` people, or from none.
- Nobody can work a small count out: not from any combination of the sums, and not from counts never being negative
  (referrals.figures.deducing). Where somebody could, further counts that it takes are left out, always that of the
  fewest people, until nobody can.

All that anybody is told goes into one reckoning, so that two people who see different tables of it learn no more
together than apart. What is outside it (other periods, what somebody happens to know of one person) is not reckoned
with: periods must not overlap, and must not change once they are told (referrals.figures.quarters).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from referrals.figures.deducing import Key, Reader, Sum


@dataclass(frozen=True)
class Count:
    """A count. people: from how many it comes at least; counts of different things add up in both."""

    value: int
    people: int | Fraction

    def is_small(self, smallest: int) -> bool:
        """Whether it comes from somebody, and from too few."""
        return 0 < self.people < smallest


def withheld(
    counts: Mapping[Any, Count],
    sums: Sequence[Sum],
    *,
    smallest: int,
    hidden: Collection[Key] = (),
    last: Collection[Key] = (),
) -> frozenset[Key]:
    """The cells that must not be told. The same input gives the same answer.

    hidden: cells that stand in no table, and that nobody must work out all the same («accepted but did not come»).
    last: cells that people miss most, to be left out only when nothing else helps. Raises ValueError when a sum does
    not add up.
    """
    for each in sums:
        if counts[each.total].value != sum(counts[part].value for part in each.parts):
            raise ValueError(f"{each.total} is not the sum of its parts")
    keeping = _Keeping(counts, sums, smallest, {*_small(counts, sums, smallest), *hidden}, frozenset(last))
    while keeping.withhold_more():
        pass
    return frozenset(keeping.gone)


def _small(counts: Mapping[Key, Count], sums: Sequence[Sum], smallest: int) -> set[Key]:
    """The small ones, and whatever is a part of one."""
    parts_of: dict[Key, list[Key]] = {}
    for each in sums:
        parts_of.setdefault(each.total, []).extend(each.parts)
    found: set[Key] = set()
    waiting = [cell for cell, count in counts.items() if count.is_small(smallest)]
    while waiting:
        cell = waiting.pop()
        if cell not in found:
            found.add(cell)
            waiting += parts_of.get(cell, [])
    return found


@dataclass
class _Keeping:
    """The search for what else must not be told."""

    counts: Mapping[Key, Count]
    sums: Sequence[Sum]
    smallest: int
    gone: set[Key]
    last: frozenset[Key]

    def __post_init__(self) -> None:
        # Whatever is chosen is chosen by this order where people are as many.
        self.place = {cell: number for number, cell in enumerate(self.counts)}

    def withhold_more(self) -> bool:
        """Look for what gives something away, and withhold against it; False when nothing does."""
        reader = Reader({cell: count.value for cell, count in self.counts.items() if cell not in self.gone}, self.sums)
        # What is told too much is found more exactly by the sums alone; bounds are asked when that finds nothing.
        reader.solve()
        leaks = self._leaks(reader)
        if not leaks:
            reader.look_at_all()
            leaks = self._leaks(reader)
        chosen: set[Key] = set()
        for numbers in leaks:
            told = self._told_in(numbers)
            # What one choice has mended needs no other.
            if chosen.isdisjoint(told):
                chosen.add(min(told, key=self._loss))
        self.gone |= chosen
        return bool(leaks)

    def _leaks(self, reader: Reader) -> list[set[int]]:
        """The sums (their numbers) behind each thing that is given away."""
        found = []
        for number, each in enumerate(self.sums):
            if each.total in reader.known:
                rest = sum((self.counts[part].people for part in each.parts if part not in reader.known), Fraction())
                if 0 < rest < self.smallest:
                    found.append(reader.sums_behind((), [number]))
        found += [
            reader.sums_behind([cell])
            for cell in self.gone
            if cell in reader.known and self.counts[cell].is_small(self.smallest)
        ]
        return sorted(found, key=sorted)

    def _told_in(self, numbers: Iterable[int]) -> set[Key]:
        """The counts of these sums that are told and not nothing."""
        cells = {cell for number in numbers for cell in self.sums[number].cells}
        return {cell for cell in cells if cell not in self.gone and self.counts[cell].people}

    def _loss(self, cell: Key) -> tuple[bool, int | Fraction, int]:
        """How much is lost when a cell is not told."""
        return cell in self.last, self.counts[cell].people, self.place[cell]
