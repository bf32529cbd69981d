"""Suggestions while typing: what is suggested for which beginning, in which order, and how it changes."""

import time
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections, transaction

from directory.choices import Scheme
from search.analysis import TextAnalysis
from search.documents import Document
from search.suggesting import (
    ORGANISATION,
    PLACE,
    TOPIC,
    WEIGHTS,
    WORD,
    Suggestion,
    Suggestions,
    suggestions_of,
    vocabulary_suggestions,
)
from search.vocabulary import SynonymRow
from tests.factories.directory import MunicipalityFactory, ServiceFactory, TermFactory

pytestmark = pytest.mark.django_db

ANALYSIS = TextAnalysis()


def title(text: str, language: str = "fi") -> Suggestion:
    return Suggestion(text, language, "service", 10)


def of(kind: str, text: str, language: str = "fi") -> Suggestion:
    return Suggestion(text, language, kind, WEIGHTS[kind])


@pytest.fixture(params=sorted({"default", settings.SEARCH_DATABASE}))
def store(request: pytest.FixtureRequest) -> Suggestions:
    """Empty; in the database of the data (PostgreSQL in its run) and in the one of the index."""
    made = Suggestions(request.param, ANALYSIS)
    made.create()
    made.clear()
    return made


def texts(store: Suggestions, typed: str, language: str = "fi", limit: int = 8) -> list[str]:
    return [each.text for each in store.suggest(typed, language, limit)]


# --- finding -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("päi", "Päihdekuntoutus"),
        ("kun", "Päihdekuntoutus"),
        ("kuntou", "Päihdekuntoutus"),
        ("PAIHDE", "Päihdekuntoutus"),
        ("velka", "Maksuton velkaneuvonta"),
        ("neuv", "Maksuton velkaneuvonta"),
        ("velka", "Apua velkojen kanssa"),
        ("apu", "Tiistain ruoka-apu"),
        ("tiistain ruo", "Tiistain ruoka-apu"),
        ("ruo tiist", "Tiistain ruoka-apu"),
        ("t r a", "Tiistain ruoka-apu"),
    ],
)
def test_any_word_and_any_part_of_a_compound_begins_it(store: Suggestions, typed: str, text: str) -> None:
    rows = ["Päihdekuntoutus", "Maksuton velkaneuvonta", "Apua velkojen kanssa", "Tiistain ruoka-apu"]
    store.put({"a": [title(row) for row in rows]})
    assert text in texts(store, typed)


@pytest.mark.parametrize("typed", ["", "   ", "?!", "xyz", "ruoka velka", "\x00", "😀", "%", "_", "a" * 10_000])
def test_what_begins_nothing_suggests_nothing(store: Suggestions, typed: str) -> None:
    store.put({"a": [title("Tiistain ruoka-apu"), title("Velkaneuvonta")]})
    assert texts(store, typed) == []


def test_a_place_is_not_split(store: Suggestions) -> None:
    names = ("Joensuu", "Hämeenlinna")
    store = Suggestions(store._database, TextAnalysis(names))
    store.put({"a": [of(PLACE, name) for name in names]})
    assert texts(store, "joen") == ["Joensuu"]
    assert texts(store, "linna") == []


def test_the_order_is_by_kind_and_by_the_first_word(store: Suggestions) -> None:
    rows = [title("Velkapaja"), title("Oma velkapaja"), of(ORGANISATION, "Velka-apu ry"), of(WORD, "velkakierre")]
    store.put({"a": [*rows, of(TOPIC, "Velka ja talous")]})
    found = texts(store, "velka")
    assert found == ["Velka ja talous", "velkakierre", "Velka-apu ry", "Velkapaja", "Oma velkapaja"]


def test_what_more_documents_have_is_heavier(store: Suggestions) -> None:
    small, big = of(ORGANISATION, "Apu A ry"), of(ORGANISATION, "Apu B ry")
    store.put({"1": [small], **{f"{number}": [big] for number in range(2, 9)}})
    assert texts(store, "apu") == ["Apu B ry", "Apu A ry"]


def test_kinds_stand_together_and_leave_room_for_each_other(store: Suggestions) -> None:
    words = [of(WORD, f"apua {letter}") for letter in "abcdefgh"]
    store.put({"a": [*words, title("Apua kotiin"), of(ORGANISATION, "Apu ry")]})
    found = store.suggest("apu", "fi")
    kinds = [each.kind for each in found]
    assert len(found) == 8
    assert {"service", ORGANISATION, WORD} == set(kinds)
    assert kinds == sorted(kinds, key=kinds.index)


def test_the_readers_language_is_first_and_no_text_is_twice(store: Suggestions) -> None:
    store.put({"a": [of(PLACE, "Espoo"), of(PLACE, "Esbo", "sv"), of(WORD, "ESPOO", "en"), of(TOPIC, "Ero")]})
    assert texts(store, "e", "sv") == ["Esbo", "Espoo", "Ero"]
    assert texts(store, "esp", "fi-simple") == ["Espoo"]


