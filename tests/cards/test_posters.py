"""Posters: the same thoughts on the web and on paper, each paper one page, and a code that leads back."""

import json
import re
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cards.models import PosterPage, SharedToolsPage
from cards.printing.composing import address_of, make_html, make_pdf
from cards.printing.selection import selection_of
from tests.cards.pdf_files import objects_of, pages_of, pango  # noqa: F401 a fixture
from tests.cards.test_printing import TODAY, chosen
from tests.factories.cards import ActionCardPageFactory, PracticeModelIndexPageFactory, PracticeModelPageFactory
from tests.factories.content import HomePageFactory, SitePageFactory

SIZES = {"a4": (595, 841), "a3": (841, 1190)}


class SharedToolsPageFactory(SitePageFactory):
    class Meta:
        model = SharedToolsPage

    title = "Täyttäkää yhdessä"
    slug = "tayta-yhdessa"


class PosterPageFactory(SitePageFactory):
    class Meta:
        model = PosterPage

    title = "Kohtaaminen"


def thoughts(number: int, text: str = "Kuuntele loppuun asti.") -> str:
    """A stream of thoughts, as it is stored."""
    return json.dumps([{"type": "point", "value": {"title": f"Ajatus {n}", "text": text}} for n in range(number)])


@pytest.fixture
def tools(db: None):
    """The front page that posters stand under."""
    return SharedToolsPageFactory(parent=HomePageFactory())


def test_the_page_shows_the_poster_and_the_ways_to_paper(client: Client, tools):
    poster = PosterPageFactory(parent=tools, points=thoughts(3), closing="Kiitos.")
    text = client.get(poster.url).content.decode()
    for words in ("Kohtaaminen", "Ajatus 0", "Ajatus 2", "Kuuntele loppuun asti.", "Kiitos."):
        assert words in text
    assert text.count("<h1") == 1
    assert 'class="qr"' in text


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("layout", SIZES)
@pytest.mark.parametrize(("number", "text"), [(3, ""), (7, "Kuuntele."), (10, "Pitkä ajatus. " * 15)])
def test_each_paper_is_one_page_however_much_there_is_to_say(tools, layout: str, number: int, text: str):
    poster = PosterPageFactory(parent=tools, points=thoughts(number, text[:220]), lead="Alku. " * 20)
    pdf = make_pdf(chosen(poster, layout=layout), TODAY)
    assert pages_of(pdf) == 1
    sizes = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+(\d+)[\d.]*\s+(\d+)", objects_of(pdf))
    assert sizes is not None
    assert tuple(int(each) for each in sizes.groups()) == SIZES[layout]


def test_the_code_leads_to_the_page_of_the_site(tools):
    poster = PosterPageFactory(parent=tools, points=thoughts(3))
    assert address_of(poster) == f"{settings.SITE_URL}{poster.url}"
    assert poster.url.rstrip("/") in make_html(chosen(poster, layout="a4"), TODAY)


def test_paper_and_page_must_fit_together(client: Client, tools):
    poster, other = (PosterPageFactory(parent=tools, points=thoughts(3), slug=slug) for slug in ("a", "b"))
    index = PracticeModelIndexPageFactory(parent=tools.get_parent())
    card = ActionCardPageFactory(parent=PracticeModelPageFactory(parent=index))
    for pages, layout in [([poster], "pages"), ([card], "a3"), ([poster, other], "a4"), ([poster], "a0")]:
        assert selection_of([page.pk for page in pages], layout) is None
    sent: dict[str, Any] = {"page": poster.pk, "layout": "a0"}
    assert client.post(reverse("cards:make_print"), sent).status_code == 404


def test_our_own_posters_fit_the_limits_of_their_blocks():
    """The texts that the site is loaded with."""
    files = sorted((settings.BASE_DIR / "cards" / "content" / "together").glob("4*.yaml"))
    posters = [yaml.safe_load(path.read_text()) for path in files]
    assert [each["kind"] for each in posters] == ["poster"] * 4
    assert all(3 <= len(each["points"]) <= 10 for each in posters)
