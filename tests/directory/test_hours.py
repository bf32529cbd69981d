"""Open now: spans over midnight, exceptions, Finnish holidays, and what must hold for any hours."""

import datetime
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.hours import is_public_holiday, open_state, spans_of

MONDAY = datetime.date(2026, 11, 23)


@dataclass(frozen=True)
class Row:
    """What directory.models.OpeningHours has."""

    weekday: int
    opens: datetime.time
    closes: datetime.time
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None

    def holds_on(self, day: datetime.date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True)
class DayOff:
    """What directory.models.OpeningException has."""

    date_from: datetime.date
    date_to: datetime.date
    is_closed: bool = True
    opens: datetime.time | None = None
    closes: datetime.time | None = None


def at(text: str) -> datetime.datetime:
    """A moment: "2026-11-23 12:00"."""
    return datetime.datetime.fromisoformat(text)


def row(weekday: int, hours: str, **dates) -> Row:
    """Hours: "9:00-15:00"."""
    opens, closes = (datetime.datetime.strptime(each, "%H:%M").time() for each in hours.split("-"))
    return Row(weekday, opens, closes, **dates)


def day_off(first: str, last: str = "", hours: str = "") -> DayOff:
    start, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last or first)
    if not hours:
        return DayOff(start, end)
    span = row(1, hours)
    return DayOff(start, end, False, span.opens, span.closes)


WORKDAYS = [row(day, "9:00-15:00") for day in range(1, 6)]
ALWAYS = [row(day, "0:00-0:00") for day in range(1, 8)]
NIGHTS = [row(5, "18:00-2:00"), row(6, "18:00-2:00")]


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        (WORKDAYS, "2026-11-23 08:59", ("opens", "2026-11-23 09:00")),
        (WORKDAYS, "2026-11-23 09:00", ("closes", "2026-11-23 15:00")),
        (WORKDAYS, "2026-11-23 14:59", ("closes", "2026-11-23 15:00")),
        (WORKDAYS, "2026-11-23 15:00", ("opens", "2026-11-24 09:00")),
        # A weekend lies between.
        (WORKDAYS, "2026-11-27 16:00", ("opens", "2026-11-30 09:00")),
        # Over midnight: the night belongs to the day before.
        (NIGHTS, "2026-11-27 17:00", ("opens", "2026-11-27 18:00")),
        (NIGHTS, "2026-11-28 01:59", ("closes", "2026-11-28 02:00")),
        (NIGHTS, "2026-11-28 02:00", ("opens", "2026-11-28 18:00")),
        (NIGHTS, "2026-11-29 00:30", ("closes", "2026-11-29 02:00")),
        (NIGHTS, "2026-11-30 00:30", ("opens", "2026-12-04 18:00")),
        # A break for lunch.
        ([row(1, "9:00-11:00"), row(1, "12:00-15:00")], "2026-11-23 11:30", ("opens", "2026-11-23 12:00")),
        # Spans that meet or lap over are one.
        ([row(1, "9:00-12:00"), row(1, "12:00-15:00")], "2026-11-23 10:00", ("closes", "2026-11-23 15:00")),
        ([row(1, "9:00-13:00"), row(1, "12:00-15:00")], "2026-11-23 10:00", ("closes", "2026-11-23 15:00")),
        # Monday's whole day and Tuesday morning.
        ([row(1, "0:00-23:59"), row(2, "0:00-8:00")], "2026-11-23 23:59", ("closes", "2026-11-24 08:00")),
        # Open on one weekday: next week's is told, and not today's, which is over.
        ([row(1, "9:00-10:00")], "2026-11-23 12:00", ("opens", "2026-11-30 09:00")),
        # Hours of another season do not hold.
        ([row(1, "9:00-15:00", valid_to=datetime.date(2026, 11, 22))], "2026-11-23 12:00", ("closed", "")),
        (
            [row(1, "9:00-15:00", valid_from=datetime.date(2026, 11, 30))],
            "2026-11-23 12:00",
            ("opens", "2026-11-30 09:00"),
        ),
    ],
)
def test_open_state(hours: list[Row], moment: str, expected: tuple[str, str]):
    state = open_state(at(moment), hours, [])
    if state.is_open:
        assert ("closes", f"{state.closes_at:%Y-%m-%d %H:%M}") == expected
    elif state.opens_at:
        assert ("opens", f"{state.opens_at:%Y-%m-%d %H:%M}") == expected
    else:
        assert expected == ("closed", "")


def test_nothing_told_is_not_closed():
    assert open_state(at("2026-11-23 12:00"), [], []) is None


@pytest.mark.parametrize("moment", ["2026-11-23 00:00", "2026-11-23 12:00", "2026-11-29 23:59", "2026-12-25 03:00"])
def test_what_never_closes_is_open_for_days_to_come(moment: str):
    state = open_state(at(moment), ALWAYS, [])
    assert state.is_open
    assert state.closes_at - at(moment) > datetime.timedelta(days=6)


