"""The judged set is sound: complete, balanced, fair to engines. Engines are asked by `make bench-search`."""

import json
from collections import Counter, defaultdict
from math import log2
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from directory.choices import Channel, Kind
from tests.search import judged
from tests.search.judged import metrics

KEYS = {listing.key for listing in judged.listings()}
QUERIES = judged.queries()
ALL_KINDS = {
    "plain", "inflected", "compound", "lay", "typo", "caseworker", "place", "name", "swedish", "english", "selko",
}  # fmt: skip


def names_of(file: str) -> set[str]:
    return {each["fi"] for each in json.loads((settings.BASE_DIR / "directory/content" / file).read_text("utf-8"))}


# --- listings ------------------------------------------------------------------------------------------------------
def test_there_are_listings_enough_and_none_comes_twice():
    listings = judged.listings()
    assert len(listings) >= 300
    assert len(KEYS) == len(listings)
    assert len({(each.organisation, each.title, each.language) for each in listings}) == len(listings)
    assert len({each.text for each in listings}) == len(listings)


def test_listings_are_spread_over_the_country_and_its_areas_are_real():
    municipalities = names_of("municipalities.json")
    areas = {listing.area for listing in judged.listings()}
    assert areas <= municipalities | names_of("counties.json") | {judged.NATIONWIDE}
    assert len(areas & municipalities) >= 40


def test_languages_are_mixed_as_in_a_finnish_directory():
    languages = Counter(listing.language for listing in judged.listings())
    assert set(languages) == {"fi", "sv", "en", "fi-simple"}
    assert 0.78 <= languages["fi"] / languages.total() <= 0.88
    assert languages["sv"] / languages.total() >= 0.06


def test_some_listings_have_no_topic_and_every_kind_and_channel_occurs():
    assert any(not listing.topics for listing in judged.listings())
    assert {listing.kind for listing in judged.listings()} == set(Kind) - {Kind.EXPERT_BY_EXPERIENCE}
    assert {channel for listing in judged.listings() for channel in listing.channels} == set(Channel)


# --- queries and judgements ----------------------------------------------------------------------------------------
def test_there_are_queries_enough_of_every_kind_and_none_comes_twice():
    assert len(QUERIES) >= 150
    assert {query.kind for query in QUERIES} == ALL_KINDS
    assert len({query.id for query in QUERIES}) == len(QUERIES)
    assert len({query.text.casefold() for query in QUERIES}) == len(QUERIES)


def test_halves_are_of_the_same_size_in_each_kind():
    halves = defaultdict(Counter)
    for query in QUERIES:
        halves[query.kind][query.half] += 1
    assert all(abs(count["tune"] - count["test"]) <= 1 for count in halves.values())
    assert {*judged.queries("tune"), *judged.queries("test")} == set(QUERIES)


def test_every_query_is_judged_and_every_judgement_names_a_listing():
    assert set(judged.judgements()) == {query.id for query in QUERIES}
    assert {key for graded in judged.judgements().values() for key in graded} <= KEYS
    assert {grade for graded in judged.judgements().values() for grade in graded.values()} == {1, 2, 3}


def test_a_listing_has_one_grade_for_a_query():
    written = yaml.safe_load((Path(judged.__file__).parent / "judgements.yaml").read_text("utf-8"))
    twice = {
        (query, key)
        for query, graded in written.items()
        for key, times in Counter(key for keys in graded.values() for key in keys).items()
        if times > 1
    }
    assert not twice


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.id)
def test_a_query_has_an_answer_and_perfect_recall_is_possible(query):
    good = [grade for grade in judged.grades(query).values() if grade >= 2]
    assert 1 <= len(good) <= 20


def test_most_listings_are_what_somebody_looks_for():
    looked_for = {key for graded in judged.judgements().values() for key in graded}
    assert len(looked_for) / len(KEYS) >= 0.6


