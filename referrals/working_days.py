"""Working days in Finland: Monday to Friday, less public holidays and the two eves that are days off. Pure.

Midsummer Eve and Christmas Eve are among the holidays of python-holidays, which directory.hours reads.
"""

import datetime

from directory.hours import is_public_holiday


def is_working_day(day: datetime.date) -> bool:
    """Whether offices are open on a day."""
    return day.isoweekday() <= 5 and not is_public_holiday(day)


def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """How many working days have begun after `start`, up to and with `end`; 0 when end is not later."""
    span = max((end - start).days, 0)
    return sum(is_working_day(start + datetime.timedelta(days=offset)) for offset in range(1, span + 1))
