"""The plan of a query: what is searched for the words that people type. The vocabulary here is a plain table."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import spelling
from search.analysis import TextAnalysis, fold, tokenize
from search.places import Gazetteer, Place
from search.planning import MOST_TERMS, MOST_WORDS, Plan, Planner
from search.query import Group, Point, SearchRequest, Sort
from search.vocabulary import KINDS, Synonyms, load_common_words, load_stop_words, load_synonyms

INDEX_WORDS = {
    "raha": 4, "toimeentulotuki": 12, "talousneuvonta": 6, "velkajärjestely": 3, "velkaneuvonta": 8, "neuvonta": 90,
    "velka": 9, "yksinäisyys": 15, "yksinäinen": 5, "ystävätoiminta": 10, "kriisipuhelin": 4, "kriisi": 20,
    "puhelin": 70, "mies": 9, "lyödä": 1, "lähisuhdeväkivalta": 7, "turvakoti": 3, "apu": 80, "vertaistuki": 30,
    "masennus": 11, "työllisyys": 9, "työnhaku": 6, "lähete": 5, "matalakynnyksinen": 9, "omaishoitaja": 9,
    "ruokaapu": 5, "e_debt": 2, "s_skuld": 2, "kalustus": 3,
}  # fmt: skip
DOCUMENTS = 400


class TableVocabulary:
    words = frozenset([*(word for word in INDEX_WORDS if "_" not in word), "ruoka-apu"])

    def document_count(self) -> int:
        return DOCUMENTS

    def frequencies(self, terms: Collection[str]) -> dict[str, int]:
        return {term: INDEX_WORDS[term] for term in terms if term in INDEX_WORDS}

    def folded_by_key(self, keys: Collection[str]) -> set[str]:
        return {fold(word) for word in self.words if spelling.keys(word) & set(keys)}

    def spelt(self, folded: Collection[str]) -> dict[str, tuple[str, ...]]:
        return {key: words for key in folded if (words := tuple(word for word in self.words if fold(word) == key))}


JYVASKYLA = Place(("Jyväskylä",), frozenset({"179"}), Point(62.24, 25.75))
CENTRAL_FINLAND = Place(("Keski-Suomi", "Mellersta Finland"), frozenset({"179", "992"}))
TURKU = Place(("Turku", "Åbo"), frozenset({"853"}))


@pytest.fixture(scope="module")
def planner() -> Planner:
    gazetteer = Gazetteer([JYVASKYLA, CENTRAL_FINLAND, TURKU])
    analysis = TextAnalysis(gazetteer.terms)
    return Planner(analysis, Synonyms(load_synonyms(), analysis), load_stop_words(), gazetteer)


def plan(planner: Planner, text: str, **kwargs: object) -> Plan:
    return planner.plan(SearchRequest(text, **kwargs), TableVocabulary())


def terms(plan: Plan) -> list[set[str]]:
    return [set(group.terms) for group in plan.groups]


def test_a_phrase_gives_its_targets_to_each_of_its_words(planner: Planner) -> None:
    found = plan(planner, "rahat loppu")
    assert len(found.groups) == 2
    assert all("toimeentulotuki" in group for group in terms(found))
    assert found.synonyms[0].phrase == "rahat loppu"


def test_a_phrase_is_met_in_other_inflections(planner: Planner) -> None:
    assert "toimeentulotuki" in terms(plan(planner, "raha loppui"))[0]


@pytest.mark.parametrize("text", ["mistä apua kun mies lyö", "ilman lähetettä", "missä velkaneuvontaa?"])
def test_questions_and_negations_keep_what_they_are_about(planner: Planner, text: str) -> None:
    words = {group.word for group in plan(planner, text).groups}
    assert words
    assert words <= set(tokenize(text)) - {"mistä", "kun", "ilman", "missä"}


def test_a_beaten_person_is_shown_shelter(planner: Planner) -> None:
    groups = terms(plan(planner, "mistä apua kun mies lyö"))
    assert any({"turvakoti", "lähisuhdeväkivalta"} <= group for group in groups)


def test_stop_words_stay_when_nothing_else_is_left(planner: Planner) -> None:
    found = plan(planner, "mistä")
    assert found.groups or found.unknown_words == ("mistä",)


def test_a_place_narrows_and_is_not_searched(planner: Planner) -> None:
    found = plan(planner, "yksinäinen Jyväskylässä")
    assert found.places == (JYVASKYLA,)
    assert [group.word for group in found.groups] == ["yksinäinen"]


@pytest.mark.parametrize("text", ["Keski-Suomen velkaneuvonta", "keski suomi velkaneuvonta"])
def test_a_place_of_two_words(planner: Planner, text: str) -> None:
    found = plan(planner, text)
    assert found.places == (CENTRAL_FINLAND,)
    assert not found.corrections


def test_a_place_in_swedish(planner: Planner) -> None:
    assert plan(planner, "skuldrådgivning Åbo").places == (TURKU,)


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("velkajarjestely", "velkajärjestely"),
        ("yksinaisyys", "yksinäisyys"),
        ("yksinaisyyteen", "yksinäisyyteen"),
        ("masenus", "masennus"),
        ("masnenus", "masennus"),
        ("velkaneuvotna", "velkaneuvonta"),
        ("turvakotti", "turvakoti"),
        ("omaishoitja", "omaishoitaja"),
        ("työkäri", "työkkäri"),
    ],
)
def test_a_misspelt_word_is_corrected_and_said(planner: Planner, typed: str, meant: str) -> None:
    found = plan(planner, typed)
    assert [(one.typed, one.searched) for one in found.corrections] == [(typed, meant)]
    assert found.groups


def test_a_correction_is_shown_as_people_write_it(planner: Planner) -> None:
    assert plan(planner, "ruoka-appu").corrections[0].searched == "ruoka-apu"


def test_words_can_be_searched_as_typed(planner: Planner) -> None:
    found = plan(planner, "velkajarjestely", as_typed=True)
    assert not found.corrections
    assert found.unknown_words == ("velkajarjestely",)


def test_a_word_of_the_dictionary_is_not_turned_into_another(planner: Planner) -> None:
    found = plan(planner, "kalastus")
    assert not found.corrections
    assert found.unknown_words == ("kalastus",)


def test_a_lay_word_without_documents_leads_to_those_of_the_profession(planner: Planner) -> None:
    found = plan(planner, "työkkäri")
    assert {"työllisyys", "työnhaku"} <= terms(found)[0]
    assert not found.corrections


def test_neighbours_that_are_one_word_of_the_index_are_joined(planner: Planner) -> None:
    assert all("kriisipuhelin" in group for group in terms(plan(planner, "kriisi puhelin")))


def test_a_common_part_is_dropped_beside_a_rarer_term(planner: Planner) -> None:
    (group,) = terms(plan(planner, "velkaneuvonta"))
    assert "velka" in group
    assert "neuvonta" not in group


def test_a_common_word_that_was_typed_stays(planner: Planner) -> None:
    assert "apu" in terms(plan(planner, "apua"))[0]


def test_other_languages_reach_finnish_listings(planner: Planner) -> None:
    assert {"e_debt", "velkaneuvonta"} <= terms(plan(planner, "debts"))[0]
    assert {"s_skuld", "velkaneuvonta"} <= terms(plan(planner, "skulder"))[0]


def test_unknown_words_do_not_hide_the_known(planner: Planner) -> None:
    found = plan(planner, "xqzwvk masennus")
    assert [group.word for group in found.groups] == ["masennus"]
    assert found.unknown_words == ("xqzwvk",)


def climb(*groups: Group) -> list[tuple[int, int]]:
    return [(step.number, step.needed) for step in Plan(SearchRequest("x"), groups).ladder]


def test_the_ladder() -> None:
    groups = [Group(word, (word,)) for word in "abcde"]
    assert climb() == []
    assert climb(*groups[:1]) == [(1, 1)]
    assert climb(*groups[:2]) == [(1, 2), (3, 1)]
    assert climb(*groups[:3]) == [(1, 3), (2, 2), (3, 1)]
    assert climb(*groups) == [(1, 5), (2, 3), (3, 1)]


def test_common_terms_find_only_when_all_else_found_little() -> None:
    plan = Plan(SearchRequest("x"), (Group("muistineuvonta", ("muistineuvonta",), spare=("neuvonta",)),))
    assert [(step.number, step.groups) for step in plan.ladder] == [
        (1, (("muistineuvonta",),)),
        (4, (("muistineuvonta", "neuvonta"),)),
    ]


@given(st.integers(min_value=1, max_value=MOST_WORDS))
def test_each_step_of_the_ladder_asks_for_less(count: int) -> None:
    needed = [needed for _number, needed in climb(*(Group(str(n), (str(n),)) for n in range(count)))]
    assert needed[0] == count
    assert needed == sorted(needed, reverse=True)
    assert needed[-1] == 1


@given(
    st.lists(
        st.sampled_from([*INDEX_WORDS, "mistä", "Turussa", "*", '"', "AND", "NOT", "🎉", "\x00", "xq"]), max_size=40
    )
)
def test_every_plan_is_bounded_and_finds_only_known_terms(words: list[str]) -> None:
    found = plan(_shared_planner(), " ".join(words))
    assert len(found.groups) <= MOST_WORDS + 1
    for group in found.groups:
        assert 0 < len(group.terms) <= MOST_TERMS
        assert all(term in INDEX_WORDS for term in group.terms)


def _shared_planner() -> Planner:
    if not _planners:
        gazetteer = Gazetteer([TURKU])
        analysis = TextAnalysis(gazetteer.terms)
        _planners.append(Planner(analysis, Synonyms(load_synonyms(), analysis), load_stop_words(), gazetteer))
    return _planners[0]


_planners: list[Planner] = []


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"facets": {"colour": ("red",)}}, "facets"),
        ({"page": 0}, "page"),
        ({"per_page": 0}, "per_page"),
        ({"per_page": 101}, "per_page"),
        ({"sort": Sort.DISTANCE}, "near"),
        ({"radius_km": 5.0}, "near"),
        ({"near": Point(60, 25), "radius_km": -1.0}, "radius_km"),
    ],
)
def test_a_wrong_request_names_the_field(wrong: dict, field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}:"):
        SearchRequest("x", **wrong)


def test_a_point_outside_the_world_is_refused() -> None:
    with pytest.raises(ValueError, match="latitude"):
        Point(100, 20)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("nettii", "nettiin"),
        ("tietokonee", "tietokoneen"),
        ("rahhaa", "rahaa"),
        ("kämppii", "kämppiä"),
        ("kelal", "kelalla"),
    ],
)
def test_speech_is_read_as_writing(said: str, written: str) -> None:
    assert written in spelling.spoken(said)


def test_a_clipped_word_finds_what_it_stands_for(planner: Planner) -> None:
    found = plan(planner, "velkaneuvontaa")
    assert plan(planner, "velkkaneuvontaa").groups[0].terms == found.groups[0].terms


@given(st.text("abcdeäö", min_size=4, max_size=12), st.data())
def test_one_edit_away_still_shares_a_key(word: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(word) - 1))
    assert spelling.keys(word) & spelling.keys(word[:position] + word[position + 1 :])
    assert spelling.keys(word) & spelling.keys(word[:position] + "x" + word[position + 1 :])


# --- the vocabulary that ships -------------------------------------------------------------------------------------


def test_the_starter_table_is_large_and_well_formed() -> None:
    rows = load_synonyms()
    assert len(rows) >= 150
    assert {row.kind for row in rows} == set(KINDS)
    assert {row.language for row in rows} == {"fi", "sv", "en"}
    for row in rows:
        assert row.sources
        assert row.targets
        for target in row.targets:
            assert len(tokenize(target)) == 1, f"{target!r}: a target is one word"


def test_no_source_phrase_stands_twice() -> None:
    phrases = [(row.language, source) for row in load_synonyms() for source in row.sources]
    assert len(phrases) == len(set(phrases))


def test_no_source_phrase_is_made_of_stop_words_only() -> None:
    stop_words = load_stop_words() - load_common_words()
    for row in load_synonyms():
        for source in row.sources:
            assert not stop_words.issuperset(tokenize(source)), source
