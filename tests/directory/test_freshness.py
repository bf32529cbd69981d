"""How fresh a listing is: the periods, their edges, and that it never grows fresher by itself."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.choices import Kind
from directory.freshness import DEFAULT_PERIODS, PERIODS, WARNS, Freshness, freshness, periods_of

TODAY = datetime.date(2026, 11, 22)
ORDER = [Freshness.FRESH, Freshness.DUE, Freshness.OVERDUE, Freshness.STALE]


@pytest.mark.parametrize(
    ("days", "kind", "expected"),
    [
        (None, Kind.SERVICE, Freshness.UNCHECKED),
        (0, Kind.SERVICE, Freshness.FRESH),
        (239, Kind.SERVICE, Freshness.FRESH),
        (240, Kind.SERVICE, Freshness.DUE),
        (329, Kind.SERVICE, Freshness.DUE),
        (330, Kind.SERVICE, Freshness.OVERDUE),
        (539, Kind.SERVICE, Freshness.OVERDUE),
        (540, Kind.SERVICE, Freshness.STALE),
        (5_000, Kind.SERVICE, Freshness.STALE),
        (89, Kind.EVENT, Freshness.FRESH),
        (90, Kind.EVENT, Freshness.DUE),
        (150, Kind.COURSE, Freshness.OVERDUE),
        (240, Kind.COURSE, Freshness.STALE),
        (180, Kind.PEER_GROUP, Freshness.DUE),
        (365, Kind.VOLUNTEERING, Freshness.STALE),
        # A check dated tomorrow by another clock is no fault of the listing.
        (-1, Kind.SERVICE, Freshness.FRESH),
    ],
)
def test_freshness(days: int | None, kind: str, expected: Freshness):
    checked_on = None if days is None else TODAY - datetime.timedelta(days=days)
    assert freshness(checked_on, TODAY, kind) == expected


@given(st.integers(0, 3_000), st.integers(0, 3_000), st.sampled_from([*Kind.values, ""]))
def test_no_listing_grows_fresher_by_waiting(age: int, more: int, kind: str):
    now = freshness(TODAY - datetime.timedelta(days=age), TODAY, kind)
    later = freshness(TODAY - datetime.timedelta(days=age), TODAY + datetime.timedelta(days=more), kind)
    assert ORDER.index(later) >= ORDER.index(now)


@pytest.mark.parametrize("periods", [DEFAULT_PERIODS, *PERIODS.values()])
def test_periods_are_in_order(periods):
    assert 0 < periods.due < periods.overdue < periods.stale


def test_what_changes_by_season_is_asked_about_sooner():
    assert periods_of(Kind.EVENT).due < periods_of(Kind.PEER_GROUP).due < periods_of(Kind.SERVICE).due


def test_readers_are_warned_of_what_is_old_alone():
    assert {Freshness.OVERDUE, Freshness.STALE} == WARNS
