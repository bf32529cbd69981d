"""What an editor is told: the check before publishing, pages to mend, contacts and laws due, the translators' list, and
the words of the glossary that a page uses.
"""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry, Page

from cards import upkeep
from cards.models import HelpContact, LawReference
from directory.models import Service
from portal.base.models import LinkCheck
from portal.content import page_checks, translating
from portal.content.glossary_words import words_on
from tests import editing
from tests.cards.test_pages import body
from tests.editing import client_of, page_url, person
from tests.factories.cards import (
    ActionCardPageFactory,
    HelpContactFactory,
    LawReferenceFactory,
    PracticeModelIndexPageFactory,
    PracticeModelPageFactory,
)
from tests.factories.content import GlossaryPageFactory, HomePageFactory, TextPageFactory, translated_page
from tests.factories.directory import ServiceFactory

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def home() -> Page:
    cache.clear()
    return HomePageFactory()


@pytest.fixture
def model(home: Page) -> Page:
    return PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=home))


def said(page: Page) -> str:
    """Everything that the check says of a page."""
    return "\n".join(f"{each.where}: {each.text}" for group in page_checks.groups_of(page) for each in group.checks)


# --- The check -------------------------------------------------------------------------------------------------------
def test_a_good_page_has_nothing_to_mend_but_its_languages(home: Page):
    page = TextPageFactory(
        parent=home,
        lead="Lyhyesti.",
        search_description="Mistä sivu kertoo.",
        body=body(("text", "<p>Kerro, mitä tapahtuu. Kysy, jos jokin on epäselvää.</p>")),
    )
    groups = page_checks.groups_of(page)
    assert [len(group.checks) for group in groups] == [0, 0, 0, 0, 3]


def test_shape_is_looked_at(model: Page):
    card = ActionCardPageFactory(
        parent=model,
        lead="",
        body=body(
            ("things_to_do", {"title": "Tee nyt", "items": ["Yksi asia"]}),
            ("heading", "Tyhjä otsikko"),
            ("heading", "Toinen"),
            ("text", f"<p>{'Sana. ' * 400}</p>"),
            (
                "comparison",
                {"title": "Vertailu", "columns": ["A", "B"], "rows": [{"title": "Rivi", "cells": ["vain yksi"]}]},
            ),
        ),
    )
    groups = {str(group.title): group.checks for group in page_checks.groups_of(card)}
    where = [check.where for check in next(iter(groups.values()))]
    assert {"Tee nyt", "Tyhjä otsikko", "Vertailu"} <= set(where)
    assert len(where) == 6


def test_a_step_without_things_to_do_is_noticed_and_a_theme_card_is_not(model: Page):
    step, theme = ActionCardPageFactory(parent=model), ActionCardPageFactory(parent=model, role="theme")
    count = [len(next(iter(page_checks.groups_of(page))).checks) for page in (step, theme)]
    assert count[0] == count[1] + 1


def test_a_heavy_sentence_is_shown(home: Page):
    heavy = " ".join(["sana"] * 60) + "."
    page = TextPageFactory(parent=home, body=body(("text", f"<p>{heavy}</p>")))
    assert "60" in said(page)


def test_what_a_page_refers_to_is_judged(model: Page):
    old = LawReferenceFactory(name="Vanha laki", valid_until=TODAY - datetime.timedelta(days=1), successor=None)
    hidden = ServiceFactory(title="Kätketty ryhmä", is_hidden=True)
    LinkCheck.objects.create(
        url="https://rikki.example.org/", status="broken", problem="not_found", checked_at="2026-11-01T00:00Z"
    )
    card = ActionCardPageFactory(
        parent=model,
        title="Korjattava",
        body=body(
            ("laws", {"title": "", "laws": [old.pk]}),
            ("pinned_listings", {"title": "Valitut", "listings": [{"service": hidden.pk, "why": ""}]}),
            ("links", {"title": "", "items": [{"label": "Rikki", "url": "https://rikki.example.org/"}]}),
        ),
    )
    with time_machine.travel(TODAY):
        text = said(card)
        assert all(words in text for words in ("Vanha laki", "Kätketty ryhmä", "rikki.example.org"))
        [(page, wrong)] = page_checks.pages_to_mend()
    assert page.pk == card.pk
    assert len(wrong) == 3


