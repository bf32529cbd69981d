"""A service as schema.org data: what readers of it may rely on, and what it must not tell."""

import datetime
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.choices import Audience
from directory.jsonld import service_jsonld
from directory.models import Service
from tests.factories.content import HomePageFactory
from tests.factories.directory import MunicipalityFactory, OrganisationFactory, PlaceFactory, ServiceFactory

pytestmark = pytest.mark.django_db
URL = "https://example.org/fi/palvelut/x/"


def data_of(**values: Any) -> dict[str, Any]:
    service = ServiceFactory(**values)
    return service_jsonld(Service.objects.get(pk=service.pk), URL)


@pytest.mark.parametrize(
    ("sector", "expected"),
    [
        ("association", ("Service", "NGO")),
        ("parish", ("Service", "NGO")),
        ("municipality", ("GovernmentService", "GovernmentOrganization")),
        ("wellbeing_services_county", ("GovernmentService", "GovernmentOrganization")),
        ("state", ("GovernmentService", "GovernmentOrganization")),
    ],
)
def test_who_offers_it(sector: str, expected: tuple[str, str]):
    data = data_of(organisation=OrganisationFactory(sector=sector, website="https://example.org/"))
    assert (data["@type"], data["provider"]["@type"]) == expected
    assert data["provider"]["url"] == "https://example.org/"


def test_identity():
    service = ServiceFactory(title="Kahvila", summary="Tule kahville.", language="sv")
    data = service_jsonld(service, URL)
    assert data["@context"] == "https://schema.org"
    assert data["@id"] == f"urn:uuid:{service.translation_key}"
    assert (data["url"], data["name"], data["description"], data["inLanguage"]) == (
        URL,
        "Kahvila",
        "Tule kahville.",
        "sv",
    )


def test_price_and_area():
    data = data_of(charge="free", municipalities=[MunicipalityFactory()])
    assert data["offers"]["price"] == "0"
    assert [area["name"] for area in data["areaServed"]] == ["Kuopio"]
    assert data_of(is_nationwide=True)["areaServed"]["@type"] == "Country"
    assert "offers" not in data_of(charge="varies")
    assert "areaServed" not in data_of()


def test_places_and_ways():
    data = data_of(
        places=[PlaceFactory(street="Koivukatu 1")],
        contact_ways=[
            {"kind": "phone", "value": "017 1", "label": "Päivystys"},
            {"kind": "web", "value": "https://example.org/a"},
            {"kind": "email", "value": "a@example.org"},
        ],
    )
    place, phone, web = data["availableChannel"]
    assert place["serviceLocation"]["address"]["streetAddress"] == "Koivukatu 1"
    assert place["serviceLocation"]["geo"]["latitude"] == 62.8921
    assert phone["servicePhone"] == {"@type": "ContactPoint", "telephone": "017 1", "contactType": "Päivystys"}
    assert web["serviceUrl"] == "https://example.org/a"


def test_what_is_secret_leaves_nothing():
    data = data_of(
        places=[PlaceFactory(is_secret=True, name="Turvatalo", street="Piilokuja 3", postcode="99999")],
        contact_ways=[{"kind": "phone", "value": "017 555", "audience": Audience.WORKERS}],
    )
    assert "availableChannel" not in data
    text = json.dumps(data)
    assert not re.search(r"Turvatalo|Piilokuja|99999|62\.|27\.|017 555|Kuopio", text)


def test_hours():
    today = timezone.localdate()
    data = data_of(
        opening_hours=[
            {"weekday": 1, "opens": "9:00", "closes": "15:30"},
            {"weekday": 7, "opens": "0:00", "closes": "0:00"},
            {"weekday": 2, "opens": "1:00", "closes": "2:00", "valid_to": today - datetime.timedelta(days=1)},
            {"weekday": 3, "opens": "1:00", "closes": "2:00", "valid_from": today, "valid_to": today},
        ]
    )
    hours = {row["dayOfWeek"].rpartition("/")[2]: row for row in data["hoursAvailable"]}
    assert (hours["Monday"]["opens"], hours["Monday"]["closes"]) == ("09:00", "15:30")
    # The same time twice would mean "closed" in schema.org.
    assert (hours["Sunday"]["opens"], hours["Sunday"]["closes"]) == ("00:00", "23:59")
    assert "Tuesday" not in hours
    assert hours["Wednesday"]["validFrom"] == hours["Wednesday"]["validThrough"] == today.isoformat()


def test_no_text_breaks_out_of_the_page(client: Client):
    HomePageFactory()
    title = "Kahvila </script><script>alert(1)</script> & <!-- 'yö' -->"
    service = ServiceFactory(title=title)
    html = client.get(f"/fi/palvelut/{service.slug}/").content.decode()
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert "<" not in block
    assert json.loads(block)["name"] == title
    assert "<script>alert" not in html
