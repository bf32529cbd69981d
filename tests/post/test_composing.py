"""A letter as text and as HTML: both say the same, nothing in it is code or comes from elsewhere."""

import re

import pytest
from bs4 import BeautifulSoup
from django.utils.translation import gettext_lazy

from portal.base import languages
from portal.post.composing import Button, Item, Message, Paragraph, compose
from tests.factories.post import MESSAGE

BUTTONS = [
    button
    for block in MESSAGE.blocks
    for button in ([block] if isinstance(block, Button) else getattr(block, "buttons", ()))
]


@pytest.mark.parametrize("language", languages.CODES)
def test_both_forms_say_everything(language: str, settings):
    composed = compose(MESSAGE, language)
    page = BeautifulSoup(composed.html, "html.parser")
    shown = page.get_text(" ")

    assert page.html["lang"] == language
    for form in (composed.text, shown):
        assert "Crisis help <Kajo>" in form
        assert "Checked 3 March" in form
        assert settings.WAGTAIL_SITE_NAME in form
    assert [(a.get_text(), a["href"]) for a in page.find_all("a")[:-1]] == [(each.label, each.url) for each in BUTTONS]
    for button in BUTTONS:
        assert button.label in composed.text
        # On a line of its own: a mail program makes a link of it.
        assert re.search(rf"^\s*{re.escape(button.url)}$", composed.text, re.MULTILINE)


def test_nothing_in_it_comes_from_elsewhere_or_runs():
    page = BeautifulSoup(compose(MESSAGE, "fi").html, "html.parser")

    assert page.find_all(["img", "script", "link", "iframe", "form", "object"]) == []
    assert not re.search(r"url\(|@import|@font-face", str(page))


def test_a_text_is_no_markup():
    bad = "<script>alert(1)</script>"
    composed = compose(Message(bad, [Paragraph(bad), Item(bad, bad, [Button(bad, "https://example.org/")])], bad), "en")

    assert "<script" not in composed.html
    assert bad in composed.text


def test_lazy_words_are_in_the_language_of_the_letter():
    said = {
        code: compose(Message(gettext_lazy("Search"), [Paragraph(gettext_lazy("Search"))]), code)
        for code in ("fi", "en")
    }

    assert said["fi"].subject != said["en"].subject
    assert said["fi"].subject in said["fi"].text


@pytest.mark.parametrize("url", ["/fi/", "javascript:alert(1)", "example.org", ""])
def test_a_button_leads_to_a_whole_address(url: str):
    with pytest.raises(ValueError, match="address"):
        Button("Go", url)


def test_why_one_gets_it_can_be_told():
    assert "Because you keep Kajo" in compose(Message("a", [], why="Because you keep Kajo"), "en").text