def test_a_stale_picked_listing_flags_the_card(model: Page):
    old = ServiceFactory(title="Unohdettu kerho", checked_on=TODAY - datetime.timedelta(days=600))
    card = ActionCardPageFactory(
        parent=model, body=body(("pinned_listings", {"title": "V", "listings": [{"service": old.pk, "why": ""}]}))
    )
    with time_machine.travel(TODAY):
        assert [trouble.title for trouble in upkeep.pin_troubles(card)] == ["Unohdettu kerho"]
        assert [page.pk for page, _wrong in page_checks.pages_to_mend()] == [card.pk]
    Service.objects.filter(pk=old.pk).update(checked_on=TODAY)
    with time_machine.travel(TODAY):
        assert page_checks.pages_to_mend() == []


def test_pages_stay_editable_when_what_they_name_is_removed(model: Page):
    contact, law, service = HelpContactFactory(), LawReferenceFactory(), ServiceFactory()
    other = TextPageFactory(parent=model.get_parent().get_parent(), title="Poistuva")
    card = ActionCardPageFactory(
        parent=model,
        body=body(
            ("contacts", {"title": "", "contacts": [contact.pk]}),
            ("laws", {"title": "", "laws": [law.pk]}),
            ("pages", {"title": "", "pages": [other.pk]}),
            ("pinned_listings", {"title": "V", "listings": [{"service": service.pk, "why": ""}]}),
            ("live_search", {"title": "Nyt", "topics": ["poistettu-aihe"]}),
        ),
    )
    for each in (contact, law, service, other):
        each.delete()
    assert Client().get(card.url).status_code == 200
    assert client_of(person(editing.EDITOR)).get(page_url(card)).status_code == 200
    # What a save asks of the blocks: empty places are no error. (A topic that is gone is no choice of the form either.)
    card.refresh_from_db()
    for block in card.body:
        if block.block_type != "live_search":
            block.block.clean(block.value)


def test_the_editing_form_has_the_check_and_tells_who_points_here(model: Page):
    home = model.get_parent().get_parent()
    target = TextPageFactory(parent=home, title="Kohde", lead="")
    ActionCardPageFactory(
        parent=model, title="Viittaava kortti", body=body(("pages", {"title": "", "pages": [target.pk]}))
    )
    html = client_of(person(editing.EDITOR)).get(page_url(target)).content.decode()
    assert 'class="before-publishing"' in html
    assert "Viittaava kortti" in html.split('class="before-publishing"')[1]
    assert [pointer.title for pointer in page_checks.pointing_to(target)] == ["Viittaava kortti"]


# --- Contacts and laws -----------------------------------------------------------------------------------------------
def test_contacts_and_laws_fall_due_by_their_own_periods(db: None):
    fresh = HelpContactFactory(checked_on=TODAY, needs_check=False)
    HelpContactFactory(checked_on=TODAY - datetime.timedelta(days=181), needs_check=False)
    HelpContactFactory(checked_on=None, needs_check=False)
    HelpContactFactory(checked_on=TODAY, needs_check=True)
    assert set(upkeep.due(HelpContact, TODAY)) == set(HelpContact.objects.exclude(pk=fresh.pk))
    LawReferenceFactory(checked_on=TODAY - datetime.timedelta(days=181), needs_check=False)
    assert not upkeep.due(LawReference, TODAY).exists()


