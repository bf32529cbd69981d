"""The reminder: what flows into it from the visitor's own list; that it sends nothing. In a browser: tests/browser."""

import json
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from cards.loading import CONTENT
from cards.models import ReminderPage
from directory import shortlist
from directory.choices import Audience
from directory.models import Service
from portal.base import languages
from tests.cards.test_together import SharedToolsPageFactory
from tests.factories.content import HomePageFactory, SitePageFactory
from tests.factories.directory import MunicipalityFactory, OrganisationFactory, PlaceFactory, ServiceFactory
from tests.page_forms import PageTypeTests

NAME = "together/20-asioinnin-muistilista.yaml"


class ReminderPageFactory(SitePageFactory):
    class Meta:
        model = ReminderPage

    title = "Asioinnin muistilista"
    slug = "asioinnin-muistilista"


class TestPages(PageTypeTests):
    """The tool with a text for the worker."""

    __test__ = True

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        text = json.dumps([{"type": "text", "value": "<p>Työntekijälle.</p>"}])
        front = SharedToolsPageFactory(parent=HomePageFactory())
        cls.pages = [ReminderPageFactory(parent=front, body=text)]


@pytest.fixture
def page(db: None) -> ReminderPage:
    return ReminderPageFactory(parent=SharedToolsPageFactory(parent=HomePageFactory()))


def sheet(page: ReminderPage, *listed: Service) -> Tag:
    """The sheet as a visitor with this list gets it."""
    client = Client()
    if listed:
        client.cookies[shortlist.COOKIE] = shortlist.pack(service.uuid for service in listed)
    found = BeautifulSoup(client.get(page.url).content, "html.parser").select_one("[data-reminder]")
    assert found is not None
    return found


def takes(page: ReminderPage, *listed: Service) -> list[Tag]:
    """What the sheet offers to take along."""
    return sheet(page, *listed).select("[data-take]")


def ways(*rows: tuple[str, str], **more: Any) -> list[dict[str, Any]]:
    """Contact ways of a service."""
    return [{"kind": kind, "value": value, **more} for kind, value in rows]


def test_holds_nothing_that_could_be_sent(page: ReminderPage):
    found = sheet(page, ServiceFactory())
    controls = found.select("input, textarea, select, button")
    assert controls
    assert not any(control.find_parent("form") for control in controls)
    assert not found.select("[name], [type=submit]")
    # A shared computer must not remember it either.
    typed = found.select("textarea, input:not([type=file])")
    assert {control.get("autocomplete") for control in typed} == {"off"}


def test_every_field_has_a_name(page: ReminderPage):
    found = sheet(page, ServiceFactory())
    for field in found.select("textarea, input:not([type=file])"):
        by_id = found.find("label", attrs={"for": field.get("id")}) if field.get("id") else None
        named = field.find_parent("label") or by_id or found.find(id=field.get("aria-labelledby"))
        assert named, field
        assert named.get_text(strip=True)


def test_services_of_the_own_list_can_be_taken_along(page: ReminderPage):
    first = ServiceFactory(
        title="Velkaneuvonta",
        organisation=OrganisationFactory(names={"fi": "Apu ry"}),
        contact_ways=ways(("phone", "+358123456789"), ("email", "apu@example.org")),
        places=[PlaceFactory(street="Kuusikuja 3", post_office="Kuopio")],
    )
    second = ServiceFactory(title="Kahvila")
    offered = takes(page, second, first)
    # In the order of the list.
    assert [take.select_one("[data-take-title]").get_text(strip=True) for take in offered] == [
        "Kahvila",
        "Velkaneuvonta",
    ]
    lines = [line.get_text() for line in offered[1].select("[data-take-lines] p")]
    assert lines == ["Apu ry", "012\u00a0345\u00a06789", "apu@example.org", "Kuusikuja 3, Kuopio"]


def test_without_a_list_the_way_to_services_is_shown(page: ReminderPage):
    found = sheet(page)
    assert not found.select("[data-take]")
    assert found.select_one("[data-taken]").has_attr("hidden")
    assert found.select("a[href='/fi/hae/']")


def test_what_is_not_public_is_not_offered(page: ReminderPage):
    shown = ServiceFactory()
    hidden = [ServiceFactory(live=False), ServiceFactory(is_hidden=True)]
    assert [take["data-take"] for take in takes(page, *hidden, shown)] == [str(shown.uuid)]


def test_a_secret_place_and_a_number_for_workers_stay_away(page: ReminderPage):
    shelter = PlaceFactory(
        name="Salatalo", street="Salakatu 7", postcode="83719", post_office="Salakylä", is_secret=True,
        municipality=MunicipalityFactory(),
    )  # fmt: skip
    service = ServiceFactory(
        title="Turvakoti",
        places=[shelter, PlaceFactory(street="Avokatu 1")],
        contact_ways=[
            *ways(("phone", "012 111 1111")),
            *ways(("phone", "012 999 9999"), audience=Audience.WORKERS),
        ],
    )
    html = str(sheet(page, service))
    assert "Avokatu 1" in html
    assert "012\u00a0111\u00a01111" in html
    for secret in ("Salatalo", "Salakatu", "83719", "Salakylä", "012\u00a0999", "012 999"):
        assert secret not in html


def test_a_service_in_another_language_says_so(page: ReminderPage):
    (take,) = takes(page, ServiceFactory(language="sv", title="Rådgivning"))
    assert take["lang"] == "sv"


def test_a_list_that_is_not_ours_is_no_list(page: ReminderPage):
    client = Client()
    client.cookies[shortlist.COOKIE] = "<script>:abc"
    assert client.get(page.url).status_code == 200


@pytest.mark.parametrize("code", [code for code in languages.CODES if code != languages.FINNISH])
def test_translations_have_the_same_parts(code: str):
    finnish, other = CONTENT.read(NAME), CONTENT.read(f"{code}/{NAME}")
    assert [part["type"] for part in other["body"]] == [part["type"] for part in finnish["body"]]


def test_the_tool_stands_in_four_languages(site: None):
    pages = ReminderPage.objects.live().select_related("locale")
    assert sorted(page.locale.language_code for page in pages) == sorted(languages.CODES)
    for page in pages:
        html = Client().get(page.url).content.decode()
        levels = [int(heading.name[1]) for heading in BeautifulSoup(html, "html.parser").select("main :is(h1, h2, h3)")]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
