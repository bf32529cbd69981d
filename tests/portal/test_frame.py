"""The frame of every page: navigation, the language switch, what is told to search engines, and that it keeps up."""

import re

import pytest
from django.test import Client
from wagtail.models import Page

from directory import shortlist
from portal.base import languages
from portal.content.frame import Frame, site_map
from tests.factories import referrals
from tests.factories.cards import HelpContactFactory, PracticeModelIndexPageFactory, ToolCataloguePageFactory
from tests.factories.content import (
    GlossaryPageFactory,
    HomePageFactory,
    PathwayPageFactory,
    StagePageFactory,
    TextPageFactory,
    translated_page,
)
from tests.factories.directory import CountyFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Page:
    return HomePageFactory()


def frame_of(client: Client, path: str) -> Frame:
    response = client.get(path)
    assert response.status_code in {200, 404}, path
    return response.context["frame"]


def urls(frame: Frame) -> dict[str, str]:
    return {link.code: link.url for link in frame.languages}


# --- navigation ------------------------------------------------------------------------------------------------------
def test_what_is_there_is_in_the_navigation(client: Client, home: Page):
    assert [link.url for link in frame_of(client, "/fi/").nav] == ["/fi/hae/"]
    PathwayPageFactory(parent=home)
    PracticeModelIndexPageFactory(parent=home)
    ToolCataloguePageFactory(parent=home)
    assert [link.url for link in frame_of(client, "/fi/").nav] == [
        "/fi/hae/",
        "/fi/palvelupolku/",
        "/fi/toimintakortit/",
        "/fi/digiratkaisut/",
    ]


def test_one_sees_where_one_is(client: Client, home: Page):
    stage = StagePageFactory(parent=PathwayPageFactory(parent=home))
    PracticeModelIndexPageFactory(parent=home)
    assert [link.url for link in frame_of(client, stage.url).nav if link.is_current] == ["/fi/palvelupolku/"]
    assert not [link for link in frame_of(client, "/fi/").nav if link.is_current]
    assert [link.url for link in frame_of(client, "/fi/hae/?q=x").nav if link.is_current] == ["/fi/hae/"]


def test_a_page_in_another_language_says_so(client: Client, home: Page):
    swedish = translated_page(home, "sv", home.get_parent())
    pathway = PathwayPageFactory(parent=home)
    [_search, link] = frame_of(client, "/sv/").nav
    assert (link.url, link.lang) == ("/fi/palvelupolku/", "fi")
    translated_page(pathway, "sv", swedish)
    [_search, link] = frame_of(client, "/sv/").nav
    assert (link.url, link.lang) == ("/sv/palvelupolku/", "")


def test_the_foot(client: Client, home: Page):
    TextPageFactory(parent=home, slug="tietosuoja", show_in_footer=True)
    TextPageFactory(parent=home, slug="muu")
    TextPageFactory(parent=home, slug="luonnos", show_in_footer=True, live=False)
    GlossaryPageFactory(parent=home)
    assert [link.url for link in frame_of(client, "/fi/").footer] == [
        "/fi/tietosuoja/",
        "/fi/sanasto/",
        "/fi/tyotila/",
    ]


@pytest.mark.parametrize("path", ["/fi/", "/fi/hae/", "/fi/apua-heti/", "/fi/ei-ole/"])
def test_help_and_the_way_out_are_on_every_page(client: Client, home: Page, path: str):
    html = client.get(path).content.decode()
    assert 'href="/fi/apua-heti/"' in html
    assert 'href="https://www.example.org/"' in html


# --- one's own list, referrals, help ---------------------------------------------------------------------------------
def test_there_is_a_way_to_compare_once_there_are_two(client: Client, home: Page):
    services = [ServiceFactory(), ServiceFactory()]
    for many, url in ((0, ""), (1, ""), (2, "/fi/lista/vertaa/")):
        client.cookies[shortlist.COOKIE] = shortlist.pack(service.uuid for service in services[:many])
        assert frame_of(client, "/fi/").compare_url == url


def test_referrals_are_there_when_they_are_in_use_and_gone_when_they_are_not(client: Client, home: Page):
    def told() -> tuple[str, set[str]]:
        frame = frame_of(client, "/fi/hae/")
        return frame.referral_url, {link.url for link in frame.footer} & {"/fi/oma/", "/fi/lahete/tietosuoja/"}

    assert told() == ("", set())
    controller = referrals.switch_on()
    assert told() == ("/fi/lahete/uusi/", {"/fi/oma/", "/fi/lahete/tietosuoja/"})
    controller.controller = ""
    controller.save()
    assert told() == ("", set())


