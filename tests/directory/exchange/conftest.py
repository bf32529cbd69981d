"""A small catalogue in PTV's own shapes, HSDS objects, and the vocabulary that an import leans on."""

import copy
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from wagtail.models import Locale

from directory.models import County, Municipality, Region, Term
from portal.base import languages

CONTENT = Path(settings.BASE_DIR) / "directory" / "content"
SERVICE_ID = "11111111-aaaa-4aaa-8aaa-000000000001"
PLACE_ID = "22222222-aaaa-4aaa-8aaa-000000000001"
PHONE_ID = "22222222-aaaa-4aaa-8aaa-000000000002"
WEB_ID = "22222222-aaaa-4aaa-8aaa-000000000003"
FORM_ID = "22222222-aaaa-4aaa-8aaa-000000000004"
ORGANISATION_ID = "33333333-aaaa-4aaa-8aaa-000000000001"
GENERAL_ID = "44444444-aaaa-4aaa-8aaa-000000000001"


def said(fi: str | None, sv: str | None = None, **more: Any) -> list[dict[str, Any]]:
    """A PTV text in Finnish and, when given, in Swedish."""
    found = [{"language": "fi", "value": fi, **more}]
    return [*found, {"language": "sv", "value": sv, **more}] if sv else found


def weekdays(first: str, last: str, opens: str, closes: str, **more: Any) -> dict[str, Any]:
    """One entry of `serviceHours`."""
    return {
        "serviceHourType": "DaysOfTheWeek",
        "isClosed": False,
        "validForNow": True,
        "openingHour": [{"dayFrom": first, "dayTo": last, "from": opens, "to": closes}],
        **more,
    }


def connection(channel: str, **more: Any) -> dict[str, Any]:
    """A service's connection to a channel."""
    return {"serviceChannel": {"id": channel, "name": "Kanava"}, "serviceHours": [], "description": [], **more}


