"""The invented listings are the same every time, varied enough to measure with, and importable."""

from collections import Counter

import pytest

from scripts.listings_for_bench import documents, inflected, listing, queries
from search.analysis import tokenize
from search.facets import FACETS

MANY = 400


@pytest.fixture(scope="module")
def many():
    return list(documents(MANY))


def words(document):
    return [word for texts in document.fields.values() for _language, text in texts for word in tokenize(text)]


def test_same_every_time(many):
    assert list(documents(3)) == many[:3]


def test_ids_differ(many):
    assert len({document.id for document in many}) == MANY


def test_vocabulary_grows(many):
    """New listings keep bringing new words, as real ones do."""
    first, second = many[: MANY // 2], many[MANY // 2 :]
    known = {word for document in first for word in words(document)}
    new = {word for document in second for word in words(document)} - known
    assert len(new) > 0.3 * len(known)


def test_no_word_is_everywhere_but_small_ones(many):
    counts = Counter(word for document in many for word in set(words(document)) if len(word) > 8)
    assert max(counts.values()) < MANY / 2


def test_shares(many):
    nationwide = sum(document.is_nationwide for document in many)
    swedish = sum(document.languages == ("sv",) for document in many)
    located = sum(bool(document.points) for document in many)
    assert 0.05 < nationwide / MANY < 0.15
    assert 0.04 < swedish / MANY < 0.13
    assert 0.5 < located / MANY < 0.7


def test_facets_are_filled(many):
    values = {(name, value) for document in many for name, values in document.all_facets.items() for value in values}
    # Whom a text is written for is told of pages alone.
    assert {name for name, _value in values} == set(FACETS) - {"audience"}
    assert len(values) > 80


@pytest.mark.parametrize(
    ("word", "ending", "form"),
    [
        ("palvelu", "ssA", "palvelussa"),
        ("ystävä", "llA", "ystävällä"),
        ("nainen", "n", "naisen"),
        ("ohjaus", "A", "ohjausta"),
        ("yksinäisyys", "n", "yksinäisyyden"),
        ("yksinäisyys", "=n", "yksinäisyyteen"),
        ("perhe", "=n", "perheeseen"),
        ("palvelu", "=n", "palveluun"),
    ],
)
def test_inflection(word, ending, form):
    assert inflected(word, ending) == form


def test_record_says_what_document_does():
    one = listing(7)
    record, document = one.record(), one.document()
    assert record["id"] == str(document.uuid)
    assert record["name"] == document.title
    assert tuple(each["x_fi_area_code"] for each in record["service_areas"]) == (document.municipalities or ("",))


def test_queries():
    kinds = Counter(query.kind for query in queries())
    assert sum(kinds.values()) >= 120
    assert set(kinds) == {"plain", "inflected", "compound", "lay", "typo", "place", "name", "swedish", "tail"}
    assert len(set(queries())) == len(queries())