def test_whom_to_call_at_once_is_read_when_it_is_asked(client: Client, home: Page, django_assert_num_queries):
    first = HelpContactFactory(is_urgent=True, order=1)
    HelpContactFactory(is_urgent=True, live=False)
    HelpContactFactory(is_urgent=True, county=CountyFactory())
    HelpContactFactory()
    frame = frame_of(client, "/fi/hae/")
    with django_assert_num_queries(1):
        assert frame.urgent_contacts == [first]
    with django_assert_num_queries(0):
        assert frame.urgent_contacts


# --- it keeps up -----------------------------------------------------------------------------------------------------
def test_the_map_is_kept_between_pages(client: Client, home: Page, django_assert_num_queries):
    PathwayPageFactory(parent=home)
    site_map("fi")
    with django_assert_num_queries(0):
        site_map("fi")


def test_publishing_moving_and_deleting_are_seen_at_once(client: Client, home: Page):
    def roles() -> set[str]:
        return set(site_map("fi").roles)

    assert roles() == set()
    pathway = PathwayPageFactory(parent=home, live=False)
    assert roles() == set()
    pathway.get_latest_revision().publish()
    assert roles() == {"pathway"}
    pathway.refresh_from_db()
    pathway.slug = "polku"
    pathway.save_revision().publish()
    assert site_map("fi").roles["pathway"][1] == "/fi/polku/"
    pathway.refresh_from_db()
    pathway.unpublish()
    assert roles() == set()
    index = PracticeModelIndexPageFactory(parent=home)
    assert roles() == {"cards"}
    index.delete()
    assert roles() == set()


def test_deleting_what_is_above_is_seen_too(home: Page):
    swedish = translated_page(home, "sv", home.get_parent())
    PathwayPageFactory(parent=swedish, language="sv")
    assert "pathway" in site_map("sv").roles
    swedish.refresh_from_db()
    swedish.delete()
    assert "pathway" not in site_map("sv").roles


# --- languages -------------------------------------------------------------------------------------------------------
def test_the_switch_leads_to_the_same_page_or_the_nearest_above(client: Client, home: Page):
    swedish = translated_page(home, "sv", home.get_parent())
    translated_page(home, "en", home.get_parent())
    pathway = PathwayPageFactory(parent=home)
    swedish_pathway = translated_page(pathway, "sv", swedish)
    stage = StagePageFactory(parent=pathway)
    draft = translated_page(stage, "sv", swedish_pathway, live=False)
    assert urls(frame_of(client, stage.url)) == {
        "fi": "/fi/palvelupolku/vaihe-1/",
        "sv": "/sv/palvelupolku/",
        "en": "/en/",
        "fi-simple": "/fi-simple/",
    }
    draft.get_latest_revision().publish()
    assert urls(frame_of(client, stage.url))["sv"] == "/sv/palvelupolku/vaihe-1/"
    assert urls(frame_of(client, "/sv/palvelupolku/vaihe-1/"))["fi"] == "/fi/palvelupolku/vaihe-1/"


@pytest.mark.parametrize("code", languages.CODES)
def test_what_is_no_page_is_the_same_in_every_language(client: Client, home: Page, code: str):
    service = ServiceFactory()
    for path in ("hae/?q=velka&stage=1", f"palvelut/{service.slug}/", "lista/", "apua-heti/", "ei-ole/"):
        frame = frame_of(client, f"/{code}/{path}")
        assert urls(frame) == {each: f"/{each}/{path}" for each in languages.CODES}
        assert [link.code for link in frame.languages if link.is_current] == [code]
        assert all(link.has_translation for link in frame.languages)


def test_search_engines_are_told_of_translations_that_exist(client: Client, home: Page):
    swedish = translated_page(home, "sv", home.get_parent())
    text = TextPageFactory(parent=home)
    translated_page(text, "sv", swedish)

    def told(path: str) -> dict[str, str]:
        html = client.get(path).content.decode()
        return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', html))

    expected = {code: f"http://testserver/{code}/{text.slug}/" for code in ("fi", "sv")}
    assert told(text.url) == expected
    assert told(f"/sv/{text.slug}/") == expected


def test_a_language_without_a_front_page_shows_the_finnish_one_and_says_so(client: Client, home: Page):
    response = client.get("/sv/")
    assert response.status_code == 200
    assert '<html lang="fi"' in response.content.decode()


def test_an_address_cannot_lead_the_switch_away(client: Client, home: Page):
    for link in frame_of(client, "/fi//elsewhere.example/").languages:
        assert not link.url.startswith("//")
