"""PTV's JSON becomes records: texts, times, numbers, areas, and what is no fact is not taken for one."""

import datetime
from typing import Any

import pytest

from directory.exchange import plain, ptv
from directory.exchange import ptv_values as values
from directory.exchange.bodies import sector_by_name
from directory.exchange.ptv_channels import hours_of
from directory.exchange.records import ServiceRecord, Status
from directory.exchange.wording import hours_line, shorten
from tests.directory.exchange.conftest import (
    FORM_ID,
    GENERAL_ID,
    ORGANISATION_ID,
    PHONE_ID,
    PLACE_ID,
    SERVICE_ID,
    Catalogue,
    connection,
    said,
    weekdays,
)


def only_service(catalogue: Catalogue) -> ServiceRecord:
    """The one service as a record."""
    batch = ptv.read(catalogue.write())
    assert not batch.bad
    return batch.services[0]


# --- small things ---
def test_markup_and_entities_become_plain_text() -> None:
    assert plain.clean("<p>Yksi &amp; kaksi</p><p>kolme<script>x()</script></p>") == "Yksi & kaksi\nkolme"
    assert plain.clean("&lt;b&gt;lihava&lt;/b&gt;") == "lihava"
    assert plain.clean("alle 5 < yli 3") == "alle 5 < yli 3"


def test_a_text_is_cut_between_words() -> None:
    assert shorten("yksi kaksi kolme", 12) == "yksi kaksi…"
    assert shorten("yksi kaksi", 10) == "yksi kaksi"


@pytest.mark.parametrize(
    "entry, number",
    [
        ({"prefixNumber": "+358", "number": "041 000-0001"}, "+358410000001"),
        ({"prefixNumber": "+358", "number": "410000001"}, "+358410000001"),
        ({"prefixNumber": None, "isFinnishServiceNumber": True, "number": "116 000"}, "116 000"),
        ({"prefixNumber": None, "number": "09 1234"}, "09 1234"),
        ({"prefixNumber": "+358", "number": None}, ""),
    ],
)
def test_phone_numbers(entry: dict[str, Any], number: str) -> None:
    assert values.phone(entry) == number


def test_a_moment_without_a_zone_is_utc_and_a_day_is_finlands() -> None:
    assert plain.utc("2026-03-01T22:30:00") == datetime.datetime(2026, 3, 1, 22, 30, tzinfo=datetime.UTC)
    assert values.local_date("2026-03-01T22:30:00Z") == datetime.date(2026, 3, 2)


def test_an_address_is_encoded_and_what_is_none_is_left_out() -> None:
    assert plain.web_address("https://esimerkkilä.example/ä b") == "https://xn--esimerkkil-z5a.example/%C3%A4%20b"
    assert plain.web_address("www.esimerkkila.example") == "http://www.esimerkkila.example"
    assert plain.web_address("javascript:alert(1)") == ""


def test_a_sector_is_told_by_the_name() -> None:
    assert sector_by_name("Esimerkin tuki ry") == "association"
    assert sector_by_name("Pohjanmaan hyvinvointialue") == "wellbeing_services_county"
    assert sector_by_name("Esimerkki") == "community"


# --- hours ---
def test_days_from_and_to() -> None:
    weekly, _exceptions, _remarks = hours_of([weekdays("Monday", "Friday", "09:00:00", "15:00:00")])
    assert [row.weekday for row in weekly] == [1, 2, 3, 4, 5]
    assert hours_line(weekly, "fi") == "ma–pe 9.00–15.00"
    assert hours_line(weekly, "en") == "Mon–Fri 9:00–15:00"


def test_a_weekend_over_midnights_is_split() -> None:
    entry = weekdays("Friday", "Sunday", "18:00:00", "06:00:00") | {"serviceHourType": "OverMidnight"}
    weekly, _exceptions, _remarks = hours_of([entry])
    assert [(row.weekday, row.opens.hour, row.closes.hour) for row in weekly] == [(5, 18, 0), (6, 0, 0), (7, 0, 6)]


