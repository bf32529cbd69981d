"""What search engines may find: public pages, services and organisations; nothing invented, nothing hidden."""

import re

import pytest
from django.test import Client

from portal.base import languages
from tests.factories.content import HomePageFactory, TextPageFactory, translated_page
from tests.factories.directory import OrganisationFactory, ServiceFactory, translation_of

pytestmark = pytest.mark.django_db


def addresses(client: Client) -> set[str]:
    response = client.get("/sitemap.xml")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    found = re.findall(r"<loc>http://testserver([^<]+)</loc>", response.content.decode())
    assert len(found) == len(set(found))
    return set(found)


def test_it_holds_what_is_public_in_every_language(client: Client):
    home = HomePageFactory()
    text = TextPageFactory(parent=home)
    service = ServiceFactory()
    translation_of(service, "sv")
    assert addresses(client) == {
        "/fi/",
        text.url,
        *(f"/{code}/palvelut/{service.slug}/" for code in languages.CODES),
        *(f"/{code}/jarjestot/{service.organisation.slug}/" for code in languages.CODES),
    }


def test_translated_pages_are_in_it(client: Client):
    home = HomePageFactory()
    swedish = translated_page(home, "sv", home.get_parent())
    translated_page(TextPageFactory(parent=home, slug="tieto"), "sv", swedish)
    assert {"/fi/tieto/", "/sv/tieto/", "/sv/"} <= addresses(client)


@pytest.mark.parametrize(
    "values", [{"is_sample": True}, {"is_hidden": True}, {"live": False}], ids=lambda values: next(iter(values))
)
def test_what_is_invented_or_not_public_is_not(client: Client, values: dict):
    home = HomePageFactory()
    ServiceFactory(slug="kvaksi", **values)
    OrganisationFactory(slug="kvaksi", **values)
    TextPageFactory(parent=home, slug="kvaksi", live=False)
    assert not [path for path in addresses(client) if "kvaksi" in path]


def test_every_address_opens(client: Client):
    HomePageFactory()
    ServiceFactory()
    for path in addresses(client):
        assert client.get(path).status_code == 200, path


def test_it_asks_no_more_for_many_services(client: Client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    HomePageFactory()
    organisation = OrganisationFactory()
    ServiceFactory(organisation=organisation)
    client.get("/sitemap.xml")
    with CaptureQueriesContext(connection) as few:
        client.get("/sitemap.xml")
    for _ in range(5):
        ServiceFactory(organisation=organisation)
    with CaptureQueriesContext(connection) as many:
        client.get("/sitemap.xml")
    assert len(many) <= len(few)


def test_robots(client: Client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /*/lista/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