def test_an_editor_says_that_a_contact_is_right(db: None):
    contact = HelpContactFactory(checked_on=None, needs_check=True, phone="09 123")
    contact.save_revision().publish()
    # A draft waits: the check must neither publish nor lose it.
    contact.phone = "09 456"
    contact.save_revision()
    client = client_of(editor := person(editing.EDITOR))
    button = reverse("confirm_record", args=["contact", contact.pk])
    assert button in client.get(reverse("due_records")).content.decode()
    client.post(button)
    assert button not in client.get(reverse("due_records")).content.decode()
    contact.refresh_from_db()
    assert (contact.phone, contact.needs_check, contact.checked_by) == ("09 123", False, editor)
    draft = contact.get_latest_revision_as_object()
    assert (draft.phone, draft.needs_check, draft.checked_on) == ("09 456", False, contact.checked_on)
    assert ModelLogEntry.objects.filter(action="cards.confirm", user=editor).count() == 1


def test_only_who_may_change_a_record_says_that_it_is_right(db: None):
    contact = HelpContactFactory(checked_on=None)
    url = reverse("confirm_record", args=["contact", contact.pk])
    assert Client().post(url).status_code == 302
    assert client_of(person(editing.NOBODY)).post(url).status_code in (302, 403)
    assert client_of(person(editing.EDITOR)).get(url).status_code == 405
    contact.refresh_from_db()
    assert contact.checked_on is None


# --- Translations ----------------------------------------------------------------------------------------------------
def test_the_translators_list_tells_what_is_missing_and_what_has_fallen_behind(home: Page):
    with time_machine.travel("2026-11-01"):
        page = TextPageFactory(parent=home, title="Ohje")
        swedish = translated_page(page, "sv", translated_page(home, "sv", home.get_parent()))
    states = {row.title: {cell.code: cell.state for cell in row.cells} for row in translating.rows()}
    assert states["Ohje"] == {"sv": "current", "en": "missing", "fi-simple": "missing"}
    with time_machine.travel("2026-11-10"):
        page.save_revision().publish()
    swedish.refresh_from_db()
    page.refresh_from_db()
    assert translating.state_of(swedish, page) == "behind"
    assert "Ohje" in [row.title for row in translating.rows("sv")]
    html = client_of(person(editing.EDITOR)).get(reverse("translations") + "?language=sv").content.decode()
    assert page_url(swedish) in html


@pytest.mark.parametrize("name", ["pages_to_mend", "due_records", "translations"])
def test_reports_are_for_the_admin_alone(db: None, name: str):
    assert Client().get(reverse(name)).status_code == 302
    assert client_of(person(editing.EDITOR)).get(reverse(name)).status_code == 200


# --- The glossary ----------------------------------------------------------------------------------------------------
TERMS = body(
    ("term", {"key": "vertaistuki", "term": "vertaistuki", "definition": "Tukea toiselta.", "group": "people"}),
    ("term", {"key": "varhainen-tuki", "term": "varhainen tuki", "definition": "Apua ajoissa.", "group": "guidance"}),
    ("term", {"key": "kyyti", "term": "saattaen vaihto", "definition": "Joku tulee mukaan.", "group": "guidance"}),
)


def test_the_words_of_the_glossary_are_told_on_the_page_in_any_form(home: Page):
    GlossaryPageFactory(parent=home, terms=TERMS)
    page = TextPageFactory(
        parent=home, body=body(("text", "<p>Varhaisella tuella ja vertaistuen avulla pääsee alkuun.</p>"))
    )
    words, url = words_on(page)
    assert [word.key for word in words] == ["varhainen-tuki", "vertaistuki"]
    html = Client().get(page.url).content.decode()
    assert "Apua ajoissa." in html
    assert "Joku tulee mukaan." not in html
    assert f'href="{url}"' in html


def test_a_page_without_such_words_has_no_such_part(home: Page):
    GlossaryPageFactory(parent=home, terms=TERMS)
    page = TextPageFactory(parent=home, body=body(("text", "<p>Hyvää päivää.</p>")))
    assert 'id="page-words"' not in Client().get(page.url).content.decode()
