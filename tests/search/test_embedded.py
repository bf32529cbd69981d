"""The embedded engine answers as the port says: ladder, order, places, exact counts, corrections, any input."""

import random
import time
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

import pytest
from django.conf import settings as site
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.analysis import TextAnalysis
from search.documents import Document
from search.engines import ranking
from search.engines.embedded import EmbeddedEngine
from search.entries import entry_of
from search.finding import Finder, Serving
from search.lexicon import Lexicon
from search.places import Gazetteer, Place
from search.planning import Planner
from search.query import Point, Region, SearchRequest, SearchResults, Sort
from search.vocabulary import Synonyms, load_stop_words, load_synonyms
from tests.search.index import put

SPACE = UUID("6c1f2f0e-9a62-4a4e-8f0c-0d9c1d7f3a11")
JYVASKYLA, LAUKAA, TURKU = "179", "410", "853"
JYVASKYLA_POINT, LAUKAA_POINT, TURKU_POINT = Point(62.24, 25.75), Point(62.41, 25.95), Point(60.45, 22.27)
PLACES = (
    Place(("Jyväskylä",), frozenset({JYVASKYLA}), JYVASKYLA_POINT),
    Place(("Laukaa",), frozenset({LAUKAA})),
    Place(("Turku", "Åbo"), frozenset({TURKU})),
)
GAZETTEER = Gazetteer(PLACES)
ANALYSIS = TextAnalysis(GAZETTEER.terms)
LEXICON = Lexicon(site.SEARCH_DATABASE)
PLANNER = Planner(ANALYSIS, Synonyms(load_synonyms(), ANALYSIS), load_stop_words(), GAZETTEER)


def document(title: str, body: str = "", *, org: str = "", cats: str = "", type: str = "service", **kwargs) -> Document:
    texts = {"title": title, "body": body, "org": org, "cats": cats}
    fields = {name: (("fi", text),) for name, text in texts.items() if text}
    fields.update(kwargs.pop("fields", {}))
    names = (title, org) if org else (title,)
    return Document(type=type, uuid=uuid5(SPACE, title), title=title, fields=fields, names=names, **kwargs)


DOCUMENTS = (
    document(
        "Talous- ja velkaneuvonta",
        "Apua, kun laskut kasaantuvat. Haemme yhdessä velkajärjestelyä.",
        org="Penninvenyttäjät ry",
        cats="velka raha",
        municipalities=(JYVASKYLA,),
        points=(JYVASKYLA_POINT,),
        facets={"topic": ("debt",), "channel": ("on_site", "phone"), "flags": ("anonymous", "no_appointment")},
        checked_on=date(2026, 11, 1),
    ),
    document(
        "Ystävätoiminta yksinäisille vanhuksille",
        "Vapaaehtoinen ystävä tulee kylään tai ulkoilemaan.",
        org="Iltarusko ry",
        municipalities=(LAUKAA,),
        points=(LAUKAA_POINT,),
        facets={"topic": ("loneliness",), "channel": ("on_site",), "flags": ("no_appointment",)},
        checked_on=date(2026, 10, 1),
    ),
    document(
        "Kriisipuhelin",
        "Soita, kun elämä tuntuu raskaalta. Voit puhua nimettömänä.",
        org="Kuuntelijat ry",
        is_nationwide=True,
        is_remote=True,
        facets={"topic": ("crisis",), "channel": ("phone",), "flags": ("anonymous",)},
        checked_on=date(2026, 11, 20),
    ),
    document(
        "Turvakoti Satama",
        "Suojaa, jos kotona on lähisuhdeväkivaltaa. Ei tarvita lähetettä.",
        org="Satama ry",
        municipalities=(TURKU,),
        facets={"topic": ("violence",), "channel": ("on_site",)},
    ),
    document(
        "Olohuone Lyhty",
        "Kohtaamispaikka kaikille. Yksinäisyys helpottaa, kun on seuraa.",
        org="Lyhty ry",
        municipalities=(TURKU,),
        points=(TURKU_POINT,),
        facets={"topic": ("loneliness",), "channel": ("on_site",)},
        checked_on=date(2026, 9, 1),
    ),
    document(
        "Stöd för anhöriga",
        languages=("sv",),
        fields={"title": (("sv", "Stöd för anhöriga"),), "body": (("sv", "Grupp för närståendevårdare i Åbo."),)},
        municipalities=(TURKU,),
        facets={"topic": ("carers",), "language": ("sv",)},
    ),
    document("Omaishoitajien vertaisryhmä", "Ryhmä niille, jotka hoitavat läheistään.", municipalities=(TURKU,),
             facets={"topic": ("carers",), "language": ("fi",)}),
    document("Kysy ja kiinnostu", "Näin otat puheeksi yksinäisyyden.", type="card"),
)  # fmt: skip


