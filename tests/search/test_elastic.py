"""The Elasticsearch engine: the embedded engine's tests of the port on a real server, then what is its own."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from search.engines.base import EngineUnavailableError
from search.engines.elastic import DEFAULT_PREFIX, Address, ElasticEngine
from search.engines.elastic_query import DEEPEST, WEIGHTED_FIELDS
from search.entries import entry_of
from search.planning import MOST_TERMS, MOST_WORDS, Plan
from search.query import Group, SearchRequest
from tests.search.elastic import address_of_an_index, client, indices
from tests.search.test_embedded import (  # noqa: F401
    ANALYSIS,
    DOCUMENTS,
    LEXICON,
    find,
    # What the port promises is written once. `engine` is this module's.
    test_a_choice_that_finds_nothing_says_what_to_loosen,
    test_a_count_is_what_choosing_it_gives,
    test_a_deleted_document_is_gone,
    test_a_document_is_replaced_not_doubled,
    test_a_municipality_has_its_own_and_what_is_had_anywhere,
    test_a_place_alone_lists_what_is_there,
    test_a_place_in_the_title_belongs_to_it,
    test_a_place_in_the_words_narrows,
    test_a_place_where_nothing_is_found_shows_the_rest,
    test_all_words_come_before_some,
    test_any_text_gets_an_answer,
    test_fifty_choices_at_once,
    test_near_a_municipality_counts_as_local,
    test_near_me_is_sorted_by_distance,
    test_no_text_raises_or_takes_long,
    test_pages_divide_the_hits,
    test_sorting_by_the_newest_check,
    test_the_language_of_the_page_lifts_its_listings,
    test_the_title_comes_before_all_else,
    test_twenty_hits_with_all_words_are_enough,
    test_values_of_one_facet_widen_and_wishes_narrow,
    test_what_a_person_types_finds_it_first,
    test_without_words_everything_is_there_newest_check_first,
    write,
)

ENTRY = entry_of(DOCUMENTS[0], ANALYSIS)
PLAN = Plan(SearchRequest("salaisuus"), (Group("salaisuus", ("salaisuus",)),), name="salaisuus")


@pytest.fixture
def address() -> Iterator[str]:
    with address_of_an_index() as url:
        yield url


@pytest.fixture
def prefix(address: str) -> str:
    return Address.parse(address).prefix


@pytest.fixture
def engine(db: None, address: str) -> ElasticEngine:
    engine = ElasticEngine(address, ANALYSIS.signature, is_read_at_once=True)
    engine.create()
    LEXICON.create(ANALYSIS.signature)
    write(engine, *DOCUMENTS)
    return engine


# --- reading -------------------------------------------------------------------------------------------------------


def test_pages_beyond_what_the_server_orders_are_empty(engine: ElasticEngine) -> None:
    page = find(engine, page=DEEPEST // 20 + 1)
    assert (page.hits, page.total) == ((), len(DOCUMENTS))
    assert page.facets == find(engine).facets


def test_the_largest_plan_is_answered(engine: ElasticEngine) -> None:
    terms = [[f"sana{word}x{term}" for term in range(MOST_TERMS)] for word in range(MOST_WORDS)]
    terms[0][0] = "velka"
    groups = tuple(Group(words[0], tuple(words)) for words in terms)
    (hit,) = engine.search(Plan(SearchRequest("velka", language="sv"), groups)).hits
    assert (hit.id, hit.step) == (DOCUMENTS[0].id, 3)
    assert 0 < hit.score < 50


def test_every_weight_is_one_the_server_takes() -> None:
    assert min(float(field.split("^")[1]) for field in WEIGHTED_FIELDS) == 1


# --- writing -------------------------------------------------------------------------------------------------------


def test_a_write_is_found_within_seconds(engine: ElasticEngine, address: str) -> None:
    ElasticEngine(address, ANALYSIS.signature).delete([DOCUMENTS[0].id])
    until = time.monotonic() + 5
    while find(engine).total == len(DOCUMENTS):
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_swap_leaves_one_index(engine: ElasticEngine, prefix: str) -> None:
    engine.begin()
    assert sorted(indices(prefix).values()) == [[prefix], [f"{prefix}-next"]]
    engine.swap()
    assert list(indices(prefix).values()) == [[prefix]]


def test_a_lost_index_does_not_come_back_by_being_written_to(engine: ElasticEngine, prefix: str) -> None:
    client().indices.delete(index=",".join(indices(prefix)))
    assert not engine.is_current
    for use in (lambda: engine.upsert([ENTRY]), lambda: engine.delete([ENTRY.id]), lambda: engine.search(PLAN)):
        with pytest.raises(EngineUnavailableError):
            use()
    assert not indices(prefix)
    engine.create()
    assert engine.is_current
    assert engine.digests() == {}


def test_an_entry_that_the_server_refuses_is_told_of(engine: ElasticEngine) -> None:
    with pytest.raises(EngineUnavailableError, match="refused"):
        engine.upsert([replace(ENTRY, points=((1_000.0, 0.0),))])


# --- a server that is away -----------------------------------------------------------------------------------------

USES: dict[str, Callable[[ElasticEngine], object]] = {
    "search": lambda engine: engine.search(PLAN),
    "create": lambda engine: engine.create(),
    "upsert": lambda engine: engine.upsert([ENTRY]),
    "delete": lambda engine: engine.delete([ENTRY.id]),
    "digests": lambda engine: engine.digests(),
    "terms_of": lambda engine: engine.terms_of([ENTRY.id]),
    "is_current": lambda engine: engine.is_current,
    "begin": lambda engine: engine.begin(),
    "build": lambda engine: engine.build([ENTRY]),
    "swap": lambda engine: engine.swap(),
}


@pytest.fixture
def deaf() -> Iterator[str]:
    """The address of a server that takes a call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"elasticsearch://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def closed() -> str:
    """The address of a port that nobody listens to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"elasticsearch://127.0.0.1:{port}"


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_no_server_is_told_at_once(closed: str, use: Callable[[ElasticEngine], object]) -> None:
    started = time.monotonic()
    with pytest.raises(EngineUnavailableError):
        use(ElasticEngine(closed, "tests"))
    assert time.monotonic() - started < 1


def test_nobody_waits_long_for_a_server_that_does_not_answer(deaf: str) -> None:
    started = time.monotonic()
    with pytest.raises(EngineUnavailableError):
        ElasticEngine(deaf, "tests").search(PLAN)
    assert 0.5 < time.monotonic() - started < 2


def test_no_log_and_no_error_holds_what_was_searched_for(
    engine: ElasticEngine, prefix: str, closed: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    engine.search(PLAN)
    client().indices.delete(index=",".join(indices(prefix)))
    for broken in (engine, ElasticEngine(closed, "tests")):
        with pytest.raises(EngineUnavailableError) as caught:
            broken.search(PLAN)
        assert "salaisuus" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert "salaisuus" not in caplog.text


# --- where the server is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url, address",
    [
        ("elasticsearch://search", Address("search", 9200, DEFAULT_PREFIX)),
        ("elasticsearch://10.0.0.7:9201/own", Address("10.0.0.7", 9201, "own")),
        (
            "elasticsearch://site:p%40ss%2F@search:9200/own?tls=true",
            Address("search", 9200, "own", "site", "p@ss/", is_tls=True),
        ),
    ],
)
def test_an_address_is_read(url: str, address: Address) -> None:
    assert Address.parse(url) == address


@pytest.mark.parametrize(
    "url", ["http://search:9200", "elasticsearch://", "elasticsearch:search", "elasticsearch://search?ssl=true"]
)
def test_a_wrong_address_says_so(url: str) -> None:
    with pytest.raises(ValueError, match="SEARCH_URL"):
        Address.parse(url)


def test_who_asks_is_told_to_the_server() -> None:
    node = Address.parse("elasticsearch://site:secret@search:9200?tls=true").node()
    assert (node.scheme, node.headers["authorization"]) == ("https", "Basic c2l0ZTpzZWNyZXQ=")
