"""Working days of Finland: holidays that move, eves that are days off, and counting between two days."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.working_days import is_working_day, working_days_between
from tests.referrals.days_off import is_at_work

DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2060, 12, 31))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-01",  # New Year's Day
        "2027-01-06",  # Epiphany
        "2027-03-26",  # Good Friday
        "2027-03-29",  # Easter Monday
        "2026-05-01",  # May Day
        "2027-05-06",  # Ascension Day
        "2027-06-25",  # Midsummer Eve
        "2027-12-06",  # Independence Day
        "2027-12-24",  # Christmas Eve
        "2028-12-25",  # Christmas Day
        "2028-12-26",  # St Stephen's Day
        "2027-03-27",  # a Saturday
        "2027-02-28",  # a Sunday
    ],
)
def test_nobody_is_at_work(text: str) -> None:
    assert not is_working_day(day(text))


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-25",  # Maundy Thursday
        "2027-04-30",  # May Day Eve
        "2027-05-07",  # the Friday after Ascension Day
        "2027-06-24",  # the Thursday before Midsummer
        "2027-12-23",
        "2027-12-27",
        "2027-12-31",  # New Year's Eve
        "2028-02-29",
    ],
)
def test_people_are_at_work(text: str) -> None:
    assert is_working_day(day(text))


@given(DAYS)
def test_the_calendar_is_that_of_the_law(one: datetime.date) -> None:
    assert is_working_day(one) == is_at_work(one)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2027-03-01", 3, "2027-03-04"),
        # Over a weekend; begun on one.
        ("2027-03-04", 3, "2027-03-09"),
        ("2027-03-06", 3, "2027-03-10"),
        # Easter takes two days, Midsummer one.
        ("2027-03-24", 3, "2027-03-31"),
        ("2027-06-23", 3, "2027-06-29"),
        # Christmas on a weekend takes its eve alone; in the middle of a week it takes three days.
        ("2027-12-22", 3, "2027-12-28"),
        ("2029-12-21", 3, "2029-12-31"),
        ("2029-12-23", 3, "2029-12-31"),
        # Independence Day on a Monday; New Year and Epiphany.
        ("2027-12-02", 3, "2027-12-08"),
        ("2026-12-30", 3, "2027-01-05"),
        # The clock is put forward and back on these Sundays.
        ("2027-10-29", 3, "2027-11-03"),
        ("2026-03-27", 3, "2026-04-01"),
        ("2027-03-01", 0, "2027-03-01"),
    ],
)
def test_the_day_on_which_so_many_have_begun(start: str, count: int, end: str) -> None:
    assert working_days_between(day(start), day(end)) == count
    assert count == 0 or working_days_between(day(start), day(end) - datetime.timedelta(days=1)) == count - 1


@given(DAYS, DAYS, DAYS)
def test_counting_adds_up(one: datetime.date, two: datetime.date, three: datetime.date) -> None:
    first, middle, last = sorted([one, two, three])
    # Far apart it takes long and tells no more.
    middle = min(middle, first + datetime.timedelta(days=90))
    last = min(last, middle + datetime.timedelta(days=90))
    whole = working_days_between(first, last)
    assert whole == working_days_between(first, middle) + working_days_between(middle, last)
    assert working_days_between(last, first) == 0