@pytest.fixture
def engine(db) -> EmbeddedEngine:
    engine = EmbeddedEngine(ANALYSIS.signature)
    engine.create()
    LEXICON.create(ANALYSIS.signature)
    engine.delete(engine.digests())
    write(engine, *DOCUMENTS)
    return engine


def write(engine: EmbeddedEngine, *documents: Document) -> None:
    put(engine, LEXICON, ANALYSIS, documents)


def find(engine: EmbeddedEngine, text: str = "", **kwargs) -> SearchResults:
    return Finder(Serving(engine), PLANNER, LEXICON).find(SearchRequest(text, **kwargs))


def titles(results: SearchResults) -> list[str]:
    by_uuid = {one.uuid: one.title for one in DOCUMENTS}
    return [by_uuid.get(hit.uuid, "?") for hit in results.hits]


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, title",
    [
        ("velkaneuvonta", "Talous- ja velkaneuvonta"),
        ("velkajarjestely", "Talous- ja velkaneuvonta"),
        ("rahat loppu", "Talous- ja velkaneuvonta"),
        ("yksinäisyys vanhus", "Ystävätoiminta yksinäisille vanhuksille"),
        ("mummo on yksin", "Ystävätoiminta yksinäisille vanhuksille"),
        ("stöd för anhöriga", "Stöd för anhöriga"),
        ("mistä apua kun mies lyö", "Turvakoti Satama"),
        ("ilman lähetettä turvaan", "Turvakoti Satama"),
        ("domestic violence", "Turvakoti Satama"),
        ("kriisi puhelin", "Kriisipuhelin"),
        ("kriispuhelin", "Kriisipuhelin"),
        ("omaishoitajille ryhmiä", "Omaishoitajien vertaisryhmä"),
        ("Satama ry", "Turvakoti Satama"),
    ],
)
def test_what_a_person_types_finds_it_first(engine: EmbeddedEngine, text: str, title: str) -> None:
    assert titles(find(engine, text))[0] == title


def test_the_correction_is_reported(engine: EmbeddedEngine) -> None:
    (correction,) = find(engine, "velkajarjestely").corrections
    assert (correction.typed, correction.searched) == ("velkajarjestely", "velkajärjestely")


def test_the_title_comes_before_all_else(engine: EmbeddedEngine) -> None:
    louder = document("Kriisi kriisipuhelin kriisipuhelin", "Kriisipuhelin " * 20, cats="kriisipuhelin kriisipuhelin")
    write(engine, louder)
    hits = find(engine, "KRIISIPUHELIN!").hits
    assert hits[0].uuid == uuid5(SPACE, "Kriisipuhelin")
    assert hits[0].is_named
    assert not hits[1].is_named


def test_all_words_come_before_some(engine: EmbeddedEngine) -> None:
    steps = [hit.step for hit in find(engine, "yksinäisyys kohtaamispaikka").hits]
    assert steps[0] == 1
    assert steps == sorted(steps)


