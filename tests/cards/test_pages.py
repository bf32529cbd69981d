"""The cards' pages as people meet them and as editors work on them; the live search; how many queries they cost."""

import datetime
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cards.live_search import filter_of, find
from cards.models import HelpContact, LawReference
from directory.filters import ServiceFilter
from tests.factories.cards import (
    ActionCardPageFactory,
    DigitalToolPageFactory,
    HelpContactFactory,
    LawReferenceFactory,
    PracticeModelIndexPageFactory,
    PracticeModelPageFactory,
    QualityCriteriaPageFactory,
    ToolCataloguePageFactory,
    ToolThemePageFactory,
)
from tests.factories.content import HomePageFactory
from tests.factories.directory import OrganisationFactory, ServiceFactory, TermFactory, translation_of
from tests.page_forms import PageTypeTests

BRANCH = {"situation": "Neuvo riittää.", "actions": ["Kerro, mistä apua saa."], "responsibility": "Sinä."}


def body(*parts: tuple[str, Any]) -> str:
    """A stream field's value as it is stored."""
    return json.dumps([{"type": kind, "value": value} for kind, value in parts])


def a_body_of_everything(contact: HelpContact, law: LawReference) -> str:
    """One of every part a card may hold."""
    return body(
        ("text", "<p>Ihminen edellä.</p>"),
        ("heading", "Mistä on kyse"),
        ("notice", {"tone": "urgent", "text": "<p>Soita 112.</p>"}),
        ("links", {"title": "", "items": [{"label": "Lue lisää", "url": "https://example.org/"}]}),
        ("things_to_do", {"title": "Tee nyt", "items": ["Kysy", "Kuuntele"]}),
        ("done_well", {"title": "", "items": ["Ihminen kertoo itse."]}),
        ("branches", {"title": "Kolme tasoa", "light": BRANCH, "wider": BRANCH, "complex": BRANCH}),
        ("decision", {"question": "Onko kiire?", "yes": "<p>Toimi heti.</p>", "no": "<p>Jatka.</p>", "note": ""}),
        ("checklist", {"title": "Ennen lähtöä", "items": ["Sovittu aika"]}),
        ("tips", {"title": "", "items": ["Hengitä."]}),
        ("questions", {"title": "", "items": ["Miten meni?"]}),
        ("concepts", [{"term": "Varhainen tuki", "points": ["Toimit ajoissa."]}]),
        ("helpers", {"title": "", "rows": [{"who": "Kela", "helps_with": ["etuudet", "kuntoutus"]}]}),
        ("contacts", {"title": "", "contacts": [contact.pk]}),
        ("laws", {"title": "", "laws": [law.pk]}),
        ("tool_themes", {"title": "", "themes": ["1", "2"]}),
        ("live_search", {"title": "Seuraa lähellä", "stages": ["1"], "anonymous": True}),
    )


def criteria() -> str:
    """One theme with one statement."""
    statement = {"text": "Minua kuunneltiin.", "answered_by": "person"}
    return body(("theme", {"theme": "encounter", "statements": [statement]}))


class TestEveryPageType(PageTypeTests):
    """One page of each type; a card with every part in it."""

    __test__ = True

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        home = HomePageFactory()
        full = a_body_of_everything(HelpContactFactory(), LawReferenceFactory())
        index = PracticeModelIndexPageFactory(parent=home, body=full)
        model = PracticeModelPageFactory(parent=index, body=full)
        catalogue = ToolCataloguePageFactory(parent=home, body=full)
        cls.pages = [
            index,
            model,
            ActionCardPageFactory(parent=model, body=full, stages=["1", "3"], need_tiers=["light"]),
            ActionCardPageFactory(parent=model, body=full, role="theme"),
            QualityCriteriaPageFactory(parent=model, themes=criteria()),
            catalogue,
            ToolThemePageFactory(parent=catalogue, body=full, side_person="<p>A</p>", side_professional="<p>B</p>"),
            DigitalToolPageFactory(
                parent=catalogue, link="https://www.example.org/", status="renamed", successor="Uusi"
            ),
        ]


@pytest.fixture
def model(db: None):
    """A published practice model on a site of its own."""
    return PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=HomePageFactory()), letter="A")


@pytest.fixture
def catalogue(db: None):
    """A published catalogue on a site of its own."""
    return ToolCataloguePageFactory(parent=HomePageFactory())


def shown(client: Client, page) -> str:
    """What a reader gets."""
    response = client.get(page.url)
    assert response.status_code == 200
    return response.content.decode()


