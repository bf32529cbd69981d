"""What an import of HSDS does to our rows: once is enough, a record comes whole or not at all, and all is found."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from wagtail.models import ModelLogEntry, ReferenceIndex

from directory.actions import publish_service, save_draft
from directory.exchange.writing import Writer
from directory.models import Organisation, Place, Service, Term
from directory.signals import services_changed
from tests.directory.exchange.conftest import HSDS, counts, hsds_service
from tests.directory.exchange.test_hsds import JSON
from tests.search.index import settle

SHARED = Path(os.environ.get("SHARED_DIR") or Path(settings.BASE_DIR).parent / "shared")
EXAMPLES = SHARED / "standards" / "hsds" / "3.2.3" / "examples"
KEY = "5a1e0000-0000-4000-8000-000000000001"
BODY = "5a1e0000-0000-4000-8000-000000000900"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
Run = Callable[..., str]


def service(language: str = "fi", key: str = KEY) -> Service:
    """The imported service in a language."""
    return Service.objects.get(translation_key=key, locale__language_code=language)


def like(number: int, **changes: Any) -> dict[str, Any]:
    """The sample service with another id and name, of the same organisation at the same place."""
    return hsds_service(id=f"5a1e0000-0000-4000-8000-{number:012}", name=f"Palvelu {number}", **changes)


def state() -> list[Any]:
    """Everything that a run could have changed."""
    return [
        list(Service.objects.order_by("pk").values("pk", "title", "latest_revision_id", "updated_at", "imported")),
        list(Organisation.objects.order_by("pk").values("pk", "names", "latest_revision_id", "updated_at", "imported")),
        list(Place.objects.order_by("pk").values()),
    ]


# --- what comes in ---------------------------------------------------------------------------------------------------
def test_everything_is_created_and_public(run_hsds: Run) -> None:
    printed = run_hsds(hsds_service())
    assert counts(printed, "all") == {"create": 3, "change": 0, "leave": 0, "withdraw": 0, "fail": 0}
    row = service()
    assert list(Service.objects.public()) == [row]
    assert (row.source, row.source_id, str(row.uuid)) == ("hsds", KEY, KEY)
    assert row.raw == hsds_service()
    assert row.source_changed_at.isoformat() == "2026-03-15T10:30:45.123000+00:00"
    assert (row.title, row.slug) == ("Kirjaston velkapäivystys", "kirjaston-velkapaivystys")
    assert row.summary == "Tule puhumaan veloista & laskuista."
    assert (row.charge, row.age_min, row.age_max, row.stages) == ("free", 18, None, ["3"])
    assert (row.channels, row.languages) == (["on_site"], ["fi", "sv"])
    assert (row.notice, row.how_to_refer) == ("Heinäkuussa olemme poissa.", "Soita ohjaajalle asiakkaan kanssa.")
    assert [term.code for term in row.topics.all()] == ["debt"]
    assert {term.code for term in row.target_groups.all()} == {"children", "families"}
    assert [term.code for term in row.life_events.all()] == ["KE9"]
    assert [town.code for town in row.municipalities.all()] == ["853"]
    assert "Alue: Utopialahti" in row.practical_notes
    assert row.keywords.splitlines() == ["Velkailta", "kirjepino", "brevhög", "Erikoisala"]
    assert [each.name for each in row.required_documents.all()] == ["Kirjeet ja laskut"]
    assert [each.label for each in row.links.all()] == ["Ohjeet"]
    assert [(each.weekday, each.place.name) for each in row.opening_hours.all()] == [(1, "Kirjasto"), (3, "Kirjasto")]
    assert [each.is_closed for each in row.opening_exceptions.all()] == [True]
    (place,) = row.public_places
    assert (place.street, place.municipality.code, place.latitude) == ("Keksitty katu 2", "853", 60.4518)
    body = row.organisation
    assert (str(body), str(body.uuid), body.live, body.business_id) == ("Velkaväen Tuki ry", BODY, True, "0135457-2")


def test_no_import_sets_a_check_date(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    row = service()
    assert (row.checked_on, row.checked_by, row.checked_how) == (None, None, "")


def test_a_row_is_left_as_publishing_would_leave_it(run_hsds: Run) -> None:
    """What is written in few statements can be edited, found in the admin and followed like any other row."""
    run_hsds(hsds_service())
    row = service()
    assert (row.live, row.has_unpublished_changes) == (True, False)
    assert row.latest_revision == row.live_revision
    assert row.first_published_at == row.last_published_at
    copy = row.latest_revision.as_object()
    assert (copy.title, copy.keywords, copy.raw) == (row.title, row.keywords, row.raw)
    assert [each.value for each in copy.contact_ways.all()] == [each.value for each in row.contact_ways.all()]
    assert [term.pk for term in copy.target_groups.all()] == [term.pk for term in row.target_groups.all()]
    assert {entry.action for entry in ModelLogEntry.objects.for_instance(row)} == {"wagtail.publish"}
    references = set(ReferenceIndex.get_references_for_object(row).values_list("content_path_hash", flat=True))
    publish_service(copy)
    assert set(ReferenceIndex.get_references_for_object(row).values_list("content_path_hash", flat=True)) == references


def test_an_editor_goes_on_from_an_imported_row(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    draft = service().latest_revision.as_object()
    draft.title = "Luonnos"
    save_draft(draft)
    run_hsds(hsds_service(minimum_age=16))
    row = service()
    assert (row.title, row.age_min, row.has_unpublished_changes) == ("Kirjaston velkapäivystys", 16, True)
    waiting = row.latest_revision.as_object()
    assert (waiting.title, waiting.age_min) == ("Luonnos", 16)


def test_drafts_wait_for_an_editor(run_hsds: Run) -> None:
    run_hsds(hsds_service(), as_draft=True)
    assert not Service.objects.public().exists()
    assert service().has_unpublished_changes
    assert counts(run_hsds(hsds_service(), as_draft=True), "all")["leave"] == 3
    run_hsds(hsds_service())
    assert Service.objects.public().of_keys([KEY]).exists()


# --- again -----------------------------------------------------------------------------------------------------------
def test_a_second_run_leaves_everything(run_hsds: Run) -> None:
    feed = [hsds_service(), like(2), like(3, service_at_locations=None), like(4, organization={"id": "x", "name": "X"})]
    run_hsds(*feed)
    before = state()
    assert counts(run_hsds(*feed), "all") == {"create": 0, "change": 0, "leave": 7, "withdraw": 0, "fail": 0}
    assert state() == before


def test_mentions_that_differ_do_not_change_to_and_fro(run_hsds: Run) -> None:
    """Each service nests the organisation anew, some with half of it, some with other words."""
    body = hsds_service()["organization"]
    feed = [
        like(1, organization={"id": BODY, "name": "Velkaväen Tuki ry"}),
        like(2, organization={**body, "description": "Toisin sanottu."}),
        like(3, organization={**body, "email": "toinen@yhdistys.example", "name": "Velkaväki"}),
    ]
    run_hsds(*feed)
    row = Organisation.objects.get(source_id=BODY)
    assert (str(row), row.description["fi"], row.email) == (
        "Velkaväen Tuki ry", "Toisin sanottu.", "toimisto@yhdistys.example"
    )  # fmt: skip
    before = state()
    assert counts(run_hsds(*feed), "all")["change"] == 0
    assert state() == before


def test_a_change_arrives_and_what_is_told_no_more_goes(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    changed = hsds_service(minimum_age=None, x_fi_pathway_stage=None, alert=None, phones=[], name="Velkailta")
    assert counts(run_hsds(changed), "service")["change"] == 1
    row = service()
    assert (row.title, row.slug) == ("Velkailta", "kirjaston-velkapaivystys")
    assert (row.age_min, row.stages, row.notice) == (None, [], "")
    assert [way.kind for way in row.contact_ways.all()] == ["phone", "email", "web"]
    assert row.latest_revision.as_object().title == "Velkailta"
    assert counts(run_hsds(changed), "all")["leave"] == 3


def test_an_editors_word_stands(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    row = service()
    row.title, row.guidance_levels = "Apua velkoihin", ["advice"]
    publish_service(row)
    printed = run_hsds(hsds_service(name="Uusi nimi", minimum_age=16), verbosity=2)
    assert "fi: edited here: title" in printed
    row = service()
    assert (row.title, row.guidance_levels, row.age_min) == ("Apua velkoihin", ["advice"], 16)


def test_withdrawn_in_the_source_and_back(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    gone = {"id": KEY, "status": "inactive"}
    assert counts(run_hsds(gone), "service")["withdraw"] == 1
    assert not Service.objects.public().exists()
    assert counts(run_hsds(gone), "service")["leave"] == 1
    assert counts(run_hsds(hsds_service()), "service")["change"] == 1
    assert list(Service.objects.public()) == [service()]


# --- languages -------------------------------------------------------------------------------------------------------
SWEDISH = {"name": "Skuldjour på biblioteket", "description": "Kom och tala.", "alert": None}


def swedish() -> dict[str, Any]:
    """The same service told in Swedish."""
    sample = hsds_service(**SWEDISH)
    sample["organization"] = {**sample["organization"], "name": "Skuldhjälpen rf", "description": "En förening."}
    sample["service_at_locations"][0]["location"]["name"] = "Biblioteket"
    return sample


def test_another_language_is_a_row_and_no_twin(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    assert counts(run_hsds(swedish(), language="sv"), "service")["change"] == 1
    assert {row.language: row.title for row in Service.objects.public()} == {
        "fi": "Kirjaston velkapäivystys",
        "sv": "Skuldjour på biblioteket",
    }
    assert service("sv").slug == service("fi").slug
    body = Organisation.objects.get()
    assert body.names == {"fi": "Velkaväen Tuki ry", "sv": "Skuldhjälpen rf"}
    assert Place.objects.get().name == "Kirjasto"
    before = state()
    assert counts(run_hsds(hsds_service()), "all")["change"] == 0
    assert counts(run_hsds(swedish(), language="sv"), "all")["change"] == 0
    assert state() == before


def test_both_languages_in_one_file(run_hsds: Run) -> None:
    feed = [hsds_service(x_fi_language="fi"), swedish() | {"x_fi_language": "sv"}]
    run_hsds(*feed, language="en")
    assert {row.language for row in Service.objects.public().of_keys([KEY])} == {"fi", "sv"}
    before = state()
    run_hsds(*feed, language="en")
    assert state() == before


def test_simple_finnish_is_a_language_of_its_own(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    run_hsds(hsds_service(name="Apua velkaan"), language="fi-simple")
    assert {row.language for row in Service.objects.public()} == {"fi", "fi-simple"}


# --- one record, one transaction -------------------------------------------------------------------------------------
def test_bad_records_are_told_with_line_and_reason(run_hsds: Run) -> None:
    printed = run_hsds(HSDS / "feed.ndjson")
    assert counts(printed, "file")["fail"] == 4
    assert counts(printed, "service") == {"create": 4, "change": 0, "leave": 0, "withdraw": 0, "fail": 1}
    failures = re.findall(r"^fail.*\n(?: +.*\n)+", printed, re.MULTILINE)
    for line, reason in (
        (4, "a service without a name"),
        (5, "not readable as JSON"),
        (6, "not a JSON object"),
        (7, "the organisation 5a1e0000-0000-4000-8000-000000000999 is neither here nor among the input"),
        (9, "the same id stands earlier in the file"),
    ):
        assert any(f"feed.ndjson, line {line}" in each and reason in each for each in failures), line
    assert len(failures) == 5
    assert (
        Service.objects.get(title="Toinen kerho").organisation
        == Service.objects.get(title="Ensimmäinen kerho").organisation
    )
    by_number = Service.objects.get(title="Kerho numerolla")
    assert (by_number.source_id, by_number.organisation.source_id) == ("17", "kerhot")


def test_of_a_record_that_fails_nothing_stays(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    Service.objects.update(source="own", source_id="")
    other = {"id": "5a1e0000-0000-4000-8000-000000000902", "name": "Uusi yhdistys"}
    location = {"id": "uusi", "location_type": "physical", "name": "Uusi talo"}
    refused = hsds_service(organization=other, service_at_locations=[{"id": "y", "location": location}])
    printed = run_hsds(refused, like(2))
    assert "a service of another origin has this id" in printed
    assert counts(printed, "service") == {"create": 1, "change": 0, "leave": 0, "withdraw": 0, "fail": 1}
    assert not Organisation.objects.filter(source_id=other["id"]).exists()
    assert not Place.objects.filter(source_id="uusi").exists()
    assert "Uusi yhdistys" not in printed


def test_what_a_failed_record_made_is_made_by_the_next(run_hsds: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Writer.write

    def stumble(self: Writer, row: Any, **options: Any) -> None:
        write(self, row, **options)
        if getattr(row, "title", "") == "Palvelu 2":
            raise ValueError("it stumbled")

    monkeypatch.setattr(Writer, "write", stumble)
    printed = run_hsds(like(2), like(3))
    assert "it stumbled" in printed
    assert counts(printed, "all") == {"create": 3, "change": 0, "leave": 0, "withdraw": 0, "fail": 1}
    assert [row.title for row in Service.objects.public()] == ["Palvelu 3"]
    assert Organisation.objects.public().count() == Place.objects.count() == 1


def test_a_parent_that_comes_later(run_hsds: Run) -> None:
    child = {"id": "lapsi", "name": "Paikallinen ry", "parent_organization_id": "emo"}
    feed = [like(1, organization=child), like(2, organization={"id": "emo", "name": "Liitto ry"})]
    run_hsds(*feed)
    assert Organisation.objects.get(source_id="lapsi").parent == Organisation.objects.get(source_id="emo")
    before = state()
    run_hsds(*feed)
    assert state() == before


def test_a_dry_run_tells_the_same_and_writes_nothing(run_hsds: Run) -> None:
    feed = [hsds_service(), like(2), {"id": "x"}]
    told = run_hsds(*feed, dry_run=True)
    assert state() == [[], [], []]
    assert told.removesuffix("Dry run: nothing was written.\n") == run_hsds(*feed)


def test_secret_addresses_stay_out_of_every_column(run_hsds: Run) -> None:
    sample = hsds_service()
    sample["service_at_locations"][0]["location"]["confidential"] = True
    run_hsds(sample)
    place = Place.objects.get()
    assert (place.is_secret, place.latitude, place.street, place.municipality) == (True, None, "", None)
    row = service()
    kept = json.dumps([row.raw, row.imported, place.imported, row.latest_revision.content])
    assert "60.45" not in kept
    assert "Keksitty katu" not in kept


def test_a_place_that_becomes_secret_forgets_where_it_is(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    sample = hsds_service()
    sample["service_at_locations"][0]["confidential"] = True
    run_hsds(sample)
    place = Place.objects.get()
    assert (place.is_secret, place.latitude, place.street, place.post_office, place.municipality) == (
        True, None, "", "", None
    )  # fmt: skip
    assert "60.45" not in json.dumps(place.imported)
    before = state()
    run_hsds(sample)
    assert state() == before


def test_a_secret_place_is_not_made_public_by_an_import(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    Place.objects.update(is_secret=True)
    run_hsds(hsds_service())
    assert Place.objects.get().is_secret


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON, JSON)
def test_no_record_stops_a_run(run_hsds: Run, value: Any, other: Any) -> None:
    odd = dict.fromkeys(hsds_service(), value) | {
        "id": KEY,
        "name": "Outo",
        "organization_id": "o",
        "status": "active",
    }
    printed = run_hsds(odd, {"id": KEY, "name": value, "organization": other}, like(7))
    assert counts(printed, "service")["create"] + counts(printed, "service")["leave"] >= 1
    assert Service.objects.public().filter(title="Palvelu 7").exists()


# --- found -----------------------------------------------------------------------------------------------------------
def found(word: str) -> list[str]:
    settle()
    answer = Client(headers={"host": "localhost"}).get("/api/v1/search", {"q": word}).json()
    return [hit["id"] for hit in answer["results"]]


def test_what_nothing_here_is_called_can_be_searched_for(run_hsds: Run) -> None:
    printed = run_hsds(hsds_service(), like(2))
    assert "2  kirjepino" in printed
    assert "2  Utopialahti" in printed
    assert "velat" not in printed
    assert set(found("kirjepino")) == set(found("brevhög")) == set(found("Utopialahti"))
    assert KEY in found("kirjepino")


def test_the_index_is_told_once_for_many(run_hsds: Run) -> None:
    told: list[list[Any]] = []
    services_changed.connect(receiver := lambda sender, keys, **_more: told.append(keys), weak=False)
    try:
        run_hsds(*(like(number) for number in range(1, 31)))
    finally:
        services_changed.disconnect(receiver)
    assert [len(keys) for keys in told] == [30]


def test_a_changed_organisation_tells_the_index_of_its_services(run_hsds: Run) -> None:
    run_hsds(hsds_service())
    renamed = hsds_service()["organization"] | {"name": "Uudelleennimetyt ry"}
    run_hsds(hsds_service(organization=renamed))
    assert found("uudelleennimetyt") == [KEY]


def test_a_record_costs_few_queries(run_hsds: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand records are to come in while one waits. What the index asks is counted elsewhere."""
    monkeypatch.setattr(services_changed, "send", lambda **_more: [])
    run_hsds(like(1))

    def queries(first: int, last: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            run_hsds(*(like(number) for number in range(first, last)))
        return len(asked)

    assert (queries(100, 130) - queries(200, 210)) / 20 <= 25
    # Of what is here already only what the whole stretch needs is read; a transaction is two statements here.
    assert (queries(100, 130) - queries(200, 210)) / 20 <= 2


# --- the standard's own examples -------------------------------------------------------------------------------------
@pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason="the HSDS examples are not on this machine: SHARED_DIR names the folder of standards"
)
@pytest.mark.parametrize(
    "name, title", [("service_full", "Community Counselling"), ("service_list", "Community Counselling")]
)
def test_the_standards_examples_come_in(run_hsds: Run, name: str, title: str) -> None:
    printed = run_hsds(EXAMPLES / f"{name}.json", language="en")
    assert counts(printed, "service")["create"] == 1
    (row,) = Service.objects.public()
    assert (row.title, row.language) == (title, "en")
    before = state()
    assert counts(run_hsds(EXAMPLES / f"{name}.json", language="en"), "all")["change"] == 0
    assert state() == before


@pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason="the HSDS examples are not on this machine: SHARED_DIR names the folder of standards"
)
def test_what_is_no_service_is_told(run_hsds: Run) -> None:
    for path in sorted(EXAMPLES.glob("*.json")):
        if not path.name.startswith("service_full") and path.name != "service_list.json":
            assert counts(run_hsds(path), "file")["fail"] == 1, path.name
    assert not Service.objects.exists()


def test_terms_are_never_made_of_words(run_hsds: Run) -> None:
    before = Term.objects.count()
    run_hsds(hsds_service())
    assert Term.objects.count() == before
