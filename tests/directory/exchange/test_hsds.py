"""HSDS files as records: every shape of file, everything a feed may hold, and nothing that stops the reading."""

import datetime
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.exchange import hsds
from directory.exchange.hsds_services import bundle_of
from directory.exchange.records import Bundle, OrganisationRecord, PlaceRecord, ServiceRecord, Status, UnreadableError
from tests.directory.exchange.conftest import HSDS, hsds_service

TWO = [{"id": f"s{number}", "name": f"Palvelu {number}", "organization_id": "o"} for number in (1, 2)]


def read(path: Path, language: str = "fi") -> list[Bundle]:
    return list(hsds.Reading(path, language))


def services(bundles: list[Bundle]) -> list[ServiceRecord]:
    return [record for bundle in bundles for record in bundle.records if isinstance(record, ServiceRecord)]


def parts(**changes: Any) -> tuple[OrganisationRecord | None, list[PlaceRecord], ServiceRecord]:
    """The records of the sample service with some keys changed."""
    bundle, _key = bundle_of(hsds_service(**changes), "x", "fi")
    bodies = [each for each in bundle.records if isinstance(each, OrganisationRecord)]
    places = [each for each in bundle.records if isinstance(each, PlaceRecord)]
    return (bodies or [None])[0], places, bundle.records[-1]


def told(**changes: Any) -> ServiceRecord:
    return parts(**changes)[2]


