"""Both engines give the same answers to the same plans, and keep the same promises about writing.

What the answers should be is told by test_embedded.py, on a few documents and in words. Here some hundred invented
plans of every kind go to both; then what people type, over the content of the site.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.conf import settings

from search import indexing, sources
from search.engines.base import RawResult, SearchEngine
from search.engines.elastic import ElasticEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.ranking import STALE_BOOST
from search.entries import Entry, entry_of
from search.places import Place
from search.planning import Plan
from search.query import Group, Point, Region, SearchRequest, Sort
from tests.search.elastic import address_of_an_index

TOWNS = {
    "179": Point(62.24, 25.75), "410": Point(62.41, 25.95), "853": Point(60.45, 22.27), "091": Point(60.17, 24.94),
}  # fmt: skip
PLACES = (
    Place(("Jyväskylä",), frozenset({"179"}), TOWNS["179"]),
    Place(("Turku", "Åbo"), frozenset({"853"})),
    Place(("Keski-Suomi",), frozenset({"179", "410"})),
    Place(("Utsjoki",), frozenset({"890"}), Point(69.9, 27.0)),
)
WORDS = [f"sana{n}" for n in range(120)]
WEIGHTS = [1 / (n + 5) for n in range(120)]
SIZE = 300


def words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, WEIGHTS, k=count))


def entry(number: int) -> Entry:
    """An invented entry; the same number is always the same entry."""
    chance = random.Random(number)
    title = words(chance, chance.randint(1, 4))
    towns = chance.sample(list(TOWNS), chance.choice([0, 1, 1, 1, 2]))
    is_nationwide = chance.random() < 0.15
    fields = {
        "title": title,
        "cats": words(chance, chance.randint(0, 6)),
        "org": words(chance, 2),
        "body": words(chance, chance.randint(5, 40)),
        "practical": words(chance, chance.randint(0, 30)),
        "muni": "turku" if "853" in towns or chance.random() < 0.05 else "",
    }
    facets = {
        "type": ("card" if chance.random() < 0.2 else "service",),
        "stage": tuple(chance.sample("12345", chance.randint(0, 2))),
        "topic": tuple(chance.sample(["debt", "crisis", "carers", "housing", "work"], chance.randint(0, 3))),
        "channel": tuple(chance.sample(["on_site", "phone", "chat"], chance.randint(0, 3))),
        "flags": tuple(chance.sample(["anonymous", "outreach", "interpreter"], chance.randint(0, 3))),
        "municipality": tuple(towns),
        "area": ("nationwide",) if is_nationwide else ("local",) if towns else (),
    }
    points = [TOWNS[town] for town in towns if chance.random() < 0.7]
    return Entry(
        id=f"service:{number:05}",
        fields=fields,
        facets=facets,
        languages=chance.choice([("fi",), ("fi", "sv"), ("sv",)]),
        names=(title, fields["org"]),
        points=tuple((p.lat + chance.uniform(-0.3, 0.3), p.lon + chance.uniform(-0.3, 0.3)) for p in points),
        is_nationwide=is_nationwide,
        is_remote=chance.random() < 0.1,
        checked=chance.choice([0, 740_000, 740_010, 740_020]),
        # Not asked of `chance`: the other entries stay as they were.
        is_stale=number % 5 == 0,
        title_key=chance.randint(0, 2**56),
        digest=f"digest{number}",
    )


ENTRIES = [entry(number) for number in range(SIZE)]


def plan(seed: int) -> Plan:
    """An invented plan; the same seed is always the same plan."""
    chance = random.Random(f"plan {seed}")
    typed = [tuple(dict.fromkeys(chance.choices(WORDS, k=chance.randint(1, 3)))) for _ in range(chance.randint(0, 4))]
    places = tuple(chance.sample(PLACES, chance.choice([0, 0, 0, 1, 2])))
    groups = tuple(
        Group(terms[0], terms, spare=tuple(chance.sample(WORDS[:4], chance.choice([0, 0, 1]))))
        for terms in dict.fromkeys(typed)
    )
    text = " ".join([group.word for group in groups] + [place.names[0] for place in places])
    if text and chance.random() < 0.2:
        text = chance.choice(ENTRIES).names[0]
    facets: dict[str, tuple[str, ...]] = {}
    for name in chance.sample(
        ["topic", "channel", "flags", "municipality", "type", "area"], chance.choice([0, 0, 1, 2])
    ):
        values = sorted({value for one in ENTRIES for value in one.facets[name]} | {"890"})
        facets[name] = tuple(chance.sample(values, chance.randint(1, min(2, len(values)))))
    near = chance.choice([None, None, *TOWNS.values()])
    sort = chance.choice([Sort.FIT, Sort.FIT, Sort.CHECKED, *([Sort.DISTANCE] if near else [])])
    request = SearchRequest(
        text,
        language=chance.choice(["fi", "fi", "sv"]),
        facets=facets,
        near=near,
        radius_km=chance.choice([None, 10.0, 40.0]) if near else None,
        sort=sort,
        page=chance.choice([1, 1, 1, 2]),
        per_page=chance.choice([10, 20]),
    )
    return Plan(request=request, groups=groups, places=places, name=text)


PLANS = [plan(seed) for seed in range(200)]


PLANS = [plan(seed) for seed in range(200)]


def both(url: str, signature: str) -> tuple[EmbeddedEngine, ElasticEngine]:
    return (
        EmbeddedEngine(signature, settings.SEARCH_DATABASE),
        ElasticEngine(url, signature, is_read_at_once=True),
    )


@pytest.fixture
def engines(db: None) -> Iterator[tuple[SearchEngine, ...]]:
    """Both, with the same entries."""
    with address_of_an_index() as url:
        engines = both(url, "tests")
        for engine in engines:
            engine.create()
            engine.upsert(ENTRIES)
        yield engines


def top_shared(*answers: RawResult) -> float:
    """How much of the first ten is the same; 1 when there is nothing."""
    a, b = ({hit.id for hit in one.hits[:10]} for one in answers)
    return len(a & b) / max(len(a), len(b)) if a or b else 1.0


# --- reading -------------------------------------------------------------------------------------------------------


def test_invented_plans_find_and_count_the_same(engines: tuple[SearchEngine, ...]) -> None:
    shared = []
    for seed, one in enumerate(PLANS):
        a, b = (engine.search(one) for engine in engines)
        told = f"plan {seed}: {one}"
        assert (b.total, b.regions, b.without) == (a.total, a.regions, a.without), told
        assert b.facets == a.facets, told
        # Scores differ a little between engines, what stands above them in the order does not.
        assert [hit.step for hit in b.hits] == [hit.step for hit in a.hits], told
        known = {hit.id: hit for hit in a.hits}
        for hit in b.hits:
            if other := known.get(hit.id):
                assert (hit.is_named, hit.region) == (other.is_named, other.region), told
                assert hit.distance_km == pytest.approx(other.distance_km, abs=0.01), told
        if not one.groups:
            assert [hit.id for hit in b.hits] == [hit.id for hit in a.hits], told
        elif one.request.page == 1 and one.request.sort is Sort.FIT:
            shared.append(top_shared(a, b))
    assert sum(shared) / len(shared) >= 0.9


def test_the_plans_are_of_every_kind(engines: tuple[SearchEngine, ...]) -> None:
    """Else the test above would say little."""
    found = [engines[0].search(one) for one in PLANS]
    hits = [hit for one in found for hit in one.hits]
    assert {hit.step for hit in hits} == {0, 1, 2, 3, 4}
    assert {hit.region for hit in hits} == {None, *Region}
    assert any(hit.is_named for hit in hits)
    assert any(one.without for one in found)
    assert any(one.request.sort is Sort.DISTANCE and result.regions for one, result in zip(PLANS, found, strict=True))


def test_both_let_fresh_come_before_stale_and_a_name_before_both(engines: tuple[SearchEngine, ...]) -> None:
    same = {**ENTRIES[0].fields, "title": "uutuus", "cats": "", "org": ""}
    plain = replace(ENTRIES[0], fields=same, facets={"type": ("service",)}, languages=("fi",), names=(), title_key=1)
    stale = replace(plain, id="service:stale", is_stale=True, checked=740_020)
    fresh = replace(plain, id="service:fresh", is_stale=False, checked=0)
    named = replace(stale, id="service:named", names=("uutuus",))
    one = Plan(SearchRequest("uutuus"), (Group("uutuus", ("uutuus",)),), name="uutuus")
    for engine in engines:
        engine.upsert([stale, fresh, named])
        assert [hit.id for hit in engine.search(one).hits] == [named.id, fresh.id, stale.id], engine.name
        by_id = {hit.id: hit.score for hit in engine.search(one).hits}
        assert by_id[stale.id] == pytest.approx(by_id[fresh.id] * STALE_BOOST, rel=1e-3), engine.name


TYPED = (
    "velkaneuvonta", "rahat loppu", "yksinäisyys vanhus", "mistä apua kun mies lyö", "ilman lähetettä", "omaishoitaja",
    "kriisipuhelin", "mielenterveys nuoret", "asunto", "asunnottomuus", "päihteet", "läheisen päihteet", "vertaistuki",
    "työttömyys", "ruoka-apu", "vammaispalvelu", "ero ja lapset", "maahanmuuttaja", "suomen kieli", "eläke",
    "stöd för anhöriga", "ensam", "debt advice", "domestic violence", "loneliness", "velkajarjestely", "surullinen olo",
    "perhe", "lapsi ei puhu", "muistisairaus", "järjestö", "ryhmä", "keskusteluapua netissä", "apua kotiin",
    "yksinäisyys Turku", "velkaneuvonta Jyväskylä", "Jyväskylä", "puheeksi ottaminen", "digituki", "liikunta",
)  # fmt: skip


def test_what_people_type_finds_the_same_over_the_whole_content(site: None) -> None:
    finder = indexing.finder()
    signature = indexing.analysis().signature
    shared = []
    with address_of_an_index() as url:
        engines = both(url, signature)
        engines[1].create()
        for documents in indexing.public_documents(sources.public_ids()):
            engines[1].upsert(entry_of(document, indexing.analysis()) for document in documents)
        for text in TYPED:
            a, b = (engine.search(finder.plan(SearchRequest(text))) for engine in engines)
            assert (b.total, b.facets, b.regions) == (a.total, a.facets, a.regions), text
            shared.append(top_shared(a, b))
    assert sum(shared) / len(shared) >= 0.9


# --- writing -------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["embedded", "elastic"])
def make(request: pytest.FixtureRequest, db: None) -> Iterator[Callable[[str], SearchEngine]]:
    """Makes an engine for a signature of analysers; the same index each time."""
    if request.param == "embedded":
        yield lambda signature: EmbeddedEngine(signature, settings.SEARCH_DATABASE)
    else:
        with address_of_an_index() as url:
            yield lambda signature: ElasticEngine(url, signature, is_read_at_once=True)


@pytest.fixture
def engine(make: Callable[[str], SearchEngine]) -> SearchEngine:
    engine = make("one")
    engine.create()
    engine.delete(engine.digests())
    engine.upsert(ENTRIES[:20])
    return engine


def ids(engine: SearchEngine, term: str = "") -> set[str]:
    """What is found with a term, or all there is."""
    groups = (Group(term, (term,)),) if term else ()
    return {hit.id for hit in engine.search(Plan(SearchRequest(term, per_page=100), groups)).hits}


def with_title(one: Entry, title: str) -> Entry:
    return replace(one, fields={**one.fields, "title": title}, digest=f"titled {title}")


def test_an_entry_is_replaced_not_doubled(engine: SearchEngine) -> None:
    assert engine.upsert([with_title(ENTRIES[3], "uutuus")]) == 1
    assert len(ids(engine)) == 20
    assert ids(engine, "uutuus") == {ENTRIES[3].id}
    assert engine.digests()[ENTRIES[3].id] == "titled uutuus"


def test_an_entry_that_is_taken_out_is_gone(engine: SearchEngine) -> None:
    engine.delete([ENTRIES[3].id, "service:unknown"])
    assert ids(engine) == {one.id for one in ENTRIES[:20]} - {ENTRIES[3].id}
    assert engine.digests().keys() == ids(engine)


def test_terms_are_told_of_what_is_held(engine: SearchEngine) -> None:
    assert engine.terms_of([ENTRIES[0].id, ENTRIES[30].id]) == {ENTRIES[0].id: ENTRIES[0].terms()}


def test_creating_again_keeps_what_is_there(engine: SearchEngine, make: Callable[[str], SearchEngine]) -> None:
    make("one").create()
    assert len(ids(engine)) == 20


def test_a_rebuild_is_made_while_the_old_index_serves(engine: SearchEngine) -> None:
    assert engine.begin() == {}
    assert engine.build(ENTRIES[10:40]) == 30
    assert len(ids(engine)) == 20
    assert engine.built() == {one.id: one.digest for one in ENTRIES[10:40]}
    engine.unbuild([ENTRIES[10].id])
    engine.swap()
    assert ids(engine) == {one.id for one in ENTRIES[11:40]} == engine.digests().keys()


def test_an_unfinished_rebuild_is_taken_up(engine: SearchEngine, make: Callable[[str], SearchEngine]) -> None:
    engine.begin()
    engine.build(ENTRIES[:5])
    assert make("one").begin() == {one.id: one.digest for one in ENTRIES[:5]}
    assert engine.build(ENTRIES[:8]) == 3
    engine.swap()
    assert len(ids(engine)) == 8


def test_a_rebuild_of_other_analysers_begins_anew(engine: SearchEngine, make: Callable[[str], SearchEngine]) -> None:
    engine.begin()
    engine.build(ENTRIES[:5])
    other = make("two")
    assert other.begin() == {}
    other.build(ENTRIES[5:8])
    assert engine.is_current
    assert not other.is_current
    other.swap()
    assert other.is_current
    assert not engine.is_current
    assert ids(other) == {one.id for one in ENTRIES[5:8]}


def test_what_is_written_during_a_rebuild_is_in_both(engine: SearchEngine) -> None:
    engine.begin()
    engine.build(ENTRIES[:5])
    engine.upsert([with_title(ENTRIES[0], "uutuus"), with_title(ENTRIES[6], "uutuus")])
    engine.delete([ENTRIES[1].id])
    # Read before the change, built after it.
    engine.build([ENTRIES[6]])
    assert ids(engine, "uutuus") == {ENTRIES[0].id, ENTRIES[6].id}
    assert ENTRIES[1].id not in ids(engine)
    engine.swap()
    assert ids(engine, "uutuus") == {ENTRIES[0].id, ENTRIES[6].id}
    assert ids(engine) == {ENTRIES[number].id for number in (0, 2, 3, 4, 6)}


def test_a_rebuild_can_follow_another(engine: SearchEngine) -> None:
    for size in (3, 4):
        assert engine.begin() == {}
        engine.build(ENTRIES[:size])
        engine.swap()
        assert len(ids(engine)) == size