def test_twenty_hits_with_all_words_are_enough(engine: EmbeddedEngine) -> None:
    write(engine, *(document(f"Perhekerho liikuntasalissa {n}", "Perheille liikuntaa.") for n in range(20)))
    write(engine, *(document(f"Perheille laulua {n}") for n in range(5)))
    results = find(engine, "perhe liikunta", per_page=100)
    assert results.total == 20
    assert {hit.step for hit in results.hits} == {1}


def test_a_page_from_the_best_rows_alone_is_the_page_of_all(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    words = ("velka", "raha", "koti", "perhe", "laulu", "retki")
    write(
        engine,
        *(
            document(
                f"{chance.choice(words)} {number}",
                " ".join(chance.choices(words, k=chance.randint(3, 12))),
                type=chance.choice(("service", "service", "card")),
                municipalities=(chance.choice((TURKU, LAUKAA)),),
                facets={"topic": (chance.choice(("debt", "crisis")),)},
                is_stale=chance.random() < 0.3,
            )
            for number in range(300)
        ),
    )
    asked = [
        {"text": text, "page": page, "facets": facets, "language": language}
        for text in ("velka", "raha perhe", "laulu retki koti", "velka Turku")
        for page in (1, 2, 3)
        for facets in ({}, {"type": ("service",)}, {"topic": ("debt",), "type": ("service",)})
        for language in ("fi", "sv")
    ]
    quick = [find(engine, **each) for each in asked]
    monkeypatch.setattr(ranking, "MOST_OF_BEST", 0)
    for each, found in zip(asked, quick, strict=True):
        assert found == find(engine, **each), each


def test_the_language_of_the_page_lifts_its_listings(engine: EmbeddedEngine) -> None:
    assert titles(find(engine, "åbo anhöriga", language="sv"))[0] == "Stöd för anhöriga"
    titled = {"title": (("fi", "Crisis-ryhmä"), ("sv", "Crisis-grupp"))}
    finnish = replace(document("a", fields=titled), languages=("fi",))
    swedish = replace(document("b", fields=titled), languages=("fi", "sv"))
    write(engine, finnish, swedish)
    assert find(engine, "crisis grupp", language="sv").hits[0].uuid == swedish.uuid


def test_what_nobody_has_checked_for_long_comes_after_its_like_and_is_still_there(engine: EmbeddedEngine) -> None:
    """The stale one has the newer date: without the rule it would be first."""
    both = {"title": (("fi", "Kuutamokerho"),)}
    stale = document("Kuutamokerho A", fields=both, checked_on=date(2026, 11, 2), is_stale=True)
    fresh = document("Kuutamokerho B", fields=both, checked_on=date(2026, 11, 1))
    write(engine, stale, fresh)
    assert [hit.uuid for hit in find(engine, "kuutamokerho").hits] == [fresh.uuid, stale.uuid]
    assert [hit.uuid for hit in find(engine, "kuutamokerho", sort=Sort.CHECKED).hits] == [stale.uuid, fresh.uuid]


def test_a_stale_one_that_fits_far_better_is_still_first(engine: EmbeddedEngine) -> None:
    stale = document("Kuutamokerho miehille", "Kuutamokerho", is_stale=True)
    beside = document("Laulua", "Kerromme, mitä tehdään, ja joskus käymme myös toisessa kuutamokerhossa.")
    write(engine, stale, beside)
    assert [hit.uuid for hit in find(engine, "kuutamokerho").hits] == [stale.uuid, beside.uuid]


def test_the_exact_name_of_a_stale_one_leads(engine: EmbeddedEngine) -> None:
    stale = replace(document("Kuutamokerho"), is_stale=True)
    write(engine, stale, document("Kuutamokerhon kuutamokerho", "Kuutamokerho kuutamokerho"))
    first, second = find(engine, "kuutamokerho").hits
    assert first.uuid == stale.uuid
    assert first.is_named
    assert not second.is_named


# --- filters and counts --------------------------------------------------------------------------------------------


def test_without_words_everything_is_there_newest_check_first(engine: EmbeddedEngine) -> None:
    results = find(engine)
    assert results.total == len(DOCUMENTS)
    assert titles(results)[:2] == ["Kriisipuhelin", "Talous- ja velkaneuvonta"]


def test_a_count_is_what_choosing_it_gives(engine: EmbeddedEngine) -> None:
    for chosen in ({}, {"topic": ("loneliness",)}, {"channel": ("on_site",), "topic": ("debt", "loneliness")}):
        before = find(engine, facets=chosen)
        for facet in before.facets:
            if facet.name == "municipality":
                continue  # its results also hold what can be had anywhere
            for value in facet.values:
                others = chosen.get(facet.name, ())
                needs_all = facet.name in {"flags", "accessibility"}
                alone = (*others, value.value) if needs_all else (value.value,)
                assert value.count == find(engine, facets={**chosen, facet.name: alone}).total, (chosen, value)


def test_values_of_one_facet_widen_and_wishes_narrow(engine: EmbeddedEngine) -> None:
    assert find(engine, facets={"topic": ("debt", "crisis")}).total == 2
    assert titles(find(engine, facets={"flags": ("anonymous", "no_appointment")})) == ["Talous- ja velkaneuvonta"]


def test_a_choice_that_finds_nothing_says_what_to_loosen(engine: EmbeddedEngine) -> None:
    results = find(engine, "velkaneuvonta", facets={"topic": ("debt",), "channel": ("chat",)})
    assert results.total == 0
    assert results.without == {"channel": 1, "topic": 0}
    assert results.facet("channel").count("chat") == 0
    assert results.facet("channel").values[-1].is_chosen


def test_pages_divide_the_hits(engine: EmbeddedEngine) -> None:
    pages = [find(engine, per_page=3, page=page) for page in (1, 2, 3, 10_000)]
    assert [len(page.hits) for page in pages] == [3, 3, len(DOCUMENTS) - 6, 0]
    assert len({hit.uuid for page in pages for hit in page.hits}) == len(DOCUMENTS)
    assert pages[0].pages == 3


# --- places --------------------------------------------------------------------------------------------------------


def test_a_municipality_has_its_own_and_what_is_had_anywhere(engine: EmbeddedEngine) -> None:
    results = find(engine, facets={"municipality": (JYVASKYLA,)})
    assert titles(results) == ["Talous- ja velkaneuvonta", "Kriisipuhelin"]
    assert [hit.region for hit in results.hits] == [Region.LOCAL, Region.NATIONWIDE]
    assert results.regions == {Region.LOCAL: 1, Region.NATIONWIDE: 1}
    assert results.facet("municipality").count(JYVASKYLA) == 1
    assert results.facet("municipality").count(TURKU) == 4


def test_near_a_municipality_counts_as_local(engine: EmbeddedEngine) -> None:
    chosen = {"facets": {"municipality": (JYVASKYLA,)}, "near": JYVASKYLA_POINT}
    assert find(engine, radius_km=30.0, **chosen).regions[Region.LOCAL] == 2
    assert find(engine, radius_km=5.0, **chosen).regions[Region.LOCAL] == 1


def test_near_me_is_sorted_by_distance(engine: EmbeddedEngine) -> None:
    results = find(engine, near=LAUKAA_POINT, sort=Sort.DISTANCE)
    assert titles(results)[:3] == [
        "Ystävätoiminta yksinäisille vanhuksille",
        "Talous- ja velkaneuvonta",
        "Olohuone Lyhty",
    ]
    assert results.hits[0].distance_km == pytest.approx(0)
    assert results.hits[-1].distance_km is None


def test_a_place_in_the_words_narrows(engine: EmbeddedEngine) -> None:
    results = find(engine, "yksinäisyys Turussa")
    assert titles(results) == ["Olohuone Lyhty"]
    assert results.place_names == ("Turku",)


def test_a_place_where_nothing_is_found_shows_the_rest(engine: EmbeddedEngine) -> None:
    results = find(engine, "velkaneuvonta Turussa")
    assert titles(results)[0] == "Talous- ja velkaneuvonta"
    assert results.hits[0].region is Region.ELSEWHERE


def test_a_place_alone_lists_what_is_there(engine: EmbeddedEngine) -> None:
    results = find(engine, "Turku")
    assert set(titles(results)[:4]) == {
        "Turvakoti Satama", "Olohuone Lyhty", "Stöd för anhöriga", "Omaishoitajien vertaisryhmä",
    }  # fmt: skip
    assert titles(results)[4:] == ["Kriisipuhelin"]


def test_a_place_in_the_title_belongs_to_it(engine: EmbeddedEngine) -> None:
    write(engine, document("Laukaan perhekahvila"))
    assert [hit.uuid for hit in find(engine, "perhekahvila Laukaa").hits] == [uuid5(SPACE, "Laukaan perhekahvila")]


def test_sorting_by_the_newest_check(engine: EmbeddedEngine) -> None:
    found = titles(find(engine, "yksinäisyys", sort=Sort.CHECKED))
    assert found.index("Ystävätoiminta yksinäisille vanhuksille") < found.index("Olohuone Lyhty")


def test_the_distance_from_turku_to_jyvaskyla(engine: EmbeddedEngine) -> None:
    distances = {hit.uuid: hit.distance_km for hit in find(engine, near=TURKU_POINT).hits}
    assert distances[DOCUMENTS[0].uuid] == pytest.approx(273, abs=5)


# --- writing -------------------------------------------------------------------------------------------------------


def test_a_document_is_replaced_not_doubled(engine: EmbeddedEngine) -> None:
    changed = replace(DOCUMENTS[2], fields={"title": (("fi", "Kuunteleva korva"),)}, title="Kuunteleva korva", names=())
    write(engine, changed)
    assert find(engine).total == len(DOCUMENTS)
    assert find(engine, "Kuunteleva korva").hits[0].uuid == changed.uuid
    assert find(engine, "raskaalta").total == 0


def test_a_deleted_document_is_gone(engine: EmbeddedEngine) -> None:
    engine.delete([DOCUMENTS[0].id, "service:00000000-0000-0000-0000-000000000000"])
    assert find(engine, "velkaneuvonta").total == 0
    assert DOCUMENTS[0].id not in engine.digests()


def test_a_write_is_undone_with_its_transaction(engine: EmbeddedEngine) -> None:
    with transaction.atomic(using=engine._database):
        engine.delete([DOCUMENTS[0].id])
        assert find(engine, "velkaneuvonta").total == 0
        transaction.set_rollback(True, using=engine._database)
    assert find(engine, "velkaneuvonta").total == 1


def test_a_row_written_between_two_reads_waits_for_the_next_search(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = engine.snapshot()
    write(engine, document("Kriisipuhelin nuorille"))
    with monkeypatch.context() as patch:
        patch.setattr(engine, "snapshot", lambda: before)
        assert find(engine, "kriisipuhelin").total == 1
    assert find(engine, "kriisipuhelin").total == 2


def test_many_writes_leave_the_counts_right(engine: EmbeddedEngine) -> None:
    """A snapshot that follows changes one by one is what one read anew would be."""
    for round in range(4):
        for one in DOCUMENTS[round:]:
            write(engine, replace(one, checked_on=date(2026, 1, round + 1)))
            find(engine)
    engine.delete([DOCUMENTS[1].id])
    followed, anew = find(engine, near=TURKU_POINT), find(EmbeddedEngine(ANALYSIS.signature), near=TURKU_POINT)
    assert followed == anew
    assert followed.total == len(DOCUMENTS) - 1


def test_another_process_sees_a_write_at_the_next_search(engine: EmbeddedEngine) -> None:
    other = EmbeddedEngine(ANALYSIS.signature)
    assert find(other, "kriisipuhelin").total == 1
    write(engine, document("Kriisipuhelin nuorille"))
    assert find(other, "kriisipuhelin").total == 2


# --- a rebuild -----------------------------------------------------------------------------------------------------


def test_a_rebuild_serves_only_after_the_swap(engine: EmbeddedEngine) -> None:
    engine.begin()
    engine.build([entry_of(document("Uusi kriisipuhelin"), ANALYSIS)])
    assert find(engine, "kriisipuhelin").total == 1
    assert len(find(engine).hits) == len(DOCUMENTS)
    engine.swap()
    assert find(engine).total == 1


def test_a_rebuild_is_taken_up_and_keeps_what_was_written_meanwhile(engine: EmbeddedEngine) -> None:
    old, new = document("Kerho"), replace(document("Kerho"), checked_on=date(2026, 11, 2))
    engine.begin()
    engine.build([entry_of(DOCUMENTS[0], ANALYSIS)])
    write(engine, new)
    engine.delete([DOCUMENTS[0].id])
    held = engine.begin()
    assert held == {new.id: entry_of(new, ANALYSIS).digest}
    engine.build([entry_of(old, ANALYSIS)])
    assert engine.built() == held


def test_a_rebuild_of_other_analysers_starts_anew(engine: EmbeddedEngine) -> None:
    engine.begin()
    engine.build([entry_of(DOCUMENTS[0], ANALYSIS)])
    assert engine.is_current
    other = EmbeddedEngine(TextAnalysis(("Kuopio",)).signature)
    assert not other.is_current
    assert other.begin() == {}
    other.swap()
    assert other.is_current
    assert not engine.is_current


def test_creating_twice_keeps_what_is_there(engine: EmbeddedEngine) -> None:
    engine.create()
    assert engine.digests().keys() == {one.id for one in DOCUMENTS}


def test_without_an_index_it_is_not_current(engine: EmbeddedEngine) -> None:
    with transaction.atomic(using=engine._database):
        with connections[engine._database].cursor() as cursor:
            cursor.execute("DROP TABLE search_value")
        assert not engine.is_current
        engine.create()
        assert engine.is_current
        assert not engine.digests()


# --- any input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "velka" * 2_000,
        "velka neuvonta " * 700,
        " ".join(f"sana{n}" for n in range(1_500)),
        'AND OR NOT NEAR(a b, 2) title: "x" ^a* {title org} : (a) - + \\ ; --',
        '"', "*", "a*", "^", "(", ")", ":", "''", "title:velka", "-velka", "%", "_", "s_skuld", "e_debt",
        "\x00\x01\x02velka\x7f", "\ud800", "🎉👩‍👩‍👧", "مساعدة", "\u202evelka", "ﬀ", "İstanbul", "ß", "\n\t", "０１２",
    ],
)  # fmt: skip
def test_no_text_raises_or_takes_long(engine: EmbeddedEngine, text: str) -> None:
    started = time.perf_counter()
    find(engine, text)
    assert time.perf_counter() - started < 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_any_text_gets_an_answer(engine: EmbeddedEngine, text: str) -> None:
    results = find(engine, text)
    assert 0 <= len(results.hits) <= results.total or results.total == 0


def test_fifty_choices_at_once(engine: EmbeddedEngine) -> None:
    facets = {name: tuple(f"x{n}" for n in range(50)) for name in ("topic", "target", "municipality", "flags")}
    assert find(engine, "velka", facets=facets).total == 0


def test_what_was_typed_is_only_ever_a_parameter(engine: EmbeddedEngine) -> None:
    with connections[engine._database].execute_wrapper(_no_secret):
        find(engine, 'salasana "salaisuus')


def _no_secret(execute, sql, params, many, context):
    assert "sala" not in sql
    return execute(sql, params, many, context)
