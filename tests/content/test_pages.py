"""The editorial pages as people meet them and as editors work on them; help now; how many queries a stage costs."""

import datetime
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.choices import Stage
from portal.base import languages
from portal.content.models import StagePage
from tests.factories.cards import (
    ActionCardPageFactory,
    HelpContactFactory,
    PracticeModelIndexPageFactory,
    PracticeModelPageFactory,
)
from tests.factories.content import (
    GlossaryPageFactory,
    HomePageFactory,
    PathwayPageFactory,
    StagePageFactory,
    TextPageFactory,
    translated_page,
)
from tests.factories.directory import MunicipalityFactory, ServiceFactory, TermFactory
from tests.page_forms import PageTypeTests

TEXT = json.dumps([{"type": "heading", "value": "Mistä on kyse"}, {"type": "text", "value": "<p>Ihminen edellä.</p>"}])
TERMS = json.dumps(
    [
        {
            "type": "term",
            "value": {
                "key": key,
                "term": key.capitalize(),
                "definition": "Selitys.",
                "simple": "Helppo selitys.",
                "swedish": "ord",
                "english": "word",
                "group": group,
            },
        }
        for key, group in (("vertaistuki", "people"), ("palveluohjaus", "guidance"), ("asiakas", "people"))
    ]
)


class TestEveryPageType(PageTypeTests):
    """One page of each type."""

    __test__ = True

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        home = HomePageFactory(body=TEXT, search_example="yksinäisyys")
        pathway = PathwayPageFactory(parent=home, body=TEXT)
        cls.pages = [
            home,
            pathway,
            StagePageFactory(parent=pathway, live_query="stage=1", offers="<p>Seuraa.</p>"),
            TextPageFactory(parent=home, body=TEXT),
            GlossaryPageFactory(parent=home, terms=TERMS),
        ]


@pytest.fixture
def home(db: None):
    """The front page of a site of its own."""
    return HomePageFactory(search_example="yksinäisyys")


@pytest.fixture
def stages(home) -> list[StagePage]:
    """The five stages, each with its saved query."""
    pathway = PathwayPageFactory(parent=home)
    return [StagePageFactory(parent=pathway, number=code, live_query=f"stage={code}") for code in Stage.values]