CATALOGUE: dict[str, dict[str, Any]] = {
    "organizations/1.json": {
        "id": ORGANISATION_ID,
        "organizationType": "Municipality",
        "businessCode": "0135457-2",
        "organizationNames": said("Esimerkkilän kaupunki", "Exempelby stad", type="Name"),
        "organizationDescriptions": said("Keksitty kaupunki.", type="Description"),
        "municipality": {"code": "91"},
        "phoneNumbers": [{"prefixNumber": "+358", "number": "24000000", "language": "fi"}],
        "emails": [{"value": "kirjaamo@esimerkkila.example", "language": "fi"}],
        "webPages": [{"url": "https://www.esimerkkila.example", "value": "Verkkosivut", "language": "fi"}],
        "publishingStatus": "Published",
    },
    "servicechannels/place.json": {
        "id": PLACE_ID,
        "serviceChannelType": "ServiceLocation",
        "serviceChannelNames": said("Neuvontapiste", "Rådgivningen", type="Name"),
        "addresses": [
            {
                "type": "Location",
                "subType": "Single",
                "streetAddress": {
                    "street": said("Keksitty katu"),
                    "streetNumber": "7",
                    "postalCode": "99999",
                    "postOffice": said("ESIMERKKILÄ"),
                    "municipality": {"code": "91"},
                    "additionalInformation": said("Käynti pihan puolelta."),
                    "latitude": "6834688",
                    "longitude": "503879",
                },
                "entrances": [],
            },
            {"type": "Postal", "subType": "PostOfficeBox", "postOfficeBoxAddress": {"postalCode": "99998"}},
        ],
        "phoneNumbers": [
            {"type": "Phone", "prefixNumber": "+358", "number": "041 000 0001", "language": "fi"},
            {"type": "Fax", "prefixNumber": "+358", "number": "24000009", "language": "fi"},
        ],
        "serviceHours": [weekdays("Monday", "Friday", "09:00:00", "15:00:00")],
        "webPages": [],
        "publishingStatus": "Published",
    },
    "servicechannels/phone.json": {
        "id": PHONE_ID,
        "serviceChannelType": "Phone",
        "serviceChannelNames": said("Neuvontanumero", "Rådgivningsnumret", type="Name"),
        "phoneNumbers": [
            {
                "type": "Phone",
                "prefixNumber": None,
                "isFinnishServiceNumber": True,
                "number": "116 000",
                "serviceChargeType": "FreeOfCharge",
                "language": "fi",
            }
        ],
        "serviceHours": [weekdays("Monday", "", "08:00:00", "12:00:00")],
        "publishingStatus": "Published",
    },
    "servicechannels/web.json": {
        "id": WEB_ID,
        "serviceChannelType": "EChannel",
        "serviceChannelNames": said("Asiointi", type="Name"),
        "webPages": [{"url": "https://asiointi.esimerkkila.example/ä", "value": None, "language": "fi"}],
        "publishingStatus": "Published",
    },
    "servicechannels/form.json": {
        "id": FORM_ID,
        "serviceChannelType": "PrintableForm",
        "serviceChannelNames": said("Hakemus", type="Name"),
        "channelUrls": [{"type": "PDF", "value": "https://www.esimerkkila.example/hakemus.pdf", "language": "fi"}],
        "deliveryAddresses": [{"receiver": said("Kirjaamo"), "streetAddress": None}],
        "publishingStatus": "Published",
    },
    "services/1.json": {
        "id": SERVICE_ID,
        "generalDescriptionId": GENERAL_ID,
        "type": "Service",
        "serviceNames": [
            *said("Velkaneuvonta", "Skuldrådgivning", type="Name"),
            *said("Talousapu", type="AlternativeName"),
        ],
        "serviceDescriptions": [
            *said("Apua, kun velat painavat.", "Hjälp när skulderna tynger.", type="Summary"),
            *said("<p>Neuvoja &amp; tukea.</p><p>Tule juttelemaan.</p>", "Råd och stöd.", type="Description"),
            *said("Soita ensin.", type="UserInstruction"),
            *said("Kaksi viikkoa.", type="ProcessingTime"),
        ],
        "serviceChargeType": "FreeOfCharge",
        "areaType": "LimitedType",
        "areas": [{"type": "Municipality", "code": None, "municipalities": [{"code": "91"}, {"code": "049"}]}],
        "languages": ["fi", "sv"],
        "serviceClasses": [
            {"code": "P15.1", "uri": "urn:v1", "name": said("Velat", "Skulder")},
            {"code": "P99.1", "uri": "urn:v2", "name": said("Uusi luokka")},
        ],
        "targetGroups": [
            {"code": "KR1", "uri": "urn:k1", "name": said("Kansalaiset")},
            {"code": "KR1.2", "uri": "urn:k2", "name": said("Lapset ja lapsiperheet")},
            {"code": "KR3", "uri": "urn:k3", "name": said("Viranomaiset")},
        ],
        "lifeEvents": [{"code": "KE9", "uri": "urn:e9", "name": said("Velkaantuminen")}],
        "ontologyTerms": [{"uri": "http://www.yso.fi/onto/koko/p1", "name": said("velkaneuvonta", "skuldrådgivning")}],
        "keywords": said("ulosotto, perintä"),
        "requirements": said(None),
        "organizations": [
            {"roleType": "Responsible", "organization": {"id": ORGANISATION_ID, "name": "Esimerkkilän kaupunki"}},
            {
                "roleType": "Producer",
                "provisionType": "SelfProducedServices",
                "organization": {"id": ORGANISATION_ID, "name": "Esimerkkilän kaupunki"},
            },
        ],
        "serviceChannels": [connection(each) for each in (PLACE_ID, PHONE_ID, WEB_ID, FORM_ID)],
        "publishingStatus": "Published",
        "modified": "2026-03-01T22:30:00",
    },
}


