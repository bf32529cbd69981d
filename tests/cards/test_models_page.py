"""A model's page on the whole content: few queries, and in every language all of it, each card in its language."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cards.models import ActionCardPage, PracticeModelPage
from portal.base import languages

pytestmark = pytest.mark.usefixtures("site")

MOST_QUERIES = 12


@pytest.mark.parametrize("letter", "ABCD")
def test_a_models_page_asks_little(client: Client, letter: str):
    """What pages say of each other is remembered from the first reader on."""
    url = PracticeModelPage.objects.get(letter=letter, locale__language_code=languages.FINNISH).url
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    assert len(queries) <= MOST_QUERIES


def test_a_card_that_is_renamed_is_told_at_once(client: Client):
    model = PracticeModelPage.objects.get(letter="B", locale__language_code=languages.FINNISH)
    client.get(model.url)
    card = model.cards()[0]
    card.title = "Aivan uusi nimi"
    card.save_revision().publish()
    assert "Aivan uusi nimi" in client.get(model.url).content.decode()


@pytest.mark.parametrize("language", ["sv", "en", "fi-simple"])
def test_what_is_not_translated_is_shown_in_finnish_and_says_so(client: Client, language: str):
    soup = BeautifulSoup(client.get(f"/{language}/toimintakortit/").content, "html.parser")
    models = soup.select(".models .model")
    assert len(models) == 4
    assert [model.get("lang") for model in models] == [None, "fi", "fi", "fi"]
    assert ["Suomi" in model.get_text() for model in models] == [False, True, True, True]
    tools = BeautifulSoup(client.get(f"/{language}/digiratkaisut/").content, "html.parser").select(".tool-row")
    assert len(tools) > 70
    assert {tool.get("lang") for tool in tools} == {"fi"}


def test_every_card_leads_to_a_page(client: Client):
    for card in ActionCardPage.objects.live().filter(locale__language_code=languages.FINNISH):
        assert client.get(card.url).status_code == 200
