"""What is noticed in what people write of somebody: identity codes, numbers in the wrong place, words of health."""

import datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from referrals import noticing
from referrals.noticing import Notice, notice_in, refused_in, refused_words
from tests.factories import referrals as make

TERMS = yaml.safe_load(noticing._TERMS.read_text(encoding="utf-8"))


def of_kind(text: str, notice: Notice) -> list[str]:
    return [each.words for each in notice_in(text) if each.notice is notice]


@pytest.mark.parametrize(
    "text, words",
    [
        ("Masennukseni vuoksi en jaksa", ["Masennukseni"]),
        ("Hän on masentunut ja sairastaa diabetesta.", ["masentunut", "sairastaa", "diabetesta"]),
        ("skitsofreniaa sairastava", ["skitsofreniaa"]),
        ("ADHD:n takia", ["ADHD"]),
        ("adhd-diagnoosi", ["adhd-diagnoosi"]),
        ("lääkityksen ja lääkkeiden kanssa", ["lääkityksen", "lääkkeiden"]),
        ("Päihdeongelmasta toipuva", ["Päihdeongelmasta"]),
        ("mielenterveysongelmien vuoksi", ["mielenterveysongelmien"]),
        ("Keuhkosyöpäpotilas, nyt terve", ["Keuhkosyöpäpotilas"]),
        ("F32 ja F33.1, lisäksi M54.5", ["F32", "F33.1", "M54.5"]),
        ("Har haft depressioner och ångest", ["depressioner", "ångest"]),
        ("missbruksproblem, sjukskriven", ["missbruksproblem", "sjukskriven"]),
        ("I have had panic attacks and depression", ["panic attacks", "depression"]),
        ("My mental-health diagnosis", ["mental-health", "diagnosis"]),
        ("on ADD ja MS", ["ADD", "MS"]),
    ],
)
def test_words_of_health_are_noticed(text: str, words: list[str]) -> None:
    assert of_kind(text, Notice.HEALTH) == words


@pytest.mark.parametrize(
    "text",
    [
        "Haluan kävelyryhmään ja sydänystävän",
        "Mielenterveyskahvilassa on mukavaa",
        "Syöpäyhdistyksen kuoroon tai reumaliiton jumppaan",
        "Psykoterapiatalon kahvila",
        "He syövät yhdessä, minäkin syön",
        "Päihteetön ja alkoholiton kahvila",
        "Tulen tietä E75, linjalla B12, rappu C 3",
        "Please add me to the list",
        "Haluan tutustua ihmisiin ja tehdä puutöitä. Iltaisin on yksinäistä.",
        "Jag vill träffa människor och sjunga i kör",
        "Cancerföreningens kör",
        "Pyörätuolilla pääsee, kuulen huonosti",
        "Lääkärinkatu 3",
    ],
)
def test_ordinary_hopes_are_left_alone(text: str) -> None:
    assert notice_in(text) == []


@pytest.mark.parametrize("stem", [*TERMS["holds"], *TERMS["begins"], *TERMS["words"], *TERMS["capitals"]])
def test_every_term_is_found_in_a_sentence(stem: str) -> None:
    assert of_kind(f"Toivon, että {stem}, kiitos.", Notice.HEALTH)


@pytest.mark.parametrize("text", ["010190-123A", "131052–308T", "hetu:010190A123x.", "010190 - 1234"])
def test_an_identity_code_is_noticed_and_is_not_a_phone_number(text: str) -> None:
    assert [each.notice for each in notice_in(text)] == [Notice.IDENTITY_CODE]


@pytest.mark.parametrize("text", ["045 123 4567", "Soita: 017-1234567!", "+46 70 123 45 67", "+358 (0)45 1234567"])
def test_a_phone_number_is_noticed(text: str) -> None:
    assert [each.notice for each in notice_in(text)] == [Notice.PHONE]


@pytest.mark.parametrize(
    "text", ["klo 0900-1500", "01-02-2027", "klo 9.00–15.00", "00100 Helsinki", "24.12.2026 klo 10"]
)
def test_times_and_days_are_no_phone_numbers(text: str) -> None:
    assert notice_in(text) == []


def test_an_address_is_noticed() -> None:
    assert of_kind("kirjoita mina.oma@example.org", Notice.EMAIL) == ["mina.oma@example.org"]


@pytest.mark.parametrize("box", ["name", "hope", "reach_value", "accessibility", "support_note", "best_time"])
def test_an_identity_code_is_refused_in_every_box(box: str) -> None:
    assert refused_in(make.details(**{box: "hetu 010190-123A"}))
    assert not refused_in(make.details(**{box: "masennus 045 123 4567"}))


@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2049, 12, 31)),
    st.integers(2, 999),
    st.sampled_from("0123456789ABCDEFHJKLMNPRSTUVWXY"),
    st.sampled_from(["Hän on ", "", "(", "hetu: ", "Synt. "]),
    st.sampled_from(["", ".", " ja muuta", ")"]),
)
def test_no_identity_code_gets_through(day: datetime.date, number: int, letter: str, before: str, after: str) -> None:
    """Whatever the day, the number and the letter, right or a slip."""
    century = "+" if day.year < 1900 else "-" if day.year < 2000 else "A"
    assert refused_words(f"{before}{day:%d%m%y}{century}{number:03d}{letter}{after}")


@given(st.text())
def test_findings_stand_in_the_text_in_their_order(text: str) -> None:
    at = 0
    for each in notice_in(text):
        found = text.index(each.words, at)
        at = found + len(each.words)


@given(st.lists(st.sampled_from(["masennus", "045 123 4567", "010190-123A", "x@example.org", "kahvila", "ja"])))
def test_what_is_taken_out_is_noticed_no_more(parts: list[str]) -> None:
    text = ", ".join(parts)
    for each in notice_in(text):
        text = text.replace(each.words, "")
    assert notice_in(text) == []