class Catalogue:
    """The catalogue as files that a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = copy.deepcopy(CATALOGUE)

    @property
    def service(self) -> dict[str, Any]:
        """The one service."""
        return self.files["services/1.json"]

    def write(self) -> Path:
        """Write the files as they are now."""
        for name, content in self.files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(content), encoding="utf-8")
        return self.folder


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """A folder with one organisation, one service and its four channels."""
    return Catalogue(tmp_path)


HSDS = Path(__file__).parent / "data" / "hsds"


def hsds_service(**changes: Any) -> dict[str, Any]:
    """The HSDS service of data/hsds, with some keys changed; None takes a key away."""
    service = json.loads((HSDS / "service.json").read_text(encoding="utf-8"))
    return {key: value for key, value in {**service, **changes}.items() if value is not None}


@pytest.fixture
def run_hsds(tmp_path: Path) -> Callable[..., str]:
    """Runs the import of HSDS objects, one on a line, or of a file; gives what it printed."""

    def run(*what: dict[str, Any] | Path, **options: Any) -> str:
        out = StringIO()
        path = what[0] if what and isinstance(what[0], Path) else tmp_path / "services.ndjson"
        if not isinstance(what[0], Path):
            path.write_text("".join(f"{json.dumps(each)}\n" for each in what), encoding="utf-8")
        call_command("import_services", str(path), format="hsds", stdout=out, **options)
        return out.getvalue()

    return run


@pytest.fixture
def run() -> Callable[..., str]:
    """Runs the import of a catalogue or a path; gives what it printed."""

    def run(what: Catalogue | Path, **options: Any) -> str:
        out = StringIO()
        path = what.write() if isinstance(what, Catalogue) else what
        call_command("import_services", str(path), format="ptv", stdout=out, **options)
        return out.getvalue()

    return run


def counts(printed: str, kind: str) -> dict[str, int]:
    """The row of a kind in the printed table."""
    row = next(line.split() for line in printed.splitlines()[::-1] if line.startswith(f"{kind} "))
    return dict(zip(("create", "change", "leave", "withdraw", "fail"), map(int, row[1:]), strict=True))


@pytest.fixture
def vocabulary(db: None) -> None:
    """Languages, areas and terms from the files that the room owns."""

    def names(entry: dict[str, Any]) -> dict[str, str]:
        return {code: entry[code] for code in ("fi", "sv", "en") if entry.get(code)}

    def entries(name: str) -> list[dict[str, Any]]:
        text = (CONTENT / name).read_text(encoding="utf-8")
        return json.loads(text) if name.endswith(".json") else yaml.safe_load(text)

    for code in languages.CODES:
        Locale.objects.get_or_create(language_code=code)
    Region.objects.bulk_create(Region(code=each["code"], names=names(each)) for each in entries("regions.json"))
    County.objects.bulk_create(County(code=each["code"], names=names(each)) for each in entries("counties.json"))
    Municipality.objects.bulk_create(
        Municipality(code=each["code"], names=names(each), region_id=each["region"], county_id=each["county"])
        for each in entries("municipalities.json")
    )
    Term.objects.bulk_create(
        [
            *(
                Term(
                    scheme="topic",
                    code=each["code"],
                    labels=each["labels"],
                    alt_labels=each["alt_labels"],
                    related_codes=each["ptv_service_classes"],
                )
                for each in entries("topics.yaml")
            ),
            *(
                Term(
                    scheme="target_group",
                    code=each["code"],
                    labels=each["labels"],
                    alt_labels=each["alt_labels"],
                    related_codes=[each["ptv_code"]] if each["ptv_code"] else [],
                )
                for each in entries("target_groups.yaml")
            ),
            *(
                Term(scheme=scheme, code=each["code"], labels=each["labels"], uri=each["uri"])
                for scheme, file in (
                    ("service_class", "ptv_service_classes.json"),
                    ("life_event", "ptv_life_events.json"),
                )
                for each in entries(file)
            ),
        ]
    )
