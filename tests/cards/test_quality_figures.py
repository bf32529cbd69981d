"""What may be told of a round: never a figure of too few, and nothing from which one could be worked out."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.quality.figures import RATES, Answer, GroupResult, Statement, figures_of, results_of

SMALLEST = 5
STATEMENTS = [
    Statement(f"{theme}-{number}", theme, f"{theme} {group} {number}", group)
    for group, theme in (
        ("person", "encounter"),
        ("worker", "competence"),
        ("team", "cooperation"),
        ("team", "evaluation"),
        ("organisation", "cooperation"),
    )
    for number in (1, 2)
]
# Two groups rate "cooperation": their keys must differ.
STATEMENTS = [replace(each, key=f"{each.answered_by}-{each.key}") for each in STATEMENTS]
GROUPS = ("person", "worker", "team", "organisation")


@st.composite
def an_answer(draw: st.DrawFn) -> Answer:
    group = draw(st.sampled_from(GROUPS))
    keys = [each.key for each in STATEMENTS if each.answered_by == group]
    return Answer(group, draw(st.dictionaries(st.sampled_from(keys), st.sampled_from(RATES), min_size=1)))


rounds = st.lists(an_answer(), max_size=40)


def told(answers: Sequence[Answer], before: Sequence[GroupResult] = ()) -> list[GroupResult]:
    return results_of(STATEMENTS, answers, smallest=SMALLEST, before=before)


def ratings(answers: Sequence[Answer], statement: Statement) -> list[int]:
    return [
        each.values[statement.key]
        for each in answers
        if each.answered_by == statement.answered_by and statement.key in each.values
    ]


def is_hidden(answers: Sequence[Answer], statement: Statement) -> bool:
    of_group = sum(each.answered_by == statement.answered_by for each in answers)
    return of_group < SMALLEST or len(ratings(answers, statement)) < SMALLEST


@given(rounds)
def test_no_figure_of_too_few(answers: list[Answer]):
    for group in told(answers):
        number = sum(each.answered_by == group.answered_by for each in answers)
        assert group.answers == (number if number >= SMALLEST else None)
        assert bool(group.themes) == (number >= SMALLEST)
        for theme in group.themes:
            for row in theme.statements:
                assert (row.figures is None) == is_hidden(answers, row.statement)
                if row.figures:
                    assert row.figures.n == sum(row.figures.spread) >= SMALLEST


@given(rounds, rounds, st.data())
def test_what_is_hidden_leaves_no_trace(answers: list[Answer], earlier: list[Answer], data: st.DataObject):
    """Whatever else the hidden ratings had been, the same is told: of this round, and compared with the earlier one."""
    hidden = {each.key for each in STATEMENTS if is_hidden(answers, each)}
    rates = st.sampled_from(RATES)
    others = [
        Answer(
            each.answered_by, {key: data.draw(rates) if key in hidden else rate for key, rate in each.values.items()}
        )
        for each in answers
    ]
    assert told(others, told(earlier)) == told(answers, told(earlier))
    assert told(earlier, told(others)) == told(earlier, told(answers))


@given(rounds)
def test_how_few_they_were_is_not_told(answers: list[Answer]):
    """A group that is too small looks the same with four answers and with none."""
    small = {group for group in GROUPS if sum(each.answered_by == group for each in answers) < SMALLEST}
    assert told([each for each in answers if each.answered_by not in small]) == told(answers)


@given(rounds, st.randoms())
def test_the_order_of_coming_tells_nothing(answers: list[Answer], random):
    mixed = list(answers)
    random.shuffle(mixed)
    assert told(mixed) == told(answers)


@given(rounds, rounds)
def test_a_theme_and_a_change_follow_from_what_is_shown(answers: list[Answer], earlier: list[Answer]):
    before = told(earlier)
    shown_before = {
        row.statement.key: row.figures.mean
        for group in before
        for theme in group.themes
        for row in theme.statements
        if row.figures
    }
    for group in told(answers, before):
        for theme in group.themes:
            means = [row.figures.mean for row in theme.statements if row.figures]
            assert theme.mean == (round(sum(means) / len(means), 1) if means else None)
            for row in theme.statements:
                known = shown_before.get(row.statement.key)
                expected = None if row.figures is None or known is None else round(row.figures.mean - known, 1)
                assert row.change == expected


@given(st.lists(st.sampled_from(RATES), min_size=SMALLEST, max_size=60))
def test_more_than_half_lie_between(rates: list[int]):
    figures = figures_of(rates, smallest=SMALLEST)
    assert figures is not None
    assert 1 <= figures.low <= figures.high <= 5
    assert sum(figures.low <= rate <= figures.high for rate in rates) > len(rates) / 2
    assert min(rates) <= figures.mean <= max(rates)


@pytest.mark.parametrize(
    ("rates", "mean", "low", "high"),
    [
        ([4, 4, 4, 4, 4], 4.0, 4, 4),
        ([1, 2, 3, 4, 5], 3.0, 2, 4),
        ([5, 1, 5, 1, 5], 3.4, 1, 5),
        ([3] * 9 + [5], 3.2, 3, 3),
    ],
)
def test_figures_that_were_counted_by_hand(rates: list[int], mean: float, low: int, high: int):
    figures = figures_of(rates, smallest=SMALLEST)
    assert (figures.mean, figures.low, figures.high) == (mean, low, high)


def test_a_statement_in_other_words_is_not_compared():
    answers = [Answer("person", {"a": 4})] * SMALLEST
    old = Statement("a", "encounter", "Minua kuunneltiin.", "person")
    before = results_of([old], answers, smallest=SMALLEST)

    def change(now: Statement) -> float | None:
        later = [Answer("person", {now.key: 5})] * SMALLEST
        return results_of([now], later, smallest=SMALLEST, before=before)[0].themes[0].statements[0].change

    assert change(replace(old, key="moved")) == 1
    assert change(replace(old, text="Minua ymmärrettiin.")) is None


def test_without_a_threshold_nothing_is_worked_out_of_nothing():
    assert figures_of([], smallest=0) is None
