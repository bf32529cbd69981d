"""Help now by area: the whole country's contacts always, an area's when it is chosen, nothing remembered."""

import pytest
from django.test import Client

from cards.choices import ContactGroup
from directory.models import County
from portal.base import languages
from tests.factories.cards import HelpContactFactory
from tests.factories.directory import CountyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    """An area with a contact of its own, beside the whole country's."""
    CountyFactory(code="06", names={"fi": "Pirkanmaa"})
    county = CountyFactory(code="15", names={"fi": "Keski-Suomi", "sv": "Mellersta Finland"})
    HelpContactFactory(name={"fi": "Hätänumero"}, phone="112", is_urgent=True, group=ContactGroup.EMERGENCY)
    HelpContactFactory(name={"fi": "Koko maan velkalinja"}, group=ContactGroup.MONEY)
    HelpContactFactory(name={"fi": "Oma kriisikeskus"}, county=county, is_urgent=True, source="Esitteestä 2021")
    return county


def shown(client: Client, query: str = "", language: str = languages.FINNISH) -> str:
    response = client.get(f"/{language}/apua-heti/{query}")
    assert response.status_code == 200
    assert not response.cookies
    return response.content.decode()


def area_part(text: str) -> str:
    """The part of the page that is about the reader's area."""
    return text.partition('id="help-area"')[2].partition("</section>")[0]


@pytest.mark.parametrize("language", languages.CODES)
def test_an_area_comes_after_the_urgent_and_before_the_rest_in_every_language(client, county, language: str):
    text = shown(client, "?county=15", language)
    places = [text.index(name) for name in ("Hätänumero", "Oma kriisikeskus", "Koko maan velkalinja")]
    assert places == sorted(places)
    assert "<details" not in area_part(text)
    assert '<option value="15" selected>' in text


def test_without_a_choice_the_areas_wait_behind_a_disclosure_under_their_names(client: Client, county: County):
    hidden = area_part(shown(client)).partition("<details")[2]
    assert hidden.index("<h3>Keski-Suomi</h3>") < hidden.index("Oma kriisikeskus")
    # An area without contacts has no heading.
    assert "Pirkanmaa" not in hidden


def test_an_area_of_which_nothing_is_known_says_so_and_shows_no_other_areas(client: Client, county: County):
    text = shown(client, "?county=06")
    assert "Oma kriisikeskus" not in text
    assert "Koko maan velkalinja" in text
    assert 'href="/fi/hae/?topic=crisis&amp;place=Pirkanmaa"' in text


@pytest.mark.parametrize("query", ["?county=nonsense", "?county=", "?county=15&county=99"])
def test_an_unknown_area_is_no_choice(client: Client, county: County, query: str):
    assert "Oma kriisikeskus" in area_part(shown(client, query)).partition("<details")[2]


def test_an_area_is_not_remembered(client: Client, county: County):
    shown(client, "?county=15")
    assert '<option value="15" selected>' not in shown(client)


def test_a_contact_tells_where_it_is_from_and_that_nobody_has_checked_it(client: Client, county: County):
    text = shown(client, "?county=15").partition("Oma kriisikeskus")[2].partition("</article>")[0]
    assert "Esitteestä 2021" in text
    assert "stamp--checked" not in text


def test_help_now_costs_the_same_however_many_contacts(client, county, django_assert_max_num_queries):
    for _number in range(10):
        HelpContactFactory(county=county)
        HelpContactFactory()
    with django_assert_max_num_queries(20):
        shown(client)
