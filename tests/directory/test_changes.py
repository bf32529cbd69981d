"""How two edits of a listing meet, what differs and what is risky. Pure."""

from hypothesis import given
from hypothesis import strategies as st

from directory.changes import differences, is_risky, merge, merge_rows, plain, shared_parts

NAMES = ("title", "summary", "topics")
texts = st.sampled_from(["", "a", "b", "c"])
contents = st.fixed_dictionaries(dict.fromkeys(NAMES, texts))


@given(contents, contents, contents)
def test_merging_loses_nothing_that_either_changed(base, theirs, mine):
    merged = merge(base, theirs, mine)
    result = {**theirs, **merged.values}
    conflicts = {each.field for each in merged.conflicts}
    for name in NAMES:
        if name in conflicts:
            assert len({base[name], theirs[name], mine[name]}) == 3 or base[name] != theirs[name] != mine[name]
            assert result[name] == theirs[name]
        elif mine[name] != base[name]:
            assert result[name] == mine[name]
        else:
            assert result[name] == theirs[name]


@given(contents, contents)
def test_alone_there_is_never_a_conflict(base, mine):
    merged = merge(base, base, mine)
    assert not merged.conflicts
    assert {**base, **merged.values} == mine


def test_the_same_change_by_two_is_no_conflict():
    assert merge({"title": "a"}, {"title": "b"}, {"title": "b"}).conflicts == ()


def test_parts_are_compared_without_their_numbers_and_choices_in_any_order():
    before = {"contact_ways": [{"pk": 7, "service": 1, "kind": "phone", "value": "1"}], "topics": [2, 1]}
    after = {"contact_ways": [{"pk": None, "kind": "phone", "value": "1"}], "topics": [1, 2]}
    assert differences(before, after, ("contact_ways", "topics")) == []


def test_the_order_of_parts_is_a_difference():
    rows = [{"value": "1"}, {"value": "2"}]
    assert differences({"links": rows}, {"links": rows[::-1]}, ("links",))


def test_nothing_and_an_empty_text_are_the_same():
    assert plain(None) == plain("")


def test_names_and_contacts_are_risky_and_texts_are_not():
    def changed(name, before="a", after="b"):
        return differences({name: before}, {name: after}, (name,))

    assert is_risky(changed("title"))
    assert is_risky(changed("contact_ways", [{"value": "1"}], []))
    assert not is_risky(changed("description"))


def test_a_place_is_risky_only_when_its_address_is_secret():
    change = differences({"service_places": [{"place": 3}]}, {"service_places": [{"place": 4}]}, ("service_places",))
    assert is_risky(change, secret_places=[3])
    assert is_risky(change, secret_places=[4])
    assert not is_risky(change, secret_places=[5])


def test_another_language_keeps_its_own_words_of_a_part_with_the_same_facts():
    theirs = [{"pk": 1, "kind": "phone", "value": "1", "label": "Neuvonta"}, {"pk": 2, "kind": "web", "value": "x"}]
    own = [{"pk": 9, "kind": "phone", "value": "1", "label": "Rådgivning"}, {"pk": 8, "kind": "phone", "value": "2"}]
    parts = shared_parts(theirs, own, frozenset({"label"}))
    assert [(part["pk"], part["value"], part.get("label")) for part in parts] == [
        (9, "1", "Rådgivning"),
        (None, "x", None),
    ]


rows = st.lists(st.sampled_from("abcd"), unique=True).map(lambda values: [{"value": each} for each in values])


@given(rows, rows, rows)
def test_rows_that_either_added_stay_and_rows_that_either_took_away_are_gone(base, theirs, mine):
    def values(some):
        return {each["value"] for each in some}

    merged = values(merge_rows(base, theirs, mine))
    assert merged == (values(theirs) - (values(base) - values(mine))) | (values(mine) - values(base))