# --- shapes ----------------------------------------------------------------------------------------------------------
SHAPES: dict[str, Callable[[list[Any]], str]] = {
    "list": json.dumps,
    "pretty list": lambda rows: json.dumps(rows, indent=2),
    "page": lambda rows: json.dumps({"total_items": 2, "empty": False, "contents": rows}),
    "pretty page": lambda rows: json.dumps({"contents": rows, "total_items": 2}, indent=2),
    "lines": lambda rows: "".join(f"{json.dumps(row)}\n" for row in rows),
    "lines of pages": lambda rows: "".join(f"{json.dumps({'contents': [row]})}\n" for row in rows),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("before", ["", "\ufeff", "\n  "])
def test_a_file_of_any_shape_holds_the_same(tmp_path: Path, shape: str, before: str) -> None:
    path = tmp_path / "file"
    path.write_text(before + SHAPES[shape](TWO), encoding="utf-8")
    assert [each.titles["fi"] for each in services(read(path))] == ["Palvelu 1", "Palvelu 2"]


def test_one_object_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for text in (json.dumps(TWO[0]), json.dumps(TWO[0], indent=2), json.dumps(TWO[0]) + "\n\n"):
        path.write_text(text, encoding="utf-8")
        assert [each.titles["fi"] for each in services(read(path))] == ["Palvelu 1"]


def test_bad_lines_are_told_with_their_number_and_stop_nobody() -> None:
    found = read(HSDS / "feed.ndjson")
    assert [each.titles["fi"] for each in services(found)] == [
        "Ensimmäinen kerho", "Toinen kerho", "Orpo kerho", "Kerho numerolla", "Selvinnyt kerho"
    ]  # fmt: skip
    bad = {each.file.partition(", ")[2]: each.reason for bundle in found for each in bundle.bad}
    assert list(bad) == ["line 4", "line 5", "line 6", "line 9"]
    assert bad["line 4"] == "a service without a name"
    assert bad["line 5"].startswith("not readable as JSON")
    assert bad["line 6"] == "not a JSON object"
    assert bad["line 9"] == "the same id stands earlier in the file"


@pytest.mark.parametrize(
    "text, read_before",
    [
        ("", 0),
        ("{", 0),
        ("palveluja", 0),
        ("[1, 2", 0),
        ('{"contents": 7}', 0),
        (json.dumps(TWO)[:-9], 1),
        (json.dumps({"contents": TWO})[:-9], 1),
        ("\n".join(json.dumps(each) for each in TWO) + '\n{"id": NaN}', 2),
        (json.dumps(TWO[0]) + "\n" + "[" * 100_000, 1),
    ],
)
def test_a_broken_file_gives_what_stands_before_the_break(tmp_path: Path, text: str, read_before: int) -> None:
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    found = read(path)
    assert len(services(found)) == read_before
    assert [each for bundle in found for each in bundle.bad] or not text


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xff\xfe\x00{\x00\n" + json.dumps(TWO[0]).encode() + b'\n{"id": "\xff", "name": "x"}\n')
    assert any(bundle.bad for bundle in read(path))


def test_a_line_without_end_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    long = {**TWO[0], "id": "long", "description": "a" * hsds.LONGEST_RECORD}
    path = tmp_path / "file"
    path.write_text("\n".join(json.dumps(each) for each in (TWO[0], long, TWO[1])), encoding="utf-8")
    found = read(path)
    assert len(services(found)) == 2
    assert [each.reason for bundle in found for each in bundle.bad] == [f"longer than {hsds.LONGEST_RECORD:,} bytes"]


@pytest.mark.parametrize("shape", ["list", "page", "lines"])
def test_a_file_is_never_in_memory_whole(tmp_path: Path, shape: str) -> None:
    rows = [{**TWO[0], "id": f"s{number}", "description": "kuvaus " * 300} for number in range(8_000)]
    path = tmp_path / "file"
    path.write_text(SHAPES[shape](rows), encoding="utf-8")
    del rows
    reading = hsds.Reading(path, "fi")
    tracemalloc.start()
    assert sum(len(bundle.records) for bundle in reading) == 8_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size / 3
    assert reading.done == reading.total == path.stat().st_size


# --- ids and language ------------------------------------------------------------------------------------------------
def test_an_id_is_kept_and_what_is_no_uuid_gets_one() -> None:
    assert told().source_id == told().uuid == "5a1e0000-0000-4000-8000-000000000001"
    assert told(id="{5A1E0000-0000-4000-8000-000000000001}").source_id == "5a1e0000-0000-4000-8000-000000000001"
    by_number = told(id=17)
    assert by_number.source_id == "17"
    assert by_number.uuid == told(id="17").uuid != told(id="18").uuid


@pytest.mark.parametrize("id", ["", " ", True, 1.5, ["x"], {"a": 1}, "x" * 101])
def test_a_service_needs_an_id(id: Any) -> None:
    with pytest.raises(UnreadableError, match="id"):
        bundle_of(hsds_service() | {"id": id}, "x", "fi")


@pytest.mark.parametrize(
    "changes, language",
    [
        ({}, "fi"),
        ({"x_fi_language": "sv"}, "sv"),
        ({"x_fi_language": "sv-FI"}, "sv"),
        ({"language": "swe"}, "sv"),
        ({"language": "Ruotsi"}, "sv"),
        ({"language": ["en"]}, "en"),
        ({"x_fi_languages_of_description": ["sv"]}, "sv"),
        ({"x_fi_languages_of_description": ["sv", "fi"]}, "fi"),
        ({"x_fi_language": "fi-simple"}, "fi-simple"),
        ({"x_fi_easy_language": True}, "fi-simple"),
        ({"x_fi_easy_language": "kyllä"}, "fi"),
        ({"language": "mitä vain sanotaankin"}, "fi"),
        ({"language": {"code": "sv"}}, "fi"),
    ],
)
def test_a_record_may_say_its_language(changes: dict[str, Any], language: str) -> None:
    assert told(**changes).language == language
    assert list(told(**changes).titles) == [language]


def test_a_language_that_the_site_has_not_is_refused() -> None:
    with pytest.raises(UnreadableError, match="ru"):
        told(x_fi_language="ru")


# --- what a service tells --------------------------------------------------------------------------------------------
def test_texts() -> None:
    record = told()
    assert record.descriptions == {"fi": "Tule puhumaan veloista & laskuista.\nOta kirjeet mukaan."}
    assert record.instructions == {"fi": "Tule paikalle, aikaa ei tarvita."}
    assert record.requirements == {"fi": "Kaikille täysi-ikäisille."}
    assert record.referring == {"fi": "Soita ohjaajalle asiakkaan kanssa."}
    assert record.notices == {"fi": "Heinäkuussa olemme poissa."}
    assert record.practical == {
        "fi": ("Kuun ensimmäisenä lauantaina lisäilta.", "Tulkkaus: Tulkki tilataan etukäteen.")
    }
    assert record.words == {"fi": ("Velkailta",)}
    assert record.languages == ("fi", "ruotsi")
    assert (record.age_min, record.age_max) == (18, None)
    assert record.changed_at == datetime.datetime(2026, 3, 15, 10, 30, 45, 123000, datetime.UTC)


@pytest.mark.parametrize(
    "word, status",
    [
        ("active", Status.ACTIVE),
        ("Active", Status.ACTIVE),
        ("temporarily closed", Status.ACTIVE),
        ("inactive", Status.WITHDRAWN),
        ("defunct", Status.WITHDRAWN),
        ("luonnos", Status.UNPUBLISHED),
        (None, Status.ACTIVE),
    ],
)
def test_status(word: str | None, status: Status) -> None:
    assert told(status=word).status == status


def test_closed_for_now_is_a_notice() -> None:
    assert told(status="temporarily closed", alert=None).notices == {"fi": "Palvelu on toistaiseksi suljettu."}


@pytest.mark.parametrize(
    "changes, charge",
    [
        ({}, "free"),
        ({"fees_description": "Maksuton ensimmäisellä kerralla, sitten 20 euroa."}, ""),
        ({"cost_options": [{"amount": 0}]}, "free"),
        ({"cost_options": [{"amount": "12,50", "currency": "eur", "option": "Aikuinen"}]}, "chargeable"),
        ({"cost_options": [{"amount": 0}, {"amount": 5}]}, "varies"),
        ({"cost_options": [{"amount": "kysy"}], "fees_description": None}, ""),
    ],
)
def test_charge(changes: dict[str, Any], charge: str) -> None:
    assert told(**changes).charge == charge


def test_prices_are_told_in_words() -> None:
    record = told(fees_description="Alennus eläkeläisille.", cost_options=[{"amount": 12.5, "currency": "eur"}])
    assert record.charge_notes == {"fi": "Alennus eläkeläisille.\n12.5 EUR"}


@pytest.mark.parametrize("youngest, oldest", [(30, 18), (-1, 200), ("x", [1]), (float("inf"), 1e300)])
def test_ages_that_cannot_be_are_left_out(youngest: Any, oldest: Any) -> None:
    record = told(minimum_age=youngest, maximum_age=oldest)
    assert (record.age_min, record.age_max) == (None, None)


def test_contact_ways_are_by_role_and_a_fax_is_none() -> None:
    ways = {way.value: way.remark for way in told().contacts}
    assert ways == {
        "+358400000001": "Päivystäjä, alanumero 12",
        "0400 000 003": "Ohjaaja",
        "velkailta@yhdistys.example": "",
        "https://yhdistys.example/velkailta": "",
    }


def test_the_organisation() -> None:
    body = parts()[0]
    assert (body.names, body.sector, body.business_id) == ({"fi": "Velkaväen Tuki ry"}, "association", "0135457-2")
    assert told(organization=None, organization_id="o-1").organisation_id == "o-1"
    nameless = told(organization={"id": "5a1e0000-0000-4000-8000-000000000900"})
    assert nameless.organisation_id == "5a1e0000-0000-4000-8000-000000000900"
    with pytest.raises(UnreadableError, match="no organisation"):
        told(organization=None)


# --- hours -----------------------------------------------------------------------------------------------------------
def test_hours_hold_at_their_place() -> None:
    record = told()
    (place,) = record.places
    assert [(row.weekday, row.opens.hour, row.closes.minute) for row in place.hours] == [(1, 16, 30), (3, 16, 30)]
    (closed,) = place.exceptions
    assert (closed.date_from.day, closed.date_to.day, closed.opens) == (24, 26, None)
    assert record.hours == ()


@pytest.mark.parametrize(
    "schedule, days",
    [
        ({"freq": "WEEKLY", "byday": "FR,MO", "opens_at": "9.00", "closes_at": "10:00:00"}, [1, 5]),
        ({"byday": "TU", "opens_at": "09:00Z", "closes_at": "10:00+02:00"}, [2]),
        ({"freq": "DAILY", "opens_at": "00:00", "closes_at": "24:00"}, [1, 2, 3, 4, 5, 6, 7]),
        ({"freq": "WEEKLY", "dtstart": "2026-11-26", "opens_at": "09:00", "closes_at": "10:00"}, [4]),
        ({"freq": "WEEKLY", "interval": 2, "byday": "MO", "opens_at": "09:00", "closes_at": "10:00"}, []),
        ({"freq": "MONTHLY", "byday": "1MO", "opens_at": "09:00", "closes_at": "10:00"}, []),
        ({"byday": "XX", "opens_at": "09:00", "closes_at": "10:00"}, []),
        ({"byday": "MO", "opens_at": "aamulla", "closes_at": "10:00"}, []),
        (
            {
                "byday": "MO",
                "opens_at": "09:00",
                "closes_at": "10:00",
                "valid_from": "2026-02-01",
                "valid_to": "2026-01-01",
            },
            [],
        ),
        ({}, []),
    ],
)
def test_weekly_hours(schedule: dict[str, Any], days: list[int]) -> None:
    record = told(schedules=[schedule], service_at_locations=None)
    assert [row.weekday for row in record.hours] == days
    assert days or "hours that cannot be read are left out" in record.remarks


# --- places ----------------------------------------------------------------------------------------------------------
def test_a_place_is_where_people_come() -> None:
    (place,) = parts()[1]
    assert (place.name, place.street, place.postcode, place.town) == ("Kirjasto", "Keksitty katu 2", "20100", "Turku")
    assert (place.latitude, place.longitude) == (60.4518, 22.2666)
    assert place.directions == {"fi": "Bussit 1 ja 2."}
    assert place.accessibility == {"fi": "Ovella on luiska."}


def at(**location: Any) -> dict[str, Any]:
    sample = hsds_service()["service_at_locations"][0]
    return {"service_at_locations": [{**sample, "location": {**sample["location"], **location}}]}


def test_what_lies_elsewhere_has_no_point() -> None:
    places, record = parts(**at(latitude=100, longitude=101))[1:]
    assert (places[0].latitude, places[0].longitude) == (None, None)
    assert "the point 100, 101 is not in Finland and is left out" in record.remarks


@pytest.mark.parametrize("kind", ["virtual", "postal", "muu"])
def test_where_nobody_comes_is_no_place(kind: str) -> None:
    places, record = parts(**at(location_type=kind))[1:]
    assert places == []
    assert record.places == ()
    assert len(record.hours) == 2
    kept = json.dumps(record.raw)
    assert "60.4518" not in kept
    assert "Keksitty katu" not in kept


@pytest.mark.parametrize(
    "mark",
    [
        {"confidential": True},
        {"x_fi_secret_address": "yes"},
        {"location_type": "confidential"},
        {"addresses": [{"address_1": "Salainen osoite", "address_type": "physical"}]},
        {"addresses": [{"address_1": "Keksitty katu 2", "is_confidential": True}]},
        {"attributes": [{"label": "Salassa pidettävä osoite"}]},
        {"attributes": [{"taxonomy_term": {"name": "confidential"}}]},
    ],
)
def test_a_secret_address_is_not_kept(mark: dict[str, Any]) -> None:
    places, record = parts(**at(**mark))[1:]
    (place,) = places
    assert place.is_secret
    assert (place.street, place.postcode, place.latitude, place.town) == ("", "", None, "")
    kept = json.dumps(record.raw)
    assert "60.4518" not in kept
    assert "Keksitty katu" not in kept


def test_places_of_the_organisation_are_not_kept_either() -> None:
    secret = {"location_type": "virtual", "latitude": 61.1234, "longitude": 23.1}
    record = told(organization={**hsds_service()["organization"], "locations": [secret]})
    assert "61.1234" not in json.dumps(record.raw)


# --- words -----------------------------------------------------------------------------------------------------------
def test_attributes_are_words_with_all_their_names() -> None:
    words = {word.names[0]: word for word in told().terms}
    assert words["3"].taxonomy == "stage"
    assert words["velat"].taxonomy == "Teemat"
    assert words["Lapset ja lapsiperheet"].code == "KR1.2"
    assert words["kirjepino"].names == ("kirjepino", "brevhög", "Erikoisala")
    assert [word.names for word in told(attributes=[{"value": "leipä"}], x_fi_pathway_stage=None).terms] == [("leipä",)]


# --- anything --------------------------------------------------------------------------------------------------------
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, part in inner for each in _paths(part, (*path, key)))]


PATHS = _paths(hsds_service())[1:]


@given(st.sampled_from(PATHS), JSON)
def test_anything_in_the_place_of_anything_is_read_or_refused(path: tuple[Any, ...], value: Any) -> None:
    service = hsds_service()
    holder: Any = service
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    reason, record = "", None
    try:
        record = bundle_of(service, "x", "fi")[0].records[-1]
    except UnreadableError as error:
        reason = str(error)
    assert reason or isinstance(record, ServiceRecord)


@given(st.binary(max_size=200) | st.lists(JSON, max_size=4).map(lambda rows: json.dumps(rows).encode()))
def test_any_bytes_can_be_a_file(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(content)
    assert all(bundle.records or bundle.bad for bundle in read(path))
