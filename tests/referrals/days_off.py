"""The days off of Finland, worked out here once more from the law: what the site says is compared with it."""

import datetime

from dateutil.easter import easter


def days_off(year: int) -> set[datetime.date]:
    """Public holidays, Midsummer Eve and Christmas Eve."""
    fixed = {(1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26)}
    from_easter = (-2, 0, 1, 39, 49)
    return (
        {datetime.date(year, month, day) for month, day in fixed}
        | {easter(year) + datetime.timedelta(days=days) for days in from_easter}
        | {_saturday(year, 6, 20) - datetime.timedelta(days=1), _saturday(year, 6, 20), _saturday(year, 10, 31)}
    )


def is_at_work(day: datetime.date) -> bool:
    """Whether offices are open."""
    return day.weekday() < 5 and day not in days_off(day.year)


def _saturday(year: int, month: int, day: int) -> datetime.date:
    """The Saturday on or after a day."""
    start = datetime.date(year, month, day)
    return start + datetime.timedelta(days=(5 - start.weekday()) % 7)
