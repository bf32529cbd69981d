"""The block "Form to fill in and print": real fields with names, in any body, several on a page, nothing to send."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from cards import choices
from cards.models import ActionCardPage
from tests import editing
from tests.cards.test_admin import _lists
from tests.editing import PUBLISH, add_page_url, client_of, person, send, stream
from tests.factories.cards import ActionCardPageFactory, PracticeModelIndexPageFactory, PracticeModelPageFactory
from tests.factories.content import HomePageFactory

pytestmark = pytest.mark.django_db


def question(kind: str, label: str = "", text: str = "") -> dict[str, str]:
    """A question of a kind."""
    return {"kind": kind, "label": label or f"Kysymys {kind}", "help": text}


def form(title: str = "Kehityskeskustelu", *questions: dict[str, str]) -> dict[str, Any]:
    """A form with these questions, or one of each kind."""
    return {"title": title, "intro": "Täyttäkää yhdessä.", "questions": list(questions) or _each_kind()}


def _each_kind() -> list[dict[str, str]]:
    return [question(kind, text=f"Ohje {kind}") for kind in choices.Answer.values]


def forms_on_a_card(*values: dict[str, Any]) -> list[Tag]:
    """The forms as a reader of a card with them meets them."""
    model = PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=HomePageFactory()), slug="a")
    body = json.dumps([{"type": "fill_in_form", "value": value} for value in values])
    page = ActionCardPageFactory(parent=model, body=body)
    return BeautifulSoup(Client().get(page.url).content, "html.parser").select("[data-fill-in]")


def test_every_kind_has_a_field_with_its_name_and_help():
    (found,) = forms_on_a_card(form())
    for kind in choices.Answer.values:
        asked = found.select_one(f"[data-kind={kind}]")
        assert asked is not None, kind
        fields = asked.select("input, textarea")
        assert fields, kind
        name = asked.select_one("legend") if kind == "scale" else asked.find("label", attrs={"for": fields[0]["id"]})
        assert name.get_text(strip=True) == f"Kysymys {kind}"
        described = asked.select_one("[aria-describedby]")
        assert found.find(id=described["aria-describedby"]).get_text(strip=True) == f"Ohje {kind}"
    assert [each["value"] for each in found.select("[data-kind=scale] input")] == list("12345")


def test_holds_nothing_that_could_be_sent():
    (found,) = forms_on_a_card(form())
    assert not any(control.find_parent("form") for control in found.select("input, textarea, button"))
    assert not found.select("[type=submit]")
    # Names only join the numbers of a scale into one group.
    assert {each["type"] for each in found.select("[name]")} == {"radio"}


def test_two_forms_on_a_page_share_no_id():
    found = forms_on_a_card(form("Ensimmäinen"), form("Toinen"))
    assert len(found) == 2
    ids = [each["id"] for form_ in found for each in form_.select("[id]")]
    assert len(ids) == len(set(ids))
    groups = [{each["name"] for each in form_.select("[type=radio]")} for form_ in found]
    assert not groups[0] & groups[1]
    # What tells one form's file from another's.
    assert len({(each["data-page"], each["data-title"]) for each in found}) == 2


def test_words_of_an_editor_are_only_words():
    (found,) = forms_on_a_card(form("<b>Lomake</b>", question("line", '"><script>alert(1)</script>')))
    assert not found.select("b, script")
    assert "<b>Lomake</b>" in found.select_one("h2").get_text()


def test_is_written_in_the_admin_and_seen():
    moderator = client_of(person(editing.MODERATOR))
    model = PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=HomePageFactory()), slug="a")
    body = stream("body", ("fill_in_form", {name: _lists(value) for name, value in form().items()}))
    send(
        moderator,
        add_page_url(ActionCardPage, model),
        button=PUBLISH,
        title="Kortti",
        slug="kortti",
        role="theme",
        **body,
    )
    card = ActionCardPage.objects.get()
    assert [each["kind"] for each in card.body[0].value["questions"]] == choices.Answer.values
    assert "Kehityskeskustelu" in Client().get(card.url).content.decode()
