"""The periods that figures are told of: calendar quarters by the month of sending, once they are settled. Pure.

A quarter is told when it has ended and SETTLING_MONTHS more have passed, so that what was sent last has had its time
too. Figures that moved with each event would tell the latest one to whoever looked the day before, and so would periods
that overlap; so a quarter is reckoned once, and stays as it was told (referrals.figures.telling).
"""

import datetime
from dataclasses import dataclass

SETTLING_MONTHS = 2
# Told are so many at most: well within the time that tallies are kept (referrals.retention), so that none is reckoned
# when a part of it has been removed.
TOLD_QUARTERS = 12


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a calendar year. number: 1 to 4."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """«2026-3»: how addresses and files name it."""
        return f"{self.year}-{self.number}"

    @property
    def first_month(self) -> datetime.date:
        """The first day of its first month."""
        return datetime.date(self.year, self.number * 3 - 2, 1)

    @property
    def last_month(self) -> datetime.date:
        """The first day of its last month."""
        return datetime.date(self.year, self.number * 3, 1)

    @property
    def told_from(self) -> datetime.date:
        """The first day on which it may be told."""
        years, index = divmod(self.number * 3 + SETTLING_MONTHS, 12)
        return datetime.date(self.year + years, index + 1, 1)

    def before(self) -> "Quarter":
        """The quarter before."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)


def quarter_of(day: datetime.date) -> Quarter:
    """The quarter that a day belongs to."""
    return Quarter(day.year, (day.month + 2) // 3)


def told_quarters(today: datetime.date, count: int = TOLD_QUARTERS) -> list[Quarter]:
    """The latest quarters that may be told, the latest first."""
    latest = quarter_of(today).before()
    while latest.told_from > today:
        latest = latest.before()
    quarters = [latest]
    while len(quarters) < count:
        quarters.append(quarters[-1].before())
    return quarters


def next_told(today: datetime.date) -> Quarter:
    """The quarter that is told next."""
    following = quarter_of(today)
    while following.before().told_from > today:
        following = following.before()
    return following
