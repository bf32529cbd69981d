"""How fresh a listing is: pure functions of dates and periods. No database, no mail, no clock of its own.

A date is moved only when a person has checked the listing (../docs/architecture.md); an edit or an import is no check.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from directory.choices import Kind


class Freshness(StrEnum):
    """What a reader may think of a listing's date."""

    UNCHECKED = "unchecked"
    FRESH = "fresh"
    DUE = "due"
    OVERDUE = "overdue"
    STALE = "stale"


@dataclass(frozen=True)
class Periods:
    """Days since the last check after which a listing is due, overdue and stale."""

    due: int
    overdue: int
    stale: int


DEFAULT_PERIODS = Periods(due=240, overdue=330, stale=540)
# What changes every season is asked about sooner.
PERIODS: dict[str, Periods] = {
    Kind.EVENT: Periods(due=90, overdue=150, stale=240),
    Kind.COURSE: Periods(due=90, overdue=150, stale=240),
    Kind.PEER_GROUP: Periods(due=180, overdue=270, stale=365),
    Kind.VOLUNTEERING: Periods(due=180, overdue=270, stale=365),
}


def periods_of(kind: str) -> Periods:
    """The periods that hold for a kind of listing."""
    return PERIODS.get(kind, DEFAULT_PERIODS)


def freshness(checked_on: datetime.date | None, today: datetime.date, kind: str = "") -> Freshness:
    """How fresh a listing last checked on `checked_on` is on `today`."""
    if checked_on is None:
        return Freshness.UNCHECKED
    age, periods = (today - checked_on).days, periods_of(kind)
    if age >= periods.stale:
        return Freshness.STALE
    if age >= periods.overdue:
        return Freshness.OVERDUE
    if age >= periods.due:
        return Freshness.DUE
    return Freshness.FRESH


# From overdue on the public page says that the listing may be out of date.
WARNS = frozenset({Freshness.OVERDUE, Freshness.STALE})
