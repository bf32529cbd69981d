"""What a round allows: opening, answering, closing, goals, the next one, its end. Who holds which key: test_quality."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cards.models import QualityAnswer, QualityRound
from cards.quality import actions, rounds
from cards.quality.figures import GroupResult
from cards.quality.keys import answering_key, hash_of
from tests.cards.rounds import (
    CHOSE,
    ENOUGH,
    LISTENED,
    PLAN,
    TIME,
    answered,
    answers_in,
    criteria_page,
    key_named,
    opened,
    themes,
)

pytestmark = pytest.mark.django_db


def result_of(asked: QualityRound, group: str) -> GroupResult:
    asked.refresh_from_db()
    return next(each for each in rounds.results(asked) if each.answered_by == group)


# --- Keys -------------------------------------------------------------------------------------------------------------
def test_each_key_opens_its_own_door_alone():
    it, other = opened(), actions.open_round(criteria := QualityRound.objects.get().criteria, name="Toinen")
    assert criteria is not None
    answering = answering_key(it.keeper_key)
    assert rounds.round_to_keep(it.keeper_key) == it.round
    assert rounds.round_to_answer(answering) == it.round
    assert rounds.round_to_keep(answering) is None
    assert rounds.round_to_answer(it.keeper_key) is None
    assert rounds.round_to_keep("") is None
    assert rounds.round_to_answer("") is None
    assert rounds.round_to_keep(other.keeper_key) == other.round


def test_the_database_holds_no_key():
    it = opened()
    kept = str(QualityRound.objects.filter(pk=it.round.pk).values().get())
    for key in (it.keeper_key, answering_key(it.keeper_key)):
        assert key not in kept
        assert hash_of(key) in kept


# --- Opening ----------------------------------------------------------------------------------------------------------
def test_editing_the_page_changes_no_round():
    it = opened()
    page = it.round.criteria
    page.themes = "[]"
    page.save()
    it.round.refresh_from_db()
    assert [each.text for each in rounds.statements_of(it.round)] == [LISTENED, CHOSE, TIME, PLAN]
    with pytest.raises(ValidationError):
        actions.open_round(page, name="Tyhjä")


@pytest.mark.parametrize("name", ["", "   ", "a" * 81])
def test_a_round_has_a_name(name: str):
    with pytest.raises(ValidationError):
        actions.open_round(criteria_page(), name=name)
    assert not QualityRound.objects.exists()


# --- Answering --------------------------------------------------------------------------------------------------------
def test_only_ratings_of_ones_own_statements_are_taken():
    it = opened()
    own, others = key_named(it.round, LISTENED), key_named(it.round, TIME)
    for values in ({}, {own: 0}, {own: 6}, {others: 3}, {own: 3, others: 3}, {"unknown": 3}, {own: "3"}):
        with pytest.raises(ValidationError):
            actions.answer(it.round, answered_by="person", values=values)
    with pytest.raises(ValidationError):
        actions.answer(it.round, answered_by="nobody", values={own: 3})
    assert answers_in(it.round) == []
    actions.answer(it.round, answered_by="person", values={own: 3})
    assert [(each.answered_by, each.values) for each in answers_in(it.round)] == [("person", {own: 3})]


def test_an_answer_has_nothing_by_which_to_know_it():
    """No time, no address, no number that grows."""
    assert {field.name for field in QualityAnswer._meta.concrete_fields} == {"uuid", "round", "answered_by", "values"}
    it = opened()
    answered(it.round, LISTENED, [1] * 20)
    keys = [each.pk for each in QualityAnswer.objects.order_by("pk")]
    assert {key.version for key in keys} == {4}


def test_a_loose_link_fills_no_database(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(actions, "MOST_ANSWERS", 3)
    it = opened()
    answered(it.round, LISTENED, [1, 2, 3])
    with pytest.raises(actions.RoundIsFullError):
        answered(it.round, LISTENED, [4])
    # A number over all groups would tell how many a small one has.
    answered(it.round, TIME, [4], group="worker")


# --- Closing ----------------------------------------------------------------------------------------------------------
def test_nothing_is_told_of_an_open_round():
    it = opened()
    answered(it.round, LISTENED, [1] * 9)
    with pytest.raises(rounds.RoundIsOpenError):
        rounds.results(it.round)


def test_of_an_open_round_only_enough_or_not():
    it = opened()
    told = []
    for _number in range(ENOUGH + 2):
        told.append(tuple(state.has_enough for state in rounds.states_of(it.round)))
        answered(it.round, LISTENED, [3])
    assert told == [(False, False, False)] * ENOUGH + [(True, False, False)] * 2


def test_closed_is_closed():
    it = opened()
    answered(it.round, LISTENED, [4] * ENOUGH)
    first = actions.close_round(it.round)
    again = actions.close_round(it.round, at=timezone.now() + datetime.timedelta(days=1))
    assert first.closed_at == again.closed_at
    with pytest.raises(actions.RoundIsClosedError):
        answered(it.round, LISTENED, [1])
    assert result_of(it.round, "person").answers == ENOUGH


def test_answers_of_too_few_are_thrown_away_when_it_closes():
    it = opened()
    answered(it.round, LISTENED, [4] * ENOUGH)
    answered(it.round, TIME, [1] * (ENOUGH - 1), group="worker")
    actions.close_round(it.round)
    assert {each.answered_by for each in answers_in(it.round)} == {"person"}
    # And none is told from one who never was.
    assert result_of(it.round, "worker") == GroupResult("worker")
    assert result_of(it.round, "organisation") == GroupResult("organisation")


# --- The next round ---------------------------------------------------------------------------------------------------
def test_the_next_round_is_compared_with_the_earlier_one():
    it = opened()
    answered(it.round, LISTENED, [2] * ENOUGH)
    answered(it.round, CHOSE, [2] * ENOUGH)
    with pytest.raises(ValidationError):
        actions.begin_next_round(it.round, name="Kevät")
    later = actions.begin_next_round(actions.close_round(it.round), name="Kevät")
    answered(later.round, LISTENED, [4] * ENOUGH)
    answered(later.round, CHOSE, [4] * (ENOUGH - 1))
    actions.close_round(later.round)
    theme = result_of(later.round, "person").themes[0]
    assert [row.change for row in theme.statements] == [2, None]
    assert later.keeper_key != it.keeper_key


def test_a_round_outlives_its_page_and_its_earlier_round():
    it = opened()
    answered(it.round, LISTENED, [2] * ENOUGH)
    earlier = actions.close_round(it.round)
    it.round.criteria.delete()
    earlier.refresh_from_db()
    later = actions.begin_next_round(earlier, name="Kevät")
    assert later.round.statements == earlier.statements
    answered(later.round, LISTENED, [4] * ENOUGH)
    actions.close_round(later.round)
    actions.delete_round(earlier)
    assert result_of(later.round, "person").themes[0].statements[0].change is None


# --- Goals, and the end -----------------------------------------------------------------------------------------------
def test_the_next_round_does_not_read_a_page_that_is_for_few():
    closed = actions.close_round(opened().round)
    page = closed.criteria
    page.themes = page.themes.stream_block.to_python(json.loads(themes().replace(CHOSE, "Vain harvoille.")))
    page.save_revision().publish()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    following = actions.begin_next_round(closed, name="Kevät").round
    assert following.statements == closed.statements


def test_of_two_who_write_goals_neither_is_overwritten():
    it = opened()
    seen = actions.version_of("")
    actions.write_goals(it.round, "Enemmän aikaa.", seen=seen)
    with pytest.raises(actions.ChangedMeanwhileError) as caught:
        actions.write_goals(it.round, "Yhteinen suunnitelma.", seen=seen)
    assert caught.value.current == "Enemmän aikaa."
    it.round.refresh_from_db()
    assert it.round.goals == "Enemmän aikaa."


def test_removing_a_round_removes_its_answers_and_no_others():
    it = opened()
    other = actions.open_round(it.round.criteria, name="Toinen")
    for each in (it, other):
        answered(each.round, LISTENED, [3] * 2)
    actions.delete_round(it.round)
    assert [each.round_id for each in QualityAnswer.objects.all()] == [other.round.pk] * 2


def test_old_rounds_go_by_themselves(settings):
    page, now = criteria_page(), timezone.now()
    kept_for = datetime.timedelta(days=settings.QUALITY_ROUND_KEEP_DAYS)
    old = actions.open_round(page, name="Vanha", at=now - kept_for - datetime.timedelta(days=1))
    answered(old.round, LISTENED, [3])
    young = actions.open_round(page, name="Uusi", at=now - kept_for + datetime.timedelta(days=1))
    assert actions.remove_old_rounds(now) == 1
    assert list(QualityRound.objects.all()) == [young.round]
    assert not QualityAnswer.objects.exists()