def test_one_night_closes_before_it_opens() -> None:
    entry = weekdays("Friday", "Saturday", "22:00:00", "04:00:00") | {"serviceHourType": "OverMidnight"}
    weekly, _exceptions, _remarks = hours_of([entry])
    assert [(row.weekday, row.opens.hour, row.closes.hour) for row in weekly] == [(5, 22, 4)]


def test_exceptions_are_days_in_finland() -> None:
    entry = {
        "serviceHourType": "Exceptional",
        "isClosed": True,
        "validFrom": "2026-12-23T22:00:00Z",
        "validTo": "2026-12-25T22:00:00Z",
        "openingHour": [],
    }
    _weekly, (exception,), _remarks = hours_of([entry])
    assert (exception.date_from, exception.date_to) == (datetime.date(2026, 12, 24), datetime.date(2026, 12, 26))
    assert exception.opens is None


def test_an_unfilled_template_is_no_fact(catalogue: Catalogue) -> None:
    template = {
        "serviceHours": [{"serviceHourType": "serviceHourType", "openingHour": [
            {"dayFrom": "Monday", "dayTo": "Friday", "from": "08:00", "to": "16:00"}]}],
        "contactDetails": {
            "phoneNumbers": [{"type": "type", "prefixNumber": "+358", "number": "012 345 6789", "language": "en"}],
            "emails": [{"value": "value", "language": "en"}],
            "webPages": [{"url": "https://www.example.com", "value": "value", "language": "en"}],
        },
    }  # fmt: skip
    catalogue.service["serviceChannels"] = [connection(PLACE_ID, **template)]
    record = only_service(catalogue)
    assert [each.value for each in record.contacts] == ["+358410000001"]
    assert record.places[0].hours[0].opens == datetime.time(9)
    assert not record.links


def test_the_connections_own_hours_and_contacts_win(catalogue: Catalogue) -> None:
    own = {
        "serviceHours": [weekdays("Tuesday", "", "12:00", "13:00")],
        "contactDetails": {
            "phoneNumbers": [{"type": "Phone", "prefixNumber": "+358", "number": "410000077", "language": "fi"}]
        },
    }
    catalogue.service["serviceChannels"] = [connection(PLACE_ID, **own)]
    record = only_service(catalogue)
    assert [(row.weekday, row.opens.hour) for row in record.places[0].hours] == [(2, 12)]
    assert [each.value for each in record.contacts] == ["+358410000077"]


# --- records ---
def test_a_service_with_everything(catalogue: Catalogue) -> None:
    record = only_service(catalogue)
    assert record.source_id == SERVICE_ID
    assert record.organisation_id == ORGANISATION_ID
    assert record.titles == {"fi": "Velkaneuvonta", "sv": "Skuldrådgivning"}
    assert record.descriptions["fi"] == "Neuvoja & tukea.\nTule juttelemaan."
    assert record.words["fi"] == ("Talousapu", "ulosotto", "perintä")
    assert record.practical["fi"][0] == "Käsittelyaika: Kaksi viikkoa."
    assert record.channels == ("on_site", "phone", "web")
    assert record.area.municipalities == ("091", "049")
    assert (record.charge, record.production) == ("free", "own")
    assert [each.value for each in record.contacts] == [
        "+358410000001",
        "116 000",
        "https://asiointi.esimerkkila.example/%C3%A4",
    ]
    assert [each.url for each in record.documents] == ["https://www.esimerkkila.example/hakemus.pdf"]
    assert record.gaps_unknown


def test_the_place_has_its_point_and_no_fax(catalogue: Catalogue) -> None:
    (place,) = ptv.read(catalogue.write()).places
    assert (place.latitude, place.longitude) == (61.645467, 27.07321)
    assert (place.street, place.postcode, place.post_office) == ("Keksitty katu 7", "99999", "Esimerkkilä")
    assert place.municipality == "091"


def test_a_point_outside_finland_is_left_out(catalogue: Catalogue) -> None:
    street = catalogue.files["servicechannels/place.json"]["addresses"][0]["streetAddress"]
    street.update(latitude="0", longitude="0")
    (place,) = ptv.read(catalogue.write()).places
    assert place.latitude is None
    assert place.remarks