def shown(client: Client, address: str) -> str:
    """What a reader gets."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# --- Front page -----------------------------------------------------------------------------------------------------
def test_the_front_page_has_search_path_topics_and_help(client: Client, home, stages: list[StagePage]):
    TermFactory(code="debt", parent=TermFactory(code="money"))
    HelpContactFactory(name={"fi": "Hätänumero"}, phone="112", is_urgent=True)
    text = shown(client, home.url)
    assert (
        text.index('role="search"') < text.index("path--large") < text.index("?topic=money") < text.index("Hätänumero")
    )
    assert "?topic=debt" in text
    assert "?q=yksin%C3%A4isyys" in text or "?q=yksinäisyys" in text
    assert all(stage.url in text for stage in stages)


def test_a_front_page_without_anything_still_searches(client: Client, home):
    assert 'role="search"' in shown(client, home.url)


# --- A stage --------------------------------------------------------------------------------------------------------
def test_only_stage_two_says_that_no_personal_data_is_needed(client: Client, stages: list[StagePage]):
    told = [stage.number for stage in stages if "stage__no-data" in shown(client, stage.url)]
    assert told == ["2"]


def test_each_stage_says_that_a_statutory_service_comes_first_before_how_to_guide(client: Client, stages):
    for stage in stages:
        text = shown(client, stage.url)
        assert text.index("stage__first") < text.index("stage__form")


def test_a_stage_shows_the_options_of_its_query_alone(client: Client, stages: list[StagePage]):
    ServiceFactory(title="Oikean vaiheen kerho", stages=["1"])
    ServiceFactory(title="Muun vaiheen kerho", stages=["4"])
    ServiceFactory(title="Salainen luonnos", stages=["1"], live=False)
    ServiceFactory(title="Salainen piilo", stages=["1"], is_hidden=True)
    text = shown(client, stages[0].url)
    assert "Oikean vaiheen kerho" in text
    assert "Muun vaiheen kerho" not in text
    assert "Salainen" not in text


def test_the_options_can_be_narrowed_to_a_municipality_without_script(client: Client, stages: list[StagePage]):
    kuopio = MunicipalityFactory()
    other = MunicipalityFactory(code="091", names={"fi": "Helsinki"})
    ServiceFactory(title="Kuopion kerho", stages=["1"], municipalities=[kuopio])
    ServiceFactory(title="Helsingin kerho", stages=["1"], municipalities=[other])
    ServiceFactory(title="Koko maan linja", stages=["1"], is_nationwide=True)
    cache.clear()  # the municipalities of the form are kept for a moment
    text = shown(client, f"{stages[0].url}?municipality=297")
    assert "Kuopion kerho" in text
    assert "Koko maan linja" in text
    assert "Helsingin kerho" not in text
    assert "stage=1&amp;municipality=297" in text
    assert "Helsingin kerho" in shown(client, f"{stages[0].url}?municipality=nonsense")


def test_an_option_can_be_put_on_the_list_and_is_then_marked(client: Client, stages: list[StagePage]):
    service = ServiceFactory(title="Kerho", stages=["1"])
    assert f'value="{service.uuid}"' in shown(client, stages[0].url)
    client.post("/fi/lista/vaihda/", {"item": service.uuid, "action": "add", "next": stages[0].url})
    assert 'value="remove"' in shown(client, stages[0].url)


def test_a_stage_names_the_cards_that_apply(client: Client, home, stages: list[StagePage]):
    model = PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=home))
    fits = ActionCardPageFactory(parent=model, title="Sopiva kortti", stages=["1"])
    ActionCardPageFactory(parent=model, title="Sopimaton kortti", stages=["5"])
    ActionCardPageFactory(parent=model, title="Luonnoskortti", stages=["1"], live=False)
    text = shown(client, stages[0].url)
    assert f'href="{fits.url}"' in text
    assert "Sopimaton kortti" not in text
    assert "Luonnoskortti" not in text


def test_a_stage_in_another_language_names_the_finnish_cards_as_finnish(client: Client, home, stages):
    model = PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=home))
    card = ActionCardPageFactory(parent=model, stages=["1"])
    swedish_home = HomePageFactory(language="sv", slug="sv", translation_key=home.translation_key)
    pathway = translated_page(stages[0].get_parent().specific, "sv", swedish_home)
    stage = translated_page(stages[0], "sv", pathway)
    text = shown(client, stage.url)
    assert '<html lang="sv">' in text
    assert f'href="{card.url}" hreflang="fi"' in text
    # One stage is translated: the others of the path are the Finnish ones, and none comes twice.
    assert text.count('class="path__stage') == 5


def test_previous_and_next_stage(client: Client, stages: list[StagePage]):
    assert 'rel="prev"' not in shown(client, stages[0].url)
    text = shown(client, stages[1].url)
    assert f'rel="prev" href="{stages[0].url}"' in text
    assert f'rel="next" href="{stages[2].url}"' in text
    assert 'rel="next"' not in shown(client, stages[4].url)


def test_a_stage_costs_the_same_however_much_there_is(client: Client, home, stages: list[StagePage]):
    model = PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=home))

    def more() -> None:
        ActionCardPageFactory(parent=model, stages=["1"])
        ServiceFactory(stages=["1"], municipalities=[MunicipalityFactory()])

    def queries() -> int:
        client.get(stages[0].url)
        with CaptureQueriesContext(connection) as captured:
            shown(client, stages[0].url)
        return len(captured)

    more()
    few = queries()
    for _number in range(4):
        more()
    assert queries() <= few
    assert few <= 34


# --- Glossary -------------------------------------------------------------------------------------------------------
def test_words_stand_in_groups_with_addresses_and_their_languages(client: Client, home):
    text = shown(client, GlossaryPageFactory(parent=home, terms=TERMS).url)
    assert text.index("group-guidance") < text.index("group-people")
    assert text.index('id="asiakas"') < text.index('id="vertaistuki"')
    for language in ("sv", "en", "fi-simple"):
        assert f'<span lang="{language}">' in text


# --- Help now -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", languages.CODES)
def test_help_now_works_in_every_language(client: Client, db: None, language: str):
    HelpContactFactory(name={"fi": "Hätänumero"}, phone="112", is_urgent=True, group="emergency")
    text = shown(client, f"/{language}/apua-heti/")
    assert 'href="tel:112"' in text
    assert "Hätänumero" in text


def test_help_now_shows_the_urgent_first_and_then_groups(client: Client, db: None):
    HelpContactFactory(name={"fi": "Velkaneuvonta"}, group="money")
    HelpContactFactory(name={"fi": "Kriisilinja"}, group="crisis", is_urgent=True)
    HelpContactFactory(name={"fi": "Turvalinja"}, group="violence")
    HelpContactFactory(name={"fi": "Luonnoslinja"}, group="violence", live=False)
    text = shown(client, "/fi/apua-heti/")
    order = [text.index(name) for name in ("Kriisilinja", "Turvalinja", "Velkaneuvonta")]
    assert order == sorted(order)
    assert "Luonnoslinja" not in text


def test_a_contact_says_when_it_was_written_down_until_a_person_has_checked_it(client: Client, db: None):
    contact = HelpContactFactory(is_urgent=True, written_down_on=datetime.date(2026, 11, 22), needs_check=True)
    assert "22.11.2026" in shown(client, "/fi/apua-heti/")
    contact.needs_check, contact.checked_on = False, datetime.date(2026, 11, 1)
    contact.save()
    text = shown(client, "/fi/apua-heti/")
    assert "1.11.2026" in text
    assert "22.11.2026" not in text
