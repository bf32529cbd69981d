"""Open now, and the week in rows: pure functions of hours, exceptions and a moment. Europe/Helsinki, Finnish holidays.

Times are local wall-clock times (HSDS's numeric timezone is wrong half the year). A span that closes before it opens
runs over midnight.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import holidays


class Span(Protocol):
    """A weekly opening span: directory.models.OpeningHours, or anything with its attributes."""

    weekday: int
    opens: datetime.time
    closes: datetime.time

    def holds_on(self, day: datetime.date) -> bool: ...


class DayException(Protocol):
    """Days when the weekly hours do not hold: directory.models.OpeningException."""

    date_from: datetime.date
    date_to: datetime.date
    is_closed: bool
    opens: datetime.time | None
    closes: datetime.time | None


@dataclass(frozen=True)
class OpenState:
    """Whether it is open at a moment, and until when, or when it opens next (within a week)."""

    is_open: bool
    closes_at: datetime.datetime | None = None
    opens_at: datetime.datetime | None = None


@lru_cache(maxsize=16)
def public_holidays(year: int) -> dict[datetime.date, str]:
    """Finnish public holidays of a year, by name."""
    return dict(holidays.country_holidays("FI", years=year).items())


def is_public_holiday(day: datetime.date) -> bool:
    """Whether a day is a Finnish public holiday. Ordinary Sundays are none."""
    name = public_holidays(day.year).get(day)
    return bool(name) and name != "Sunnuntai"


def spans_of(
    day: datetime.date, hours: Iterable[Span], exceptions: Iterable[DayException]
) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """The open spans that begin on a day, as naive local datetimes, in order.

    An exception replaces the day's hours; of several the one for the fewest days (an open day in a closed summer).
    A public holiday closes the day unless an exception says otherwise: weekly hours are written for ordinary weeks.
    """
    on_day = [each for each in exceptions if each.date_from <= day <= each.date_to]
    if on_day:
        fewest = min(each.date_to - each.date_from for each in on_day)
        on_day = [each for each in on_day if each.date_to - each.date_from == fewest]
        if any(each.is_closed for each in on_day):
            return []
        return sorted({_span(day, each.opens, each.closes) for each in on_day if each.opens and each.closes})
    rows = [row for row in hours if row.weekday == day.isoweekday() and row.holds_on(day)]
    # What never closes is open on holidays too.
    if is_public_holiday(day) and not all(row.opens == row.closes for row in rows):
        return []
    return sorted({_span(day, row.opens, row.closes) for row in rows})


def _span(
    day: datetime.date, opens: datetime.time, closes: datetime.time
) -> tuple[datetime.datetime, datetime.datetime]:
    start, end = datetime.datetime.combine(day, opens), datetime.datetime.combine(day, closes)
    return (start, end) if end > start else (start, end + datetime.timedelta(days=1))


def open_state(now: datetime.datetime, hours: Sequence[Span], exceptions: Sequence[DayException]) -> OpenState | None:
    """Whether it is open at `now` (naive, local). None when no hours are told."""
    if not hours:
        return None
    days = [now.date() + datetime.timedelta(days=offset) for offset in range(-1, 8)]
    for start, end in _joined(span for day in days for span in spans_of(day, hours, exceptions)):
        if start <= now < end:
            return OpenState(is_open=True, closes_at=end)
        if start > now:
            return OpenState(is_open=False, opens_at=start)
    return OpenState(is_open=False)


def _joined(
    spans: Iterable[tuple[datetime.datetime, datetime.datetime]],
) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """Spans in order, those that follow each other without a break made one. 23.59 means midnight."""
    joined: list[tuple[datetime.datetime, datetime.datetime]] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] <= datetime.timedelta(minutes=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
