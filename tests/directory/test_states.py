"""In which one state a listing is: a table, and what holds of all facts together."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.freshness import WARNS, Freshness
from directory.states import PRECEDENCE, Facts, State, state_of

PUBLIC = Facts(is_live=True, freshness=Freshness.FRESH)
facts = st.builds(
    Facts,
    is_live=st.booleans(),
    freshness=st.sampled_from(list(Freshness)),
    is_over=st.booleans(),
    is_hidden=st.booleans(),
    is_waiting=st.booleans(),
    is_sent_back=st.booleans(),
)


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, State.PUBLIC),
        ({"freshness": Freshness.DUE}, State.DUE),
        ({"freshness": Freshness.OVERDUE}, State.OVERDUE),
        ({"freshness": Freshness.STALE}, State.OVERDUE),
        ({"is_live": False}, State.DRAFT),
        ({"is_live": False, "freshness": Freshness.STALE}, State.DRAFT),
        ({"is_live": False, "is_waiting": True}, State.WAITING),
        ({"is_waiting": True, "freshness": Freshness.STALE}, State.WAITING),
        ({"is_waiting": True, "is_sent_back": True}, State.SENT_BACK),
        ({"is_hidden": True, "is_sent_back": True}, State.HIDDEN),
        ({"is_hidden": True, "is_over": True}, State.ENDED),
    ],
)
def test_the_state_that_counts_comes_first(changed: dict, state: State):
    assert state_of(dataclasses.replace(PUBLIC, **changed)) is state


def test_every_state_has_one_line():
    assert sorted(state for state, _holds in PRECEDENCE) == sorted(State)


@given(facts)
def test_a_listing_is_always_in_one_state(each: Facts):
    state = state_of(each)
    assert state in State
    # What is told to be public, or public and old, is so; nothing else is.
    told_public = state in (State.PUBLIC, State.DUE, State.OVERDUE)
    silent = each.is_over or each.is_hidden or each.is_waiting or each.is_sent_back or not each.is_live
    assert told_public is not silent


@given(facts)
def test_an_old_listing_is_never_called_public(each: Facts):
    if each.freshness in WARNS:
        assert state_of(each) is not State.PUBLIC
