"""How fresh a listing is and what is done about it: tables of days, and what holds of every way that a round can go."""

import datetime

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from directory.choices import Kind, NoticeStep
from directory.freshness import WARNS, Freshness, Pace, Periods, Round, campaign_asks, decide, freshness
from directory.periods import pace, periods_by_kind, periods_of

TODAY = datetime.date(2026, 11, 22)
ORDER = list(Freshness)
PERIODS = Periods(due=100, overdue=200, stale=300, hidden=400)
PACE = Pace(gap=14, last_call=30, editing=21, together=20)
F, S = Freshness, NoticeStep


def ago(days: int | None) -> datetime.date | None:
    return None if days is None else TODAY - datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        # A check dated tomorrow by another clock is no fault of the listing.
        (-1, F.FRESH), (0, F.FRESH), (99, F.FRESH), (100, F.DUE), (199, F.DUE), (200, F.OVERDUE), (299, F.OVERDUE),
        (300, F.STALE), (400, F.STALE), (5_000, F.STALE),
    ],
)  # fmt: skip
def test_stages_follow_from_days(days: int, stage: Freshness):
    assert freshness(ago(days), TODAY, PERIODS) is stage


# days since the check · last step · days since it · came to nothing · days since «I will edit» · hidden → stage, step
@pytest.mark.parametrize(
    ("days", "step", "asked", "nowhere", "editing", "hidden", "stage", "next_step"),
    [
        (79, 0, None, False, None, False, F.FRESH, None),
        # Soon due: asked with the others of the same keeper.
        (80, 0, None, False, None, False, F.FRESH, S.OWNER),
        (100, 0, None, False, None, False, F.DUE, S.OWNER),
        (100, 0, None, False, 3, False, F.DUE, None),
        (100, 0, None, False, 21, False, F.DUE, S.OWNER),
        # Asked, and it is not yet time for the next.
        (150, 1, 50, False, None, False, F.DUE, None),
        (200, 1, 100, False, None, False, F.OVERDUE, S.DEPUTY),
        # Late: the first step only now, and the others after it, each with its gap.
        (500, 0, None, False, None, False, F.STALE, S.OWNER),
        (500, 1, 13, False, None, False, F.STALE, None),
        (500, 1, 14, False, None, False, F.STALE, S.DEPUTY),
        (500, 2, 14, False, None, False, F.STALE, S.ORGANISATION),
        (500, 3, 14, False, None, False, F.STALE, S.AREA),
        # Mail that comes back is no answer, at once.
        (100, 1, 0, True, None, False, F.DUE, None),
        (101, 1, 1, True, None, False, F.DUE, S.DEPUTY),
        (300, 2, 100, False, None, False, F.STALE, S.ORGANISATION),
        (369, 3, 69, False, None, False, F.STALE, None),
        (370, 3, 70, False, None, False, F.STALE, S.AREA),
        # The last call stands for a month.
        (399, 4, 29, False, None, False, F.STALE, None),
        (400, 4, 30, False, None, False, F.HIDDEN, None),
        (500, 4, 29, False, None, False, F.STALE, None),
        (400, 4, 30, False, 3, False, F.STALE, None),
        (900, 4, 500, False, None, True, F.HIDDEN, None),
    ],
)
def test_decisions(days, step, asked, nowhere, editing, hidden, stage, next_step):
    decision = decide(Round(ago(days), step, ago(asked), nowhere, ago(editing), hidden), TODAY, PERIODS, PACE)
    assert (decision.stage, decision.step) == (stage, next_step)
    assert decision.is_early == (days == 80)


periods = st.lists(st.integers(1, 900), min_size=4, max_size=4, unique=True).map(lambda days: Periods(*sorted(days)))
paces = st.builds(
    Pace, gap=st.integers(1, 60), last_call=st.integers(1, 90), editing=st.integers(0, 60), together=st.integers(0, 60)
)


@given(periods, paces, st.sets(st.integers(0, 2_000)), st.data())
def test_nobody_is_hidden_unasked_whenever_it_runs(own: Periods, own_pace: Pace, runs: set[int], data: st.DataObject):
    """Nobody answers, runs come when they come, letters come back or not: steps are taken one by one, in order."""
    now, taken, last_stage = Round(ago(2_000)), [], Freshness.FRESH
    start = now.counts_from
    for number in sorted(runs):
        day = start + datetime.timedelta(days=number)
        decision = decide(now, day, own, own_pace)
        assert ORDER.index(decision.stage) >= ORDER.index(last_stage)
        last_stage = decision.stage
        if decision.stage is Freshness.HIDDEN and not now.is_hidden:
            assert [step for step, _day in taken] == list(NoticeStep)
            assert (day - start).days >= own.hidden
            assert (day - taken[-1][1]).days >= max(own_pace.gap, own_pace.last_call)
        if decision.step:
            assert decision.step == now.step + 1
            if taken and not now.went_nowhere:
                assert (day - taken[-1][1]).days >= own_pace.gap
            taken.append((decision.step, day))
        now = Round(
            start,
            step=taken[-1][0] if taken else 0,
            asked_on=taken[-1][1] if taken else None,
            went_nowhere=data.draw(st.booleans()) if decision.step else now.went_nowhere,
            is_hidden=decision.stage is Freshness.HIDDEN,
        )


@given(periods, paces, st.integers(0, 1_500))
def test_what_is_due_is_asked_about_on_the_first_run(own: Periods, own_pace: Pace, late: int):
    day = TODAY + datetime.timedelta(days=late)
    assert decide(Round(ago(own.due)), day, own, own_pace).step is NoticeStep.OWNER


@pytest.mark.parametrize(
    ("last_asked", "days_left", "asks"),
    [
        (None, 30, True), (10, 20, False), (10, 8, False), (10, 7, True), (10, 0, True), (3, 4, False), (None, 3, True),
        (None, -1, False), (30, -1, False),
    ],
)  # fmt: skip
def test_a_campaign_asks_at_its_start_and_in_its_last_week(last_asked: int | None, days_left: int, asks: bool):
    assert campaign_asks(ago(last_asked), TODAY, TODAY + datetime.timedelta(days=days_left)) is asks


# --- the settings ----------------------------------------------------------------------------------------------------
def test_the_settings_name_kinds_that_there_are():
    # Contacts and laws of the cards age by the same rules.
    assert set(settings.FRESHNESS_PERIODS) - {"", "contact", "law"} <= set(Kind.values)
    assert periods_by_kind()[""] == periods_of(Kind.SERVICE)
    assert periods_of(Kind.EVENT).due < periods_of(Kind.PEER_GROUP).due < periods_of(Kind.SERVICE).due


def test_every_step_has_its_time_before_the_hiding():
    for own in periods_by_kind().values():
        assert own.hidden - own.stale >= pace().last_call + pace().gap


def test_periods_out_of_order_are_refused():
    with pytest.raises(ValueError, match="out of order"):
        Periods(due=10, overdue=5, stale=20, hidden=30)


def test_readers_are_warned_of_what_is_old_alone():
    assert {F.OVERDUE, F.STALE, F.HIDDEN} == WARNS
