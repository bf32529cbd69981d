"""Why a hit was found: marked words and the sentence that shows them."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import TextAnalysis
from search.query import Group, SynonymUse
from search.why import LONGEST_SNIPPET, Reasons, marked

ANALYSIS = TextAnalysis()


def reasons(*words: str, language: str = "fi") -> Reasons:
    analyser = ANALYSIS.analyser(language)
    return Reasons([Group(word, analyser.terms(word)) for word in words], [], ANALYSIS)


def marks(found: Reasons, text: str, language: str = "fi") -> list[str]:
    return [piece.text for piece in found.pieces(text, language) if piece.is_match]


@pytest.mark.parametrize(
    ("word", "text", "language", "expected"),
    [
        ("päihdekuntoutus", "Tukea päihdekuntoutujien arkeen.", "fi", ["päihdekuntoutujien"]),
        ("yksinäisyys", "Yksinäisyyteen auttaa juttuseura.", "fi", ["Yksinäisyyteen"]),
        ("apu", "Ruoka-apua joka tiistai", "fi", ["Ruoka-apua"]),
        ("velka", "Velkaneuvontaa veloista", "fi", ["Velkaneuvontaa", "veloista"]),
        ("skuld", "Råd om skulder och skuld", "sv", ["skulder", "skuld"]),
        ("debts", "Help with debt.", "en", ["debt"]),
        ("velka", "Råd om skulder", "sv", []),
    ],
)
def test_a_word_is_marked_in_whatever_form_it_stands(word: str, text: str, language: str, expected: list[str]) -> None:
    assert marks(reasons(word, language=language), text, language) == expected


def test_a_soft_hyphen_does_not_hide_a_word() -> None:
    assert marks(reasons("velkaneuvonta"), "Velka\u00adneuvontaa täällä") == ["Velka\u00adneuvontaa"]


def test_nothing_searched_marks_nothing() -> None:
    nothing = Reasons([], [], ANALYSIS)
    assert not nothing
    assert marks(nothing, "Velkaneuvontaa") == []


def test_html_of_a_text_stays_text() -> None:
    html = marked(reasons("velka").pieces("<b>velka</b> & muut", "fi"))
    assert html == "&lt;b&gt;<mark>velka</mark>&lt;/b&gt; &amp; muut"


@given(st.text())
def test_the_pieces_are_the_text(text: str) -> None:
    pieces = reasons("velka").pieces(text, "fi")
    assert "".join(piece.text for piece in pieces) in (text, unicodedata.normalize("NFC", text))


def test_the_snippet_is_the_first_sentence_that_has_a_word() -> None:
    found = reasons("velkaneuvonta")
    texts = ["Tule käymään. Ovi on auki klo 9.30–15.", "Kahvia saa. Maksuton velkaneuvonta perjantaisin! Muuta ei ole."]
    assert found.snippet(texts, "fi") == "Maksuton velkaneuvonta perjantaisin!"
    assert found.snippet(["Kahvia saa."], "fi") == ""


@given(before=st.integers(0, 200), after=st.integers(0, 200))
def test_a_long_sentence_is_cut_around_the_word(before: int, after: int) -> None:
    sentence = "aina " * before + "velkaneuvonta" + " auki" * after
    snippet = reasons("velkaneuvonta").snippet([sentence], "fi")
    assert "velkaneuvonta" in snippet
    assert len(snippet) <= LONGEST_SNIPPET + len("… ") + len(" …")
    assert all(word in ("aina", "velkaneuvonta", "auki", "…") for word in snippet.split())


def test_synonyms_are_named_once() -> None:
    uses = [
        SynonymUse("rahat loppu", ("talous", "toimeentulotuki"), "lay"),
        SynonymUse("rahat", ("talous",), "lay"),
    ]
    assert Reasons([], uses, ANALYSIS).synonyms == ("talous", "toimeentulotuki")


def test_a_page_of_hits_is_marked_at_once() -> None:
    text = "Maksutonta neuvontaa velkojen ja laskujen kanssa, ilman ajanvarausta kaikille kuntalaisille. " * 8
    reasons("velkaneuvonta").pieces(text, "fi")
    begun = time.perf_counter()
    page = reasons("velkaneuvonta")
    for _ in range(20):
        page.pieces(text, "fi")
    # A few milliseconds; the bound leaves room for a busy machine.
    assert time.perf_counter() - begun < 0.1