# --- as open data --------------------------------------------------------------------------------------------------
def test_every_listing_comes_out_as_a_service_with_what_the_standard_requires():
    records = list(judged.hsds_records())
    assert {record["id"] for record in records} == {listing.id for listing in judged.listings()}
    assert all(record["status"] == "active" and record["name"] for record in records)
    assert all(record["organization"]["description"] for record in records)
    assert all(record["organization_id"] == record["organization"]["id"] for record in records)
    assert ": null" not in json.dumps(records)


def test_records_of_one_language_are_those_written_in_it():
    by_language = {language: list(judged.hsds_records(language)) for language in ("fi", "sv", "en", "fi-simple")}
    assert sum(map(len, by_language.values())) == len(judged.listings())
    assert all(
        record["x_fi_languages_of_description"] == [language]
        and record["x_fi_easy_language"] == (language == "fi-simple")
        for language, records in by_language.items()
        for record in records
    )


def test_ids_differ_between_objects_and_not_between_runs():
    ids = Counter()
    for record in judged.hsds_records():
        ids.update([record["id"], *(each["id"] for each in record["attributes"])])
        ids.update(each["id"] for each in record.get("service_at_locations", ()))
    assert max(ids.values()) == 1
    assert judged.to_hsds(judged.listings()[0]) == judged.to_hsds(judged.listings()[0])


def test_a_listing_at_a_place_has_an_address_there_and_one_for_the_country_has_none():
    for listing in judged.listings():
        record = judged.to_hsds(listing)
        cities = [
            address["city"]
            for link in record.get("service_at_locations", ())
            for address in link["location"]["addresses"]
        ]
        assert cities in ([], [listing.area])
        if listing.area == judged.NATIONWIDE or "on_site" not in listing.channels:
            assert not cities


# --- metrics, against what was reckoned by hand ----------------------------------------------------------------------
GRADES = {"a": 3, "b": 2, "c": 1}
BEST = 7 + 3 / log2(3) + 1 / 2


def test_the_best_order_has_the_full_gain():
    assert metrics.ndcg_at(["a", "b", "c", "x"], GRADES) == pytest.approx(1)


def test_gain_is_discounted_by_rank():
    assert metrics.ndcg_at(["x", "a", "c"], GRADES) == pytest.approx((7 / log2(3) + 1 / 2) / BEST)
    assert metrics.ndcg_at(["b", "a"], GRADES) == pytest.approx((3 + 7 / log2(3)) / BEST)


def test_gain_ends_at_the_depth():
    assert metrics.ndcg_at(["x", "y", "a"], GRADES, 2) == 0
    assert metrics.ndcg_at(["a"], GRADES, 1) == pytest.approx(1)


def test_recall_counts_good_answers_only():
    assert metrics.recall_at(["c", "a", "x"], GRADES) == pytest.approx(1 / 2)
    assert metrics.recall_at(["c", "a", "b"], GRADES, 2) == pytest.approx(1 / 2)
    assert metrics.recall_at(["c", "a", "b"], GRADES, least=1) == pytest.approx(1)


def test_nothing_found_is_worth_nothing():
    assert metrics.ndcg_at([], GRADES) == 0
    assert metrics.recall_at([], GRADES) == 0
    assert metrics.zero_share([[], ["a"], ["b"], ["c"]]) == pytest.approx(1 / 4)


def test_a_query_without_answers_and_a_hit_that_comes_twice_are_refused():
    with pytest.raises(ValueError, match="Nothing is relevant"):
        metrics.ndcg_at(["a"], {})
    with pytest.raises(ValueError, match="Nothing is relevant"):
        metrics.recall_at(["c"], {"c": 1})
    with pytest.raises(ValueError, match="twice"):
        metrics.ndcg_at(["a", "a"], GRADES)


def test_overlap_is_what_two_rankings_share():
    assert metrics.overlap_at(["a", "b"], ["b", "a"]) == 1
    assert metrics.overlap_at(["a", "b", "c", "d"], ["a", "x", "y", "b"]) == pytest.approx(1 / 2)
    assert metrics.overlap_at(["a"], ["a", "b"]) == pytest.approx(1 / 2)
    assert metrics.overlap_at([], []) == 1
