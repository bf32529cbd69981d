"""What pages remember of each other is public, and forgotten at once when a page changes; previews leave no trace."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from portal.base.remembering import _GENERATION, forget, remembered
from tests.cards.test_joined import pins
from tests.cards.test_pages import body
from tests.factories.cards import (
    ActionCardPageFactory,
    PracticeModelIndexPageFactory,
    PracticeModelPageFactory,
    QualityCriteriaPageFactory,
)
from tests.factories.content import GlossaryPageFactory, HomePageFactory, TextPageFactory
from tests.factories.directory import ServiceFactory

pytestmark = pytest.mark.django_db

SECRET = "Salaisuusx"
TERMS = (
    ("term", {"key": "vertaistuki", "term": "vertaistuki", "definition": "Samaa kokeneet tukevat.", "group": "people"}),
    ("term", {"key": "jono", "term": "jono", "definition": "Odottavat ihmiset.", "group": "guidance"}),
)


@pytest.fixture
def home() -> Page:
    return HomePageFactory()


@pytest.fixture
def model(home: Page) -> Page:
    return PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=home))


def read(page: Page) -> str:
    """A page as a visitor meets it."""
    response = Client().get(page.url)
    assert response.status_code == 200
    return response.content.decode()


def hide(page: Page) -> None:
    """An editor gives the page a restriction."""
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def take_away(page: Page) -> None:
    page.refresh_from_db()
    page.unpublish()


def remove(page: Page) -> None:
    Page.objects.get(pk=page.pk).delete()


@pytest.mark.parametrize("gone", [hide, take_away, remove])
def test_what_is_not_public_any_more_is_named_nowhere(home: Page, model: Page, gone: Any):
    service = ServiceFactory()
    card = ActionCardPageFactory(parent=model, title=SECRET, lead=SECRET, body=pins(service))
    criteria = QualityCriteriaPageFactory(parent=model, title=f"{SECRET} laatu")
    text = TextPageFactory(parent=home, body=body(("pages", {"title": "Lue myös", "pages": [card.pk]})))
    listing = service.get_absolute_url()
    for page in (model, text):
        assert SECRET in read(page)
    assert SECRET in Client().get(listing).content.decode()
    gone(card)
    gone(criteria)
    for page in (model, text):
        assert SECRET not in read(page)
    assert SECRET not in Client().get(listing).content.decode()


def test_the_way_to_a_page_names_no_page_that_is_not_public(home: Page):
    above = TextPageFactory(parent=home, title=SECRET, live=False)
    below = TextPageFactory(parent=above, title="Julkinen")
    assert SECRET not in read(below)


def test_the_words_of_a_preview_do_not_come_on_the_public_page(home: Page):
    GlossaryPageFactory(parent=home, terms=TERMS)
    page = TextPageFactory(parent=home, body=body(("text", "<p>Tule mukaan vertaistukeen.</p>")))
    # A preview of what has not been saved at all, then a draft.
    page.body = body(("text", "<p>Tule mukaan jonoon.</p>"))
    preview = page.make_preview_request(preview_mode=page.default_preview_mode)
    shown = preview.render().content.decode() if not preview.is_rendered else preview.content.decode()
    assert "Odottavat ihmiset." in shown
    assert "Samaa kokeneet tukevat." not in shown
    assert "Samaa kokeneet tukevat." in read(page)
    draft = page.save_revision()
    assert "Odottavat ihmiset." not in read(page)
    draft.publish()
    assert "Odottavat ihmiset." in read(page)
    assert "Samaa kokeneet tukevat." not in read(page)


def test_nothing_is_remembered_of_what_has_no_key_yet():
    assert [remembered("rows", None, "fi", make=lambda each=each: [each]) for each in (1, 2)] == [[1], [2]]


def test_what_was_forgotten_does_not_come_back_when_the_cache_loses_its_place():
    forget()
    assert remembered("rows", 1, make=lambda: "old") == "old"
    cache.delete(_GENERATION)
    forget()
    assert remembered("rows", 1, make=lambda: "new") == "new"


def test_what_another_reads_before_the_change_is_written_is_forgotten_too(
    home: Page, django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True):
        TextPageFactory(parent=home)
        # Another reader, to whom the database still shows what was.
        assert remembered("rows", 1, make=lambda: "old") == "old"
    assert remembered("rows", 1, make=lambda: "new") == "new"
