"""Enquiries of a period counted into groups, and what of it may be told. Pure: no database, no words.

What adds up to what is written down here; what must not be told because of that is reckoned in
referrals.figures.protection, over everything at once: the whole, its areas, and in both the same divisions.
"""

import math
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from referrals.figures.deducing import Sum
from referrals.figures.protection import Count, withheld


class Measure(StrEnum):
    """What is counted of an enquiry."""

    SENT = "sent"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    WENT_ON = "went_on"
    DECLINED = "declined"
    # Neither: not answered, taken back, withdrawn, or still open when the quarter was told.
    UNDECIDED = "undecided"
    # Not answered in time, even if later.
    SILENT = "silent"
    # The person told how it was, and that it was good.
    RATED = "rated"
    GOOD = "good"
    # The rest of each: in no table, but anybody can take the difference.
    NOT_ARRIVED = "not_arrived"
    NOT_WENT_ON = "not_went_on"
    NOT_SILENT = "not_silent"
    NOT_RATED = "not_rated"
    NOT_GOOD = "not_good"


_M = Measure
# Each of the first is one of the others.
SPLITS: dict[Measure, list[tuple[Measure, ...]]] = {
    _M.SENT: [(_M.ACCEPTED, _M.DECLINED, _M.UNDECIDED), (_M.SILENT, _M.NOT_SILENT), (_M.RATED, _M.NOT_RATED)],
    _M.ACCEPTED: [(_M.ARRIVED, _M.NOT_ARRIVED)],
    _M.ARRIVED: [(_M.WENT_ON, _M.NOT_WENT_ON)],
    _M.RATED: [(_M.GOOD, _M.NOT_GOOD)],
}
IN_NO_TABLE = frozenset({_M.NOT_ARRIVED, _M.NOT_WENT_ON, _M.NOT_SILENT, _M.NOT_RATED, _M.NOT_GOOD})

# The area that is all areas; "" is that of organisations without one.
EVERYWHERE = "*"


class By(StrEnum):
    """The ways in which figures are divided."""

    # Not at all.
    ALL = "all"
    STAGE = "stage"
    TOPIC = "topic"
    KIND = "kind"
    ORGANISATION = "organisation"
    # Of the declined alone.
    REASON = "reason"
    # The listings without a topic: in no table, but anybody can take the difference.
    NOT_TOPIC = "not_topic"


class Group(NamedTuple):
    """Enquiries that are counted together. code: of the stage, the topic …; "" of all."""

    area: str
    by: By
    code: str = ""


class Enquired(NamedTuple):
    """One enquiry as it is counted. people: the share of a person that it stands for at least."""

    area: str
    stage: str
    kind: str
    organisation: str
    topics: tuple[str, ...]
    is_accepted: bool
    has_arrived: bool
    went_on: bool
    # Why it was declined; empty: it was not.
    declined_for: str
    was_silent: bool
    was_rated: bool
    was_good: bool
    reply_days: int | None
    people: Fraction

    @property
    def measures(self) -> Iterator[Measure]:
        """All that it counts as."""
        yield _M.SENT
        if self.declined_for:
            yield _M.DECLINED
        elif self.is_accepted:
            yield _M.ACCEPTED
            yield _M.ARRIVED if self.has_arrived else _M.NOT_ARRIVED
            if self.has_arrived:
                yield _M.WENT_ON if self.went_on else _M.NOT_WENT_ON
        else:
            yield _M.UNDECIDED
        yield _M.SILENT if self.was_silent else _M.NOT_SILENT
        yield _M.RATED if self.was_rated else _M.NOT_RATED
        if self.was_rated:
            yield _M.GOOD if self.was_good else _M.NOT_GOOD

    def groups(self, area: str) -> Iterator[Group]:
        """Where it is counted in an area, or everywhere."""
        yield Group(area, By.ALL)
        yield Group(area, By.STAGE, self.stage)
        yield Group(area, By.KIND, self.kind)
        for topic in self.topics:
            yield Group(area, By.TOPIC, topic)
        if area != EVERYWHERE:
            yield Group(area, By.ORGANISATION, self.organisation)


class Cell(NamedTuple):
    """One number of a table."""

    group: Group
    measure: Measure


