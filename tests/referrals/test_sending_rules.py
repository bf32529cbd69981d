"""The order of the gates, which referrals need their worker, and what an address chooses: without a database."""

import datetime
import uuid

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from referrals.choices import State
from referrals.sending import choosing, gates
from referrals.sending.attention import REFUSED_DAYS, Reason, Standing, is_refused, reasons_of
from referrals.sending.gates import Gate

NOW = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
ALL_RIGHT = {"hata": "ei", "lakisaateinen": "hoidettu", "tietaa": "kylla", "suostumus": "spoken"}
ANSWERS = st.fixed_dictionaries({}, optional={name: st.text(max_size=8) for name in gates.NAMES})


@pytest.mark.parametrize(
    ("answers", "closed"),
    [
        ({}, Gate.EMERGENCY),
        ({"hata": "kylla", "lakisaateinen": "ei", "tietaa": "kylla", "suostumus": "spoken"}, Gate.EMERGENCY),
        ({"hata": "ei"}, Gate.STATUTORY),
        ({**ALL_RIGHT, "lakisaateinen": "kylla"}, Gate.STATUTORY),
        ({"hata": "ei", "lakisaateinen": "ei"}, Gate.CONSENT),
        ({**ALL_RIGHT, "tietaa": ""}, Gate.CONSENT),
        # Only a person who sends without a worker consents by sending.
        ({**ALL_RIGHT, "suostumus": "own"}, Gate.CONSENT),
        (ALL_RIGHT, None),
        ({**ALL_RIGHT, "lakisaateinen": "ei", "suostumus": "written"}, None),
    ],
)
def test_the_first_gate_that_is_closed(answers: dict[str, str], closed: Gate | None) -> None:
    assert gates.first_closed(Gate.CHECK, answers) is closed


@given(ANSWERS, st.sampled_from(gates.ORDER[1:]))
def test_no_later_answer_opens_an_earlier_gate(answers: dict[str, str], gate: Gate) -> None:
    closed = gates.first_closed(gate, {**answers, "hata": "kylla"})
    assert closed is Gate.EMERGENCY


def test_the_first_gate_needs_nothing() -> None:
    assert gates.first_closed(Gate.EMERGENCY, {}) is None
    assert gates.preceding(Gate.EMERGENCY) is None


def test_only_answers_are_carried_on() -> None:
    query = QueryDict("hata=ei&name=Aino&suostumus=&tietaa=kylla")
    assert gates.answers_in(query) == {"hata": "ei", "tietaa": "kylla"}


@pytest.mark.parametrize(
    ("standings", "closed_days_ago", "reasons"),
    [
        ([Standing(State.SENT)], None, []),
        ([Standing(State.SENT, is_silent=True)], None, [Reason.SILENCE]),
        ([Standing(State.SUGGESTED), Standing(State.ASKED)], None, [Reason.QUESTION, Reason.TIME]),
        ([Standing(State.DECLINED), Standing(State.SENT)], None, []),
        ([Standing(State.DECLINED), Standing(State.FULL), Standing(State.CANCELLED)], 1, [Reason.REFUSED]),
        ([Standing(State.UNANSWERED)], REFUSED_DAYS + 1, []),
        ([Standing(State.DECLINED), Standing(State.CLOSED)], 1, []),
        ([Standing(State.WITHDRAWN)], 1, []),
        ([Standing(State.NOT_COME)], None, [Reason.NOT_COME]),
        ([Standing(State.ACCEPTED), Standing(State.CONTINUES)], None, []),
    ],
)
def test_which_referrals_need_their_worker(
    standings: list[Standing], closed_days_ago: int | None, reasons: list[Reason]
) -> None:
    closed_at = None if closed_days_ago is None else NOW - datetime.timedelta(days=closed_days_ago)
    assert reasons_of(standings, closed_at=closed_at, at=NOW) == reasons


def test_nothing_is_refused_when_nothing_was_asked() -> None:
    assert not is_refused([])


def test_what_is_no_uuid_is_left_out() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    query = QueryDict(f"palvelu={first}&palvelu=oops&ehdolla={second}&ehdolla={first}")
    assert choosing.keys_in(query, choosing.LISTING, choosing.OFFERED) == [first, second]