def test_a_general_description_fills_the_gaps(catalogue: Catalogue) -> None:
    catalogue.files["general_descriptions.json"] = [
        {
            "id": GENERAL_ID,
            "names": said("Velkaneuvonta", type="Name"),
            "descriptions": [
                *said("Yhteinen tiivistelmä.", type="Summary"),
                *said("Varaa aika.", type="UserInstruction"),
                *said("Ei määräaikaa.", type="DeadLine"),
            ],
            "requirements": said("Olet täysi-ikäinen."),
            "serviceClasses": [{"code": "P15.3", "name": said("Luokka")}],
        }
    ]  # type: ignore[assignment]
    record = only_service(catalogue)
    assert record.summaries["fi"] == "Apua, kun velat painavat."
    assert record.instructions["fi"] == "Soita ensin."
    assert record.requirements["fi"] == "Olet täysi-ikäinen."
    assert record.practical["fi"][0] == "Määräaika: Ei määräaikaa."
    assert [term.code for term in record.service_classes] == ["P15.1", "P99.1", "P15.3"]
    assert not record.gaps_unknown


@pytest.mark.parametrize(
    "area, nationwide, counties, regions",
    [
        ({"areaType": "Nationwide", "areas": []}, True, (), ()),
        ({"areaType": "LimitedType", "areas": [{"type": "WellbeingServiceCounties", "code": "1"}]}, False, ("01",), ()),
        ({"areaType": "LimitedType", "areas": [{"type": "Region", "code": "2"}]}, False, (), ("02",)),
    ],
)
def test_areas(catalogue: Catalogue, area: dict, nationwide: bool, counties: tuple, regions: tuple) -> None:
    catalogue.service.update(area)
    found = only_service(catalogue).area
    assert (found.is_nationwide, found.counties, found.regions) == (nationwide, counties, regions)


def test_a_page_alone_is_a_way_to_take_part_but_not_beside_others(catalogue: Catalogue) -> None:
    page = {**catalogue.files["servicechannels/web.json"], "id": PHONE_ID, "serviceChannelType": "WebPage"}
    catalogue.files["servicechannels/phone.json"] = page
    catalogue.service["serviceChannels"] = [connection(PHONE_ID)]
    assert only_service(catalogue).channels == ("web",)
    catalogue.service["serviceChannels"] = [connection(PHONE_ID), connection(PLACE_ID)]
    assert only_service(catalogue).channels == ("on_site",)


def test_a_service_without_a_place_is_open_when_its_phone_is(catalogue: Catalogue) -> None:
    catalogue.service["serviceChannels"] = [connection(PHONE_ID), connection(FORM_ID)]
    assert [(row.weekday, row.opens.hour) for row in only_service(catalogue).hours] == [(1, 8)]


def test_status_words(catalogue: Catalogue) -> None:
    for word, status in (("Archived", Status.WITHDRAWN), ("Draft", Status.UNPUBLISHED), ("Published", Status.ACTIVE)):
        catalogue.service["publishingStatus"] = word
        assert only_service(catalogue).status == status


def test_what_is_no_good_is_told_by_file(catalogue: Catalogue) -> None:
    folder = catalogue.write()
    (folder / "services" / "broken.json").write_text("{", encoding="utf-8")
    (folder / "services" / "empty.json").write_text('{"id": "x", "serviceNames": []}', encoding="utf-8")
    (folder / "services" / "other.json").write_text('{"hello": 1}', encoding="utf-8")
    batch = ptv.read(folder)
    assert len(batch.services) == 1
    assert {bad.file for bad in batch.bad} == {f"services/{name}.json" for name in ("broken", "empty", "other")}


def test_one_file_with_a_list(catalogue: Catalogue) -> None:
    folder = catalogue.write()
    batch = ptv.read(folder / "services" / "1.json")
    (service,), (stub,) = batch.services, batch.organisations
    assert service.channels_missing
    assert stub.is_stub
    assert stub.names == {"fi": "Esimerkkilän kaupunki"}
