"""Between a content and a form: what goes out comes back, whatever it is."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.choices import Charge, Stage
from directory.models import OpeningHours, Service
from portal.workspace.keeping.form.values import (
    as_content,
    changed_rows,
    hours_initial,
    initial_of,
    is_filled,
    row_of,
)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50).map(str.strip)
hours = st.builds(
    dict,
    weekday=st.integers(1, 7),
    opens=st.sampled_from(["08:00:00", "09:30:00"]),
    closes=st.sampled_from(["15:00:00", "16:00:00"]),
    note=st.sampled_from(["", "vain miehille"]),
    by_appointment=st.booleans(),
    valid_from=st.none(),
    valid_to=st.sampled_from([None, "2031-01-01"]),
    place=st.none(),
)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Avoin olohuone"),
        ("kind", "event"),
        ("charge", Charge.FREE),
        ("charge", ""),
        ("age_min", 7),
        ("age_min", None),
        ("stages", "|1|3|"),
        ("stages", ""),
        ("is_anonymous", True),
        ("capacity_until", "2031-05-01"),
        ("capacity_until", None),
        ("starts_at", "2031-05-01T07:00:00Z"),
        ("topics", [3, 1]),
        ("municipalities", ["297", "837"]),
        ("referral", "unknown"),
    ],
)
def test_a_value_comes_back_as_it_went(field: str, value: Any):
    assert as_content(field, initial_of(Service, {field: value}, [field])[field]) == value


@given(texts)
def test_any_text_comes_back_as_it_went(text: str):
    assert as_content("description", initial_of(Service, {"description": text}, ["description"])["description"]) == text


def test_what_is_not_chosen_is_what_the_model_says_of_it():
    assert as_content("referral", "") == "unknown"
    assert as_content("charge", "") == ""


@given(st.lists(st.sets(st.sampled_from(Stage.values))))
def test_sets_of_choices_come_back(chosen: list[set[str]]):
    for each in chosen:
        content = as_content("stages", list(each))
        assert set(initial_of(Service, {"stages": content}, ["stages"])["stages"]) == each


@given(st.lists(hours, max_size=12))
def test_hours_put_together_by_day_and_taken_apart_are_no_change(rows: list[dict[str, Any]]):
    before = [{"pk": number, "service": 1, "sort_order": number, **row} for number, row in enumerate(rows)]
    after = [
        row_of(OpeningHours(weekday=day, **{name: value for name, value in told.items() if name != "weekdays"}))
        for told in hours_initial(before)
        for day in told["weekdays"]
    ]
    assert changed_rows(after, before) is None


def test_hours_of_the_same_times_stand_together():
    rows = [
        {"weekday": day, "opens": "09:00:00", "closes": closes, "note": "", "by_appointment": False}
        for day, closes in ((1, "15:00:00"), (2, "16:00:00"), (3, "15:00:00"))
    ]
    assert [(each["weekdays"], each["closes"]) for each in hours_initial(rows)] == [
        ([1, 3], datetime.time(15)),
        ([2], datetime.time(16)),
    ]


def test_rows_that_were_there_keep_their_numbers_and_new_ones_have_none():
    before = [{"pk": 7, "service": 1, "sort_order": 0, "label": "A", "url": "https://a.example/"}]
    same, new = {"pk": None, "label": "A", "url": "https://a.example/"}, {"pk": None, "label": "B", "url": "https://b/"}
    assert changed_rows([same], before) is None
    changed = changed_rows([new, same], before)
    assert changed is not None
    assert [(row["pk"], row["sort_order"]) for row in changed] == [(None, 0), (7, 1)]
    assert changed_rows([], before) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", False),
        (None, False),
        ([], False),
        (False, False),
        ("unknown", False),
        (0, True),
        ("x", True),
        ([{"pk": 1, "service": 1, "content": ""}], False),
        ([{"pk": 1, "service": 1, "content": "x"}], True),
    ],
)
def test_what_says_something(value: Any, expected: bool):
    assert is_filled(value) is expected