# --- Steps ----------------------------------------------------------------------------------------------------------
def test_previous_and_next_lead_from_step_to_step(client: Client, model):
    first = ActionCardPageFactory(parent=model, title="Kysy")
    ActionCardPageFactory(parent=model, title="Sivupolku", role="theme")
    second = ActionCardPageFactory(parent=model, title="Kuuntele")
    third = ActionCardPageFactory(parent=model, title="Toimi")
    text = shown(client, second)
    assert f'rel="prev" href="{first.url}"' in text
    assert f'rel="next" href="{third.url}"' in text
    assert 'rel="prev"' not in shown(client, first)
    assert 'rel="next"' not in shown(client, third)


@pytest.mark.parametrize("role", ["continuous", "theme"])
def test_a_card_beside_the_steps_has_no_previous_and_next(client: Client, model, role: str):
    ActionCardPageFactory(parent=model, title="Kysy")
    beside = ActionCardPageFactory(parent=model, role=role)
    ActionCardPageFactory(parent=model, title="Kuuntele")
    text = shown(client, beside)
    assert 'rel="prev"' not in text
    assert 'rel="next"' not in text
    assert "card-steps" not in text


def test_a_draft_step_is_not_counted(client: Client, model):
    first = ActionCardPageFactory(parent=model, title="Kysy")
    ActionCardPageFactory(parent=model, title="Luonnosaskel", live=False)
    assert "Luonnosaskel" not in shown(client, first)
    assert "Luonnosaskel" not in shown(client, model)


def test_the_model_keeps_steps_and_other_cards_apart(client: Client, model):
    for role, title in (("step", "Kysy"), ("continuous", "Luottamus"), ("theme", "Käsitteet")):
        ActionCardPageFactory(parent=model, title=title, role=role)
    criteria_page = QualityCriteriaPageFactory(parent=model, themes=criteria())
    text = shown(client, model)
    steps = text[text.index('class="model-steps"') : text.index("</ol>", text.index('class="model-steps"'))]
    assert "Kysy" in steps
    assert "Luottamus" not in steps
    assert "Käsitteet" not in steps
    assert criteria_page.url in text


# --- Parts of a card ------------------------------------------------------------------------------------------------
def test_branches_and_decisions_are_there(client: Client, model):
    light, wider = {**BRANCH, "situation": "Keveä asia"}, {**BRANCH, "situation": "Laajempi asia"}
    card = ActionCardPageFactory(
        parent=model,
        body=body(
            ("branches", {"title": "Tasot", "light": light, "wider": wider, "complex": BRANCH}),
            ("decision", {"question": "Onko kiire?", "yes": "<p>Soita.</p>", "no": "<p>Odota.</p>", "note": ""}),
        ),
    )
    text = shown(client, card)
    for words in ("Keveä asia", "Laajempi asia", "Onko kiire?", "Soita.", "Odota."):
        assert words in text
    assert text.count('class="branch branch--') == 3
    assert 'href="#part-2"' not in text  # two parts need no table of contents


def test_an_old_law_shows_its_successor_and_that_it_is_to_be_checked(client: Client, model):
    new = LawReferenceFactory(name="Uusi laki", number="380/2023", section="", needs_check=False)
    old = LawReferenceFactory(
        name="Vanha laki", number="916/2012", valid_until=datetime.date(2024, 12, 31), successor=new, needs_check=True
    )
    text = shown(client, ActionCardPageFactory(parent=model, body=body(("laws", {"title": "", "laws": [old.pk]}))))
    assert "31.12.2024" in text
    assert "Uusi laki (380/2023)" in text
    assert "badge--warn" in text


def test_a_draft_contact_and_a_deleted_one_are_left_out(client: Client, model):
    kept = HelpContactFactory(name={"fi": "Pidetty linja"})
    draft = HelpContactFactory(name={"fi": "Luonnoslinja"}, live=False)
    gone = HelpContactFactory(name={"fi": "Poistettu linja"})
    value = {"title": "", "contacts": [kept.pk, draft.pk, gone.pk]}
    card = ActionCardPageFactory(parent=model, body=body(("contacts", value)))
    gone.delete()
    text = shown(client, card)
    assert "Pidetty linja" in text
    assert "Luonnoslinja" not in text
    assert "Poistettu linja" not in text


# --- Live search ----------------------------------------------------------------------------------------------------
SEARCH = {"title": "Seuraa lähellä", "stages": ["1"]}