# --- changing ------------------------------------------------------------------------------------------------------
def test_a_suggestion_lives_as_long_as_a_source_has_it(store: Suggestions) -> None:
    shared = of(ORGANISATION, "Kotikulma ry")
    store.put({"1": [shared, title("Kotipalvelu")], "2": [shared]})
    store.delete(["1"])
    assert texts(store, "koti") == ["Kotikulma ry"]
    store.put({"2": [title("Kotikäynti")]})
    assert texts(store, "koti") == ["Kotikäynti"]
    store.put({"1": [shared]})
    assert set(texts(store, "koti")) == {"Kotikäynti", "Kotikulma ry"}


def test_putting_the_same_again_changes_nothing(store: Suggestions) -> None:
    rows = {"1": [title("Kotipalvelu"), title("Kotipalvelu")], "2": [of(TOPIC, "Koti")]}
    store.put(rows)
    before = store.suggest("koti", "fi")
    store.put(rows)
    store.create()
    assert store.suggest("koti", "fi") == before
    store.delete(["1"])
    assert texts(store, "kotip") == []


def test_what_is_rolled_back_was_never_there(store: Suggestions) -> None:
    with transaction.atomic(using=store._database):
        store.put({"1": [title("Kotipalvelu")]})
        transaction.set_rollback(True, using=store._database)
    assert texts(store, "koti") == []


def test_the_tables_are_made_where_they_are_missing(store: Suggestions) -> None:
    with connections[store._database].cursor() as cursor:
        cursor.execute("DROP TABLE search_suggestion_key")
    store.create()
    store.put({"1": [title("Kotipalvelu")]})
    assert texts(store, "koti") == ["Kotipalvelu"]


# --- what is suggested ---------------------------------------------------------------------------------------------
def test_a_document_suggests_its_titles_and_its_organisation() -> None:
    document = Document(
        type="service",
        uuid=uuid4(),
        title="Velkapaja",
        fields={
            "title": (("fi", "Velkapaja"), ("sv", "Skuldverkstad")),
            "org": (("fi", "Apu ry"),),
            "body": (("fi", "Hiljaisuus"),),
        },
    )
    found = {(each.text, each.language, each.kind) for each in suggestions_of(document)}
    assert found == {("Velkapaja", "fi", "service"), ("Skuldverkstad", "sv", "service"), ("Apu ry", "fi", ORGANISATION)}


def vocabulary(*rows: SynonymRow) -> dict[tuple[str, str], Suggestion]:
    found = vocabulary_suggestions(rows, ANALYSIS)
    return {(each.kind, each.text): each for suggestions in found.values() for each in suggestions}


def test_the_vocabulary_suggests_topics_other_words_and_places() -> None:
    used = TermFactory(
        scheme=Scheme.TOPIC, code="food", labels={"fi": "Ruoka", "sv": "Mat"}, alt_labels={"fi": ["leipäjono"]}
    )
    TermFactory(scheme=Scheme.TOPIC, code="rest", labels={"fi": "Lepo"}, alt_labels={})
    MunicipalityFactory(code="049", names={"fi": "Espoo", "sv": "Esbo"})
    ServiceFactory(topics=[used])
    found = vocabulary(SynonymRow(("rahat loppu",), ("talous",), "lay"))
    assert {(TOPIC, "Ruoka"), (TOPIC, "Mat"), (WORD, "leipäjono"), (WORD, "rahat loppu"), (PLACE, "Esbo")} <= set(found)
    assert found[TOPIC, "Ruoka"].weight > found[TOPIC, "Lepo"].weight


def test_words_of_danger_and_of_contempt_are_not_put_in_anybodys_mouth() -> None:
    TermFactory(
        scheme=Scheme.TOPIC, code="crisis", labels={"fi": "Kriisi"}, alt_labels={"fi": ["en halua elää", "kriisiapu"]}
    )
    rows = [
        SynonymRow(("itsemurha", "viiltely", "nisti", "piri", "yösija"), ("kriisi",), "lay"),
        SynonymRow(("suicide", "crisis"), ("kriisi",), "translation", "en"),
    ]
    words = {text for kind, text in vocabulary(*rows) if kind == WORD}
    assert words == {"kriisiapu", "yösija", "crisis"}


def test_an_inflected_word_is_not_suggested_beside_its_base_form() -> None:
    words = {
        text for kind, text in vocabulary(SynonymRow(("velka", "veloissa", "velkaa", "juttuseuraa"), ("velka",), "lay"))
    }
    assert words == {"velka", "juttuseuraa"}


# --- cost ----------------------------------------------------------------------------------------------------------
def test_thousands_of_sources_are_written_and_asked_in_no_time(store: Suggestions) -> None:
    rows = {
        f"service:{number}": [title(f"Velkaneuvonta {number} kotiin"), of(ORGANISATION, f"Apu {number % 100} ry")]
        for number in range(2_000)
    }
    begun = time.perf_counter()
    store.put(rows)
    written = time.perf_counter()
    for typed in ("v", "vel", "velkan", "kotiin velka", "apu 7"):
        assert texts(store, typed)
    # Far above what it takes: these only fail when the cost is of another order.
    assert written - begun < 5
    assert time.perf_counter() - written < 0.5
