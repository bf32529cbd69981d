"""What an import does to our rows: once is enough, an editor's word stands, and a bad record stops nobody else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from directory.actions import publish_service, save_draft
from directory.models import Organisation, Place, Service, Term
from tests.directory.exchange.conftest import (
    FORM_ID,
    ORGANISATION_ID,
    PLACE_ID,
    SERVICE_ID,
    Catalogue,
    counts,
    said,
    weekdays,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
Run = Callable[..., str]


def service(language: str = "fi") -> Service:
    """The imported service in a language."""
    return Service.objects.get(translation_key=SERVICE_ID, locale__language_code=language)


def test_everything_is_created_and_public(catalogue: Catalogue, run: Run) -> None:
    printed = run(catalogue)
    assert counts(printed, "service") == {"create": 1, "change": 0, "leave": 0, "withdraw": 0, "fail": 0}
    row = service()
    assert set(Service.objects.public().of_keys([SERVICE_ID])) == {row, service("sv")}
    assert (row.source, row.source_id, str(row.uuid)) == ("ptv", SERVICE_ID, SERVICE_ID)
    assert row.source_changed_at.isoformat() == "2026-03-01T22:30:00+00:00"
    assert row.raw == catalogue.service
    assert row.checked_on is None
    assert row.stages == []
    assert row.latest_revision == row.live_revision
    assert row.title == "Velkaneuvonta"
    assert row.summary == "Apua, kun velat painavat."
    assert row.keywords.splitlines() == ["Talousapu", "ulosotto", "perintä"]
    assert [term.code for term in row.topics.all()] == ["debt"]
    assert {term.code for term in row.target_groups.all()} == {"children", "families", "KR3"}
    assert {term.code for term in row.service_classes.all()} == {"P15.1", "P99.1"}
    assert [term.code for term in row.life_events.all()] == ["KE9"]
    assert {town.code for town in row.municipalities.all()} == {"091", "049"}
    (place,) = row.public_places
    assert (place.name, place.street, place.municipality.code) == ("Neuvontapiste", "Keksitty katu 7", "091")
    assert [(each.weekday, each.place.source_id) for each in row.opening_hours.all()] == [
        (day, PLACE_ID) for day in range(1, 6)
    ]
    ways = {way.value: way for way in row.public_contact_ways}
    assert ways["+358410000001"].label == "Neuvontapiste"
    assert (ways["116 000"].price, ways["116 000"].hours) == ("Maksuton", "ma 8.00–12.00")
    assert [each.name for each in row.required_documents.all()] == ["Hakemus"]
    assert row.organisation.raw == catalogue.files["organizations/1.json"]
    assert (row.organisation.live, row.organisation.home_municipality_id) == (True, "091")
    assert str(row.organisation.uuid) == ORGANISATION_ID


def test_another_language_is_a_row_with_the_same_facts(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    finnish, swedish = service("fi"), service("sv")
    assert swedish.title == "Skuldrådgivning"
    assert swedish.slug == finnish.slug == "velkaneuvonta"
    assert swedish.charge == finnish.charge == "free"
    assert {way.value: way.label for way in swedish.public_contact_ways}["116 000"] == "Rådgivningsnumret"


def test_a_service_without_finnish_starts_from_what_it_has(catalogue: Catalogue, run: Run) -> None:
    catalogue.service["serviceNames"] = [{"language": "sv", "type": "Name", "value": "Skuldrådgivning"}]
    run(catalogue)
    assert [row.language for row in Service.objects.of_keys([SERVICE_ID])] == ["sv"]
    assert service("sv").slug == "skuldradgivning"


def test_a_second_run_leaves_everything(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    before = {row.pk: row.latest_revision_id for row in Service.objects.all()}
    printed = run(catalogue)
    assert counts(printed, "all") == {"create": 0, "change": 0, "leave": 3, "withdraw": 0, "fail": 0}
    assert {row.pk: row.latest_revision_id for row in Service.objects.all()} == before


def test_a_change_in_the_source_arrives_field_by_field(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    catalogue.service["serviceChargeType"] = "Chargeable"
    catalogue.files["servicechannels/place.json"]["serviceHours"] = [weekdays("Monday", "", "10:00", "11:00")]
    printed = run(catalogue)
    assert "fi: charge: 'free' → 'chargeable'" in printed
    row = service()
    assert row.charge == "chargeable"
    assert [(each.weekday, each.opens.hour) for each in row.opening_hours.all()] == [(1, 10)]
    assert counts(run(catalogue), "service")["leave"] == 1


def test_an_editors_change_is_kept_and_told(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    row = service()
    row.title = "Apua velkoihin"
    row.stages = ["3"]
    publish_service(row)
    catalogue.service["serviceNames"][0]["value"] = "Talous- ja velkaneuvonta"
    catalogue.service["serviceChargeType"] = "Chargeable"
    printed = run(catalogue)
    assert "fi: edited here: title" in printed
    row = service()
    assert (row.title, row.charge, row.stages, row.live) == ("Apua velkoihin", "chargeable", ["3"], True)
    printed = run(catalogue)
    assert counts(printed, "service")["leave"] == 1
    assert "fi: edited here: title" in printed


def test_an_editors_change_to_a_part_is_kept(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    row = service()
    row.contact_ways.set(list(row.contact_ways.all())[:1])
    publish_service(row)
    assert "fi: edited here: contact_ways" in run(catalogue)
    assert service().contact_ways.count() == 1


def test_an_editors_draft_goes_on_waiting_and_gets_the_new_facts(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    draft = service()
    draft.title = "Luonnos"
    save_draft(draft)
    catalogue.service["serviceChargeType"] = "Chargeable"
    run(catalogue)
    row = service()
    assert (row.title, row.charge, row.has_unpublished_changes) == ("Velkaneuvonta", "chargeable", True)
    waiting = row.latest_revision.as_object()
    assert (waiting.title, waiting.charge) == ("Luonnos", "chargeable")
    assert counts(run(catalogue), "service")["leave"] == 1
    assert service().has_unpublished_changes


def test_what_an_editor_took_off_stays_off(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    service().unpublish()
    assert "edited here: taken off the public side" in run(catalogue)
    assert not service().live


def test_what_is_locked_is_left(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    Service.objects.filter(locale__language_code="fi").update(locked=True)
    catalogue.service["serviceChargeType"] = "Chargeable"
    assert "fi: edited here: it is locked or waits for approval" in run(catalogue)
    assert (service("fi").charge, service("sv").charge) == ("free", "chargeable")


def test_an_organisation_that_was_edited_is_left(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    row = Organisation.objects.get(source_id=ORGANISATION_ID)
    row.phone = "116 111"
    row.save()
    row.save_revision().publish()
    catalogue.files["organizations/1.json"]["emails"][0]["value"] = "uusi@esimerkkila.example"
    assert "edited here: phone" in run(catalogue)
    row.refresh_from_db()
    assert (row.phone, row.email) == ("116 111", "uusi@esimerkkila.example")


def test_a_place_that_was_edited_is_left(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    Place.objects.filter(source_id=PLACE_ID).update(street="Toinen katu 1")
    assert "edited here: street" in run(catalogue)
    assert Place.objects.get(source_id=PLACE_ID).street == "Toinen katu 1"


@pytest.mark.parametrize("word", ["Archived", "Withdrawn", "Deleted"])
def test_withdrawn_in_the_source(catalogue: Catalogue, run: Run, word: str) -> None:
    run(catalogue)
    catalogue.service["publishingStatus"] = word
    assert counts(run(catalogue, dry_run=True), "service")["withdraw"] == 1
    assert service().withdrawn_on is None
    assert counts(run(catalogue), "service")["withdraw"] == 1
    assert service().withdrawn_on == timezone.localdate()
    assert not Service.objects.public().of_keys([SERVICE_ID]).exists()
    assert counts(run(catalogue), "service")["leave"] == 1
    catalogue.service["publishingStatus"] = "Published"
    assert counts(run(catalogue), "service")["change"] == 1
    assert Service.objects.public().of_keys([SERVICE_ID]).count() == 2


def test_what_was_withdrawn_before_it_came_never_comes(catalogue: Catalogue, run: Run) -> None:
    catalogue.service["publishingStatus"] = "Archived"
    assert counts(run(catalogue), "service")["leave"] == 1
    assert not Service.objects.of_keys([SERVICE_ID]).exists()


def test_a_language_that_went_is_withdrawn(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    catalogue.service["serviceNames"] = said("Velkaneuvonta", type="Name")
    run(catalogue)
    assert [row.language for row in Service.objects.public().of_keys([SERVICE_ID])] == ["fi"]
    assert service("sv").withdrawn_on == timezone.localdate()


def test_a_bad_record_stops_nobody_else(catalogue: Catalogue, run: Run) -> None:
    folder = catalogue.write()
    (folder / "services" / "broken.json").write_text("{", encoding="utf-8")
    lonely = {**catalogue.service, "id": "11111111-aaaa-4aaa-8aaa-000000000002", "organizations": []}
    (folder / "services" / "lonely.json").write_text(json.dumps(lonely), encoding="utf-8")
    printed = run(folder)
    assert counts(printed, "file")["fail"] == 2
    assert "services/broken.json" in printed
    assert "no responsible organisation" in printed
    assert counts(printed, "service")["create"] == 1


def test_an_id_of_another_origin_is_refused(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    Service.objects.update(source="own", source_id="")
    printed = run(catalogue)
    assert "a service of another origin has this id" in printed
    assert counts(printed, "service")["fail"] == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(catalogue: Catalogue, run: Run) -> None:
    terms = Term.objects.count()
    told = run(catalogue, dry_run=True)
    assert (Service.objects.count(), Organisation.objects.count(), Place.objects.count()) == (0, 0, 0)
    assert Term.objects.count() == terms
    done = run(catalogue)
    assert told.removesuffix("Dry run: nothing was written.\n") == done


def test_drafts_wait_for_an_editor(catalogue: Catalogue, run: Run) -> None:
    run(catalogue, as_draft=True)
    assert not Service.objects.public().of_keys([SERVICE_ID]).exists()
    assert not service().live
    assert counts(run(catalogue, as_draft=True), "all")["leave"] == 3
    run(catalogue)
    assert Service.objects.public().of_keys([SERVICE_ID]).count() == 2


def test_a_change_as_draft_leaves_the_public_row(catalogue: Catalogue, run: Run) -> None:
    run(catalogue)
    catalogue.service["serviceChargeType"] = "Chargeable"
    run(catalogue, as_draft=True)
    row = service()
    assert (row.live, row.charge, row.has_unpublished_changes) == (True, "free", True)
    assert row.latest_revision.as_object().charge == "chargeable"
    assert counts(run(catalogue, as_draft=True), "service")["leave"] == 1
    run(catalogue)
    row = service()
    assert (row.charge, row.has_unpublished_changes) == ("chargeable", False)


def test_channels_that_did_not_come_along_take_nothing_away(catalogue: Catalogue, run: Run) -> None:
    folder = catalogue.write()
    run(folder)
    printed = run(folder / "services" / "1.json")
    assert counts(printed, "service")["leave"] == 1
    row = service()
    assert row.service_places.count() == 1
    assert row.required_documents.count() == 1
    assert row.contact_ways.count() == 3


def test_a_channel_that_is_not_public_is_left_out(catalogue: Catalogue, run: Run) -> None:
    catalogue.files["servicechannels/form.json"]["publishingStatus"] = "Archived"
    run(catalogue)
    assert catalogue.files["servicechannels/form.json"]["id"] == FORM_ID
    assert not service().required_documents.exists()


def test_regions_become_their_municipalities_and_nationwide_a_flag(catalogue: Catalogue, run: Run) -> None:
    catalogue.service["areas"] = [{"type": "Region", "code": "21", "municipalities": []}]
    run(catalogue)
    assert service().municipalities.count() == 16
    catalogue.service.update(areaType="Nationwide", areas=[])
    run(catalogue)
    row = service()
    assert (row.is_nationwide, row.municipalities.count()) == (True, 0)


def test_one_file_makes_an_organisation_of_its_name(catalogue: Catalogue, run: Run) -> None:
    folder: Path = catalogue.write()
    run(folder / "services" / "1.json")
    body = Organisation.objects.get(source_id=ORGANISATION_ID)
    assert (str(body), body.sector) == ("Esimerkkilän kaupunki", "municipality")
    run(folder)
    body.refresh_from_db()
    assert body.business_id == "0135457-2"