@dataclass(frozen=True)
class Told:
    """What may be told. reply_days: the median of the working days to the first answer, rounded up."""

    counts: dict[Cell, int] = field(default_factory=dict)
    reply_days: dict[Group, int] = field(default_factory=dict)

    def groups(self, area: str, by: By) -> list[Group]:
        """The groups of a division that are told of at all, the largest first."""
        found = [
            (-count, cell.group)
            for cell, count in self.counts.items()
            if cell.measure is _M.SENT and cell.group.area == area and cell.group.by is by
        ]
        return [group for _count, group in sorted(found)]

    def areas(self) -> list[Group]:
        """The areas that are told of at all, the largest first."""
        wholes = [group for each in {cell.group.area for cell in self.counts} for group in self.groups(each, By.ALL)]
        found = [group for group in wholes if group.area != EVERYWHERE]
        return sorted(found, key=lambda group: (-self.counts[Cell(group, _M.SENT)], group))

    def as_json(self) -> dict[str, list[list[object]]]:
        """To be stored."""
        return {
            "counts": [[*cell.group, cell.measure, count] for cell, count in self.counts.items()],
            "reply_days": [[*group, days] for group, days in self.reply_days.items()],
        }

    @classmethod
    def from_json(cls, stored: dict[str, list[list[object]]]) -> "Told":
        """What was stored."""
        counts = {}
        for area, by, code, measure, count in stored["counts"]:
            counts[Cell(Group(str(area), By(str(by)), str(code)), Measure(str(measure)))] = int(str(count))
        reply_days = {}
        for area, by, code, days in stored["reply_days"]:
            reply_days[Group(str(area), By(str(by)), str(code))] = int(str(days))
        return cls(counts, reply_days)


def told_of(enquiries: Iterable[Enquired], *, smallest: int) -> Told:
    """What may be told of these enquiries, all of one period."""
    table = _Table()
    for each in enquiries:
        table.add(each)
    table.finish()
    sums = list(table.sums())
    hidden = [cell for cell in table.counts if cell.measure in IN_NO_TABLE or cell.group.by is By.NOT_TOPIC]
    wholes = [cell for cell in table.counts if cell.group.by is By.ALL]
    gone = withheld(table.counts, sums, smallest=smallest, hidden=hidden, last=wholes)
    counts = {
        cell: count.value
        for cell, count in table.counts.items()
        if cell not in gone and Cell(cell.group, _first(cell.group)) not in gone
    }
    replies = {
        group: usual
        for group, found in table.replies.items()
        if Cell(group, _M.SENT) in counts and (usual := usual_days(found, smallest=smallest)) is not None
    }
    return Told(counts, replies)


def usual_days(replies: Iterable[tuple[int, Fraction]], *, smallest: int) -> int | None:
    """The median of (working days, people), rounded up; None when it comes from too few."""
    found = list(replies)
    if sum(people for _days, people in found) < smallest:
        return None
    return math.ceil(statistics.median(days for days, _people in found))


def _first(group: Group) -> Measure:
    """The measure without which nothing is told of a group."""
    return _M.DECLINED if group.by is By.REASON else _M.SENT


@dataclass
class _Table:
    """The counting, and what adds up to what."""

    counts: dict[Cell, Count] = field(default_factory=dict)
    replies: dict[Group, list[tuple[int, Fraction]]] = field(default_factory=dict)

    def add(self, each: Enquired) -> None:
        for area in (EVERYWHERE, each.area):
            for group in each.groups(area):
                if Cell(group, _M.SENT) not in self.counts:
                    # Zeros are counts too.
                    self.counts |= {Cell(group, measure): Count(0, Fraction()) for measure in Measure}
                for measure in each.measures:
                    self._count(Cell(group, measure), 1, each.people)
                if each.reply_days is not None:
                    self.replies.setdefault(group, []).append((each.reply_days, each.people))
            if each.declined_for:
                self._count(Cell(Group(area, By.REASON, each.declined_for), _M.DECLINED), 1, each.people)

    def finish(self) -> None:
        """Count what the topics leave over."""
        for cell, count in list(self.counts.items()):
            area, by, code = cell.group
            if by is By.TOPIC:
                whole = self.counts[Cell(Group(area, By.ALL), cell.measure)]
                rest = Cell(Group(area, By.NOT_TOPIC, code), cell.measure)
                self._count(rest, whole.value - count.value, whole.people - count.people)

    def sums(self) -> Iterator[Sum]:
        """All that adds up."""
        within: dict[tuple[Cell, By], list[Cell]] = {}
        over_areas: dict[Cell, list[Cell]] = {}
        for cell in self.counts:
            (area, by, code), measure = cell
            whole = Cell(Group(area, By.ALL), measure)
            if by is By.TOPIC:
                yield Sum(whole, (cell, Cell(Group(area, By.NOT_TOPIC, code), measure)))
            elif by not in (By.ALL, By.NOT_TOPIC):
                within.setdefault((whole, by), []).append(cell)
            if area != EVERYWHERE and by not in (By.ORGANISATION, By.NOT_TOPIC):
                over_areas.setdefault(Cell(Group(EVERYWHERE, by, code), measure), []).append(cell)
            if by not in (By.REASON, By.NOT_TOPIC):
                for parts in SPLITS.get(measure, []):
                    yield Sum(cell, tuple(Cell(cell.group, part) for part in parts))
        for (whole, _by), parts_found in within.items():
            yield Sum(whole, tuple(parts_found))
        for whole, parts_found in over_areas.items():
            yield Sum(whole, tuple(parts_found))

    def _count(self, cell: Cell, value: int, people: int | Fraction) -> None:
        before = self.counts.get(cell, Count(0, Fraction()))
        self.counts[cell] = Count(before.value + value, before.people + people)