# --- exceptions ------------------------------------------------------------------------------------------------------
def test_a_closed_day():
    state = open_state(at("2026-11-23 12:00"), WORKDAYS, [day_off("2026-11-23", "2026-11-24")])
    assert (state.is_open, state.opens_at) == (False, at("2026-11-25 09:00"))


def test_an_exception_has_hours_of_its_own():
    exceptions = [day_off("2026-11-23", hours="11:00-12:00")]
    assert not open_state(at("2026-11-23 10:00"), WORKDAYS, exceptions).is_open
    assert open_state(at("2026-11-23 11:30"), WORKDAYS, exceptions).closes_at == at("2026-11-23 12:00")


def test_an_exception_of_two_spans():
    exceptions = [day_off("2026-11-23", hours="9:00-10:00"), day_off("2026-11-23", hours="13:00-14:00")]
    assert spans_of(MONDAY, WORKDAYS, exceptions) == [
        (at("2026-11-23 09:00"), at("2026-11-23 10:00")),
        (at("2026-11-23 13:00"), at("2026-11-23 14:00")),
    ]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_an_open_day_within_a_closed_month(is_reversed: bool):
    exceptions = [day_off("2026-11-01", "2026-11-30"), day_off("2026-11-23", hours="9:00-10:00")]
    ordered = exceptions[::-1] if is_reversed else exceptions
    assert len(spans_of(MONDAY, WORKDAYS, ordered)) == 1
    assert spans_of(MONDAY + datetime.timedelta(days=1), WORKDAYS, ordered) == []


def test_the_night_before_a_closed_day_goes_on():
    assert open_state(at("2026-11-28 01:00"), NIGHTS, [day_off("2026-11-28")]).is_open
    assert not open_state(at("2026-11-28 19:00"), NIGHTS, [day_off("2026-11-28")]).is_open


# --- holidays --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("day", ["2026-12-06", "2026-01-01", "2026-01-06", "2026-04-03", "2026-05-01", "2026-12-25"])
def test_finnish_holidays(day: str):
    assert is_public_holiday(datetime.date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-11-22", "2026-11-23", "2026-07-04", "2026-12-07"])
def test_an_ordinary_sunday_is_no_holiday(day: str):
    assert not is_public_holiday(datetime.date.fromisoformat(day))


def test_weekly_hours_do_not_hold_on_independence_day():
    everyday = [row(day, "9:00-15:00") for day in range(1, 8)]
    assert not open_state(at("2026-12-06 12:00"), everyday, []).is_open
    assert open_state(at("2026-12-05 16:00"), everyday, []).opens_at == at("2026-12-07 09:00")


def test_an_exception_opens_a_holiday():
    everyday = [row(day, "9:00-15:00") for day in range(1, 8)]
    assert open_state(at("2026-12-06 12:00"), everyday, [day_off("2026-12-06", hours="10:00-14:00")]).is_open


# --- what holds for any hours ----------------------------------------------------------------------------------------
times = st.times().map(lambda time: time.replace(second=0, microsecond=0))
days = st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 12, 31))
rows = st.lists(st.builds(Row, st.integers(1, 7), times, times), min_size=1, max_size=8)
exceptions = st.lists(
    st.builds(
        lambda first, length, opens, closes: DayOff(
            first, first + datetime.timedelta(days=length), opens is None or closes is None, opens, closes
        ),
        days,
        st.integers(0, 20),
        st.none() | times,
        st.none() | times,
    ),
    max_size=3,
)
moments = st.datetimes(datetime.datetime(2026, 1, 2), datetime.datetime(2027, 12, 1))


@given(moments, rows, exceptions)
def test_the_next_change_is_ahead_and_is_a_change(now: datetime.datetime, hours: list[Row], closed: list[DayOff]):
    state = open_state(now, hours, closed)
    assert (state.closes_at is not None) == state.is_open
    if state.is_open:
        assert now < state.closes_at
        # The horizon of nine days is no change.
        if state.closes_at - now < datetime.timedelta(days=7):
            assert not open_state(state.closes_at + datetime.timedelta(minutes=1), hours, closed).is_open or any(
                each.opens == (state.closes_at + datetime.timedelta(minutes=1)).time() for each in [*hours, *closed]
            )
    elif state.opens_at:
        assert now < state.opens_at <= now + datetime.timedelta(days=8)
        assert open_state(state.opens_at, hours, closed).is_open


@given(moments, rows, exceptions)
def test_open_means_that_a_span_covers_the_moment(now: datetime.datetime, hours: list[Row], closed: list[DayOff]):
    minute = datetime.timedelta(minutes=1)
    covering = [
        (start, end)
        for offset in (-1, 0)
        for start, end in spans_of(now.date() + datetime.timedelta(days=offset), hours, closed)
        if start <= now < end
    ]
    if covering:
        assert open_state(now, hours, closed).is_open
        assert open_state(now, hours, closed).closes_at >= max(end for _start, end in covering) - minute