def test_the_live_search_shows_public_services_alone(client: Client, model):
    ServiceFactory(title="Avoin olohuone", stages=["1"])
    ServiceFactory(title="Toisen vaiheen ryhmä", stages=["2"])
    ServiceFactory(title="Salainen luonnos", stages=["1"], live=False)
    ServiceFactory(title="Salainen piilo", stages=["1"], is_hidden=True)
    hidden = OrganisationFactory(is_hidden=True)
    ServiceFactory(title="Salainen yhdistys", stages=["1"], organisation=hidden)
    text = shown(client, ActionCardPageFactory(parent=model, body=body(("live_search", SEARCH))))
    assert "Avoin olohuone" in text
    assert "Toisen vaiheen ryhmä" not in text
    assert "Salainen" not in text
    assert "/hae/?stage=1" in text


def test_the_live_search_without_hits_says_so(client: Client, model):
    text = shown(client, ActionCardPageFactory(parent=model, body=body(("live_search", SEARCH))))
    assert 'class="live-row"' not in text
    assert "Seuraa lähellä" in text


def test_the_live_search_counts_a_service_once_whatever_its_languages(db: None):
    service = ServiceFactory(title="Olohuone", stages=["1"])
    translation_of(service, "sv", title="Vardagsrum", stages=["1"])
    chosen = ServiceFilter.from_query("stage=1")
    assert find(chosen, "fi", 5).total == 1
    assert [item["title"] for item in find(chosen, "sv", 5).items] == ["Vardagsrum"]


def test_the_live_search_shows_five_and_counts_all(db: None):
    for _number in range(7):
        ServiceFactory(stages=["1"])
    found = find(ServiceFilter.from_query("stage=1"), "fi", 5)
    assert (len(found.items), found.total) == (5, 7)


def test_every_choice_of_the_block_becomes_a_filter(db: None):
    TermFactory(code="loneliness")
    value = {
        "stages": ["1", "2"],
        "topics": ["loneliness"],
        "kinds": ["peer_group"],
        "channels": ["chat"],
        "free": True,
        "anonymous": True,
        "no_appointment": True,
        "taking_people": True,
    }
    expected = (
        "stage=1&stage=2&topic=loneliness&kind=peer_group&channel=chat&charge=free"
        "&taking_people=1&no_appointment=1&anonymous=1"
    )
    assert filter_of(value).to_query() == expected


# --- Criteria and tools ---------------------------------------------------------------------------------------------
def test_each_statement_has_five_anchors_and_nothing_is_sent(client: Client, model):
    text = shown(client, QualityCriteriaPageFactory(parent=model, themes=criteria()))
    table = text[text.index("<table>") : text.index("</table>")]
    assert table.count('class="rate"') == 5
    assert "<caption>" in table
    # The numbers can be pressed, and stand in no form that could send them.
    assert table.count("<input") == 5
    main = text[text.index("<main") : text.index("</main>")]
    assert "<form" not in main


def test_the_catalogue_narrows_by_side_and_need(client: Client, catalogue):
    DigitalToolPageFactory(parent=catalogue, title="Ihmisen väline", sides=["person"], needs=["goals"])
    DigitalToolPageFactory(parent=catalogue, title="Työn väline", sides=["professional"], needs=["goals"])
    everything = shown(client, catalogue)
    assert "Ihmisen väline" in everything
    assert "Työn väline" in everything
    narrowed = client.get(catalogue.url, {"side": "person", "need": "goals"}).content.decode()
    assert "Ihmisen väline" in narrowed
    assert "Työn väline" not in narrowed
    assert client.get(catalogue.url, {"side": "nonsense"}).status_code == 200


def test_a_tool_tells_its_state_and_when_its_link_was_checked(client: Client, catalogue):
    tool = DigitalToolPageFactory(
        parent=catalogue,
        status="ended",
        successor="Uusi väline",
        link="https://www.example.org/",
        link_checked_on=datetime.date(2026, 11, 1),
    )
    text = shown(client, tool)
    assert "badge--stop" in text
    assert "Uusi väline" in text
    assert "1.11.2026" in text


# --- Cost -----------------------------------------------------------------------------------------------------------
def queries_of(client: Client, page) -> int:
    """How many queries a page costs once its caches are warm."""
    client.get(page.url)
    with CaptureQueriesContext(connection) as queries:
        shown(client, page)
    return len(queries)


def test_a_model_costs_the_same_however_many_cards_it_has(client: Client, model):
    ActionCardPageFactory(parent=model)
    few = queries_of(client, model)
    for _number in range(6):
        ActionCardPageFactory(parent=model)
    assert queries_of(client, model) <= few
    assert few <= 28


def test_the_catalogue_costs_the_same_however_many_tools_it_has(client: Client, catalogue):
    ToolThemePageFactory(parent=catalogue)
    DigitalToolPageFactory(parent=catalogue)
    few = queries_of(client, catalogue)
    for _number in range(6):
        DigitalToolPageFactory(parent=catalogue)
    assert queries_of(client, catalogue) <= few
    assert few <= 28
