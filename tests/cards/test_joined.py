"""The card and the directory lead to each other: picked listings on a card, the cards that a listing is shown on."""

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page

from directory.models import Service
from tests.cards.test_pages import body
from tests.factories.cards import ActionCardPageFactory, PracticeModelIndexPageFactory, PracticeModelPageFactory
from tests.factories.content import HomePageFactory, PathwayPageFactory, StagePageFactory
from tests.factories.directory import OrganisationFactory, ServiceFactory, TermFactory, translation_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def model() -> Page:
    """A practice model to put cards under."""
    cache.clear()
    return PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=HomePageFactory()))


def pins(*services: Service, why: str = "") -> str:
    rows = [{"service": service.pk, "why": why} for service in services]
    return body(("pinned_listings", {"title": "Hyväksi havaittuja", "listings": rows}))


def shown(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


# --- picked listings -------------------------------------------------------------------------------------------------
def test_picked_listings_stand_in_the_editors_order_with_the_reason(client: Client, model: Page):
    walk, choir = ServiceFactory(title="Kävelyryhmä"), ServiceFactory(title="Avoin kuoro")
    card = ActionCardPageFactory(parent=model, body=pins(walk, choir, why="Sopii myös aralle."))
    html = shown(client, card.url)
    assert html.index("Kävelyryhmä") < html.index("Avoin kuoro")
    assert html.count("Sopii myös aralle.") == 2


def test_a_picked_listing_that_is_not_public_is_not_shown(client: Client, model: Page):
    hidden = ServiceFactory(title="Salattu palvelu", is_hidden=True)
    draft = ServiceFactory(title="Luonnospalvelu", live=False)
    foreign = ServiceFactory(title="Piilojärjestön palvelu", organisation=OrganisationFactory(is_hidden=True))
    card = ActionCardPageFactory(parent=model, body=pins(hidden, draft, foreign))
    html = shown(client, card.url)
    assert not any(title in html for title in ("Salattu palvelu", "Luonnospalvelu", "Piilojärjestön palvelu"))
    # A heading over nothing would only be in the way.
    assert "Hyväksi havaittuja" not in html


def test_a_picked_listing_comes_in_the_readers_language(client: Client, model: Page):
    walk = ServiceFactory(title="Kävelyryhmä")
    translation_of(walk, "sv", title="Promenadgrupp")
    card = ActionCardPageFactory(parent=model, body=pins(walk))
    card.copy_for_translation(model.locale.__class__.objects.get_or_create(language_code="sv")[0], copy_parents=True)
    translated = Page.objects.get(translation_key=card.translation_key, locale__language_code="sv").specific
    translated.save_revision().publish()
    html = shown(client, translated.get_url())
    assert "Promenadgrupp" in html


def test_a_card_stands_when_a_picked_listing_is_removed(client: Client, model: Page):
    walk, choir = ServiceFactory(title="Kävelyryhmä"), ServiceFactory(title="Avoin kuoro")
    card = ActionCardPageFactory(parent=model, body=pins(walk, choir))
    walk.delete()
    html = shown(client, card.url)
    assert "Kävelyryhmä" not in html
    assert "Avoin kuoro" in html


# --- from the listing to its cards and stages ------------------------------------------------------------------------
def cards_on(client: Client, service: Service) -> list[str]:
    cache.clear()
    html = shown(client, service.get_absolute_url())
    return [title for title in ("Valittu kortti", "Tarkka kortti", "Väljä kortti", "Vieras kortti") if title in html]


def test_a_listing_leads_to_the_cards_that_show_it(client: Client, model: Page):
    walk = ServiceFactory(title="Kävelyryhmä", stages=["1"], kind="peer_group", topics=[TermFactory(code="walking")])
    search = {"title": "Nyt"}
    ActionCardPageFactory(parent=model, title="Väljä kortti", body=body(("live_search", {**search, "stages": ["1"]})))
    ActionCardPageFactory(
        parent=model,
        title="Tarkka kortti",
        body=body(("live_search", {**search, "topics": ["walking"], "kinds": ["peer_group"]})),
    )
    ActionCardPageFactory(parent=model, title="Vieras kortti", body=body(("live_search", {**search, "stages": ["5"]})))
    assert cards_on(client, walk) == ["Tarkka kortti", "Väljä kortti"]
    ActionCardPageFactory(parent=model, title="Valittu kortti", body=pins(walk))
    assert cards_on(client, walk) == ["Valittu kortti", "Tarkka kortti", "Väljä kortti"]


def test_a_draft_card_is_not_named_on_a_listing(client: Client, model: Page):
    walk = ServiceFactory(title="Kävelyryhmä")
    ActionCardPageFactory(parent=model, title="Valittu kortti", body=pins(walk), live=False)
    assert cards_on(client, walk) == []


def test_a_listing_leads_to_the_pages_of_its_stages(client: Client, model: Page):
    pathway = PathwayPageFactory(parent=model.get_parent().get_parent())
    stage = StagePageFactory(parent=pathway, number="2", short_name="Mietin")
    walk = ServiceFactory(title="Kävelyryhmä", stages=["2"])
    assert f'href="{stage.url}"' in shown(client, walk.get_absolute_url())
