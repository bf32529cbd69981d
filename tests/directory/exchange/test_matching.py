"""What a source calls a thing, and what of ours is meant."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from directory.exchange.matching import COUNTY, MUNICIPALITY, NATION, REGION, Areas, Words, genitives
from directory.exchange.records import NamedArea, WordRecord

CONTENT = Path(settings.BASE_DIR) / "directory" / "content"


@pytest.fixture(scope="module")
def areas() -> Areas:
    """Every area of Finland."""
    found = Areas()
    for name, kind in (("municipalities", MUNICIPALITY), ("regions", REGION), ("counties", COUNTY)):
        for each in json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8")):
            found.add(kind, each["code"], {code: each[code] for code in ("fi", "sv", "en") if each.get(code)})
    return found


@pytest.mark.parametrize(
    "name, meant",
    [
        ("Turku", (MUNICIPALITY, "853")),
        ("turku ", (MUNICIPALITY, "853")),
        ("Åbo", (MUNICIPALITY, "853")),
        ("Turun kaupunki", (MUNICIPALITY, "853")),
        ("Helsingin kaupunki", (MUNICIPALITY, "091")),
        ("City of Helsinki", (MUNICIPALITY, "091")),
        ("Esbo stad", (MUNICIPALITY, "049")),
        ("091", (MUNICIPALITY, "091")),
        ("Uudenkaupungin kaupunki", (MUNICIPALITY, "895")),
        ("Oriveden kaupunki", (MUNICIPALITY, "562")),
        ("Virtain kaupunki", (MUNICIPALITY, "936")),
        ("Kauniaisten kaupunki", (MUNICIPALITY, "235")),
        ("Mänttä-Vilppulan kaupunki", (MUNICIPALITY, "508")),
        ("Pedersören kunta", (MUNICIPALITY, "599")),
        ("Uusimaa", (REGION, "01")),
        ("Uudenmaan maakunta", (REGION, "01")),
        ("Nyland", (REGION, "01")),
        ("Lapin maakunta", (REGION, "19")),
        ("Pirkanmaan hyvinvointialue", (COUNTY, "08")),
        ("Lapin hva", (COUNTY, "21")),
        ("Birkalands välfärdsområde", (COUNTY, "08")),
        ("Suomi", (NATION, "")),
        ("Koko maa", (NATION, "")),
        ("Finland", (NATION, "")),
        ("hela landet", (NATION, "")),
    ],
)
def test_an_area_by_its_name(areas: Areas, name: str, meant: tuple[str, str]) -> None:
    assert areas.find(NamedArea(name)) == ([meant], [])


def test_an_area_by_code_or_address(areas: Areas) -> None:
    uri = "http://uri.suomi.fi/codelist/jhs/{}/code/{}"
    assert areas.find(NamedArea("?", "Municipality", "91")) == ([(MUNICIPALITY, "091")], [])
    assert areas.find(NamedArea("?", "Region", "1")) == ([(REGION, "01")], [])
    assert areas.find(NamedArea("?", "WellbeingServiceCounties", "08")) == ([(COUNTY, "08")], [])
    assert areas.find(NamedArea("?", uri=uri.format("kunta_1_20260101", "853"))) == ([(MUNICIPALITY, "853")], [])
    assert areas.find(NamedArea("?", uri=uri.format("maakunta_1", "02"))) == ([(REGION, "02")], [])
    assert areas.find(NamedArea("Turku", "Municipality", "999")) == ([(MUNICIPALITY, "853")], [])


def test_a_row_of_areas(areas: Areas) -> None:
    assert areas.find(NamedArea("Espoo, Vantaa ja Kauniainen")) == (
        [(MUNICIPALITY, "049"), (MUNICIPALITY, "092"), (MUNICIPALITY, "235")],
        [],
    )
    assert areas.find(NamedArea("Espoo sekä Utopialahti")) == ([(MUNICIPALITY, "049")], ["Utopialahti"])
    assert areas.find(NamedArea("Itäinen ja läntinen kylä")) == ([], ["Itäinen ja läntinen kylä"])
    assert areas.find(NamedArea("")) == ([], [])


def test_every_municipality_is_found_with_its_kind_of_town_behind_it(areas: Areas) -> None:
    """The official name ends in kaupunki or kunta, after a genitive that a rule has to make."""
    for each in json.loads((CONTENT / "municipalities.json").read_text(encoding="utf-8")):
        for genitive in genitives(each["fi"].casefold()):
            assert areas.find(NamedArea(f"{genitive} kunta"))[0] == [(MUNICIPALITY, each["code"])], genitive


@pytest.fixture
def words() -> Words:
    """A few terms and choices."""
    found = Words()
    found.add_term("topic", "debt", uri="http://x.example/velat", labels=["Velat", "Skulder"], others=["ulosotto"])
    found.add_term("target_group", "children", uri="", labels=["Lapset"], others=["alle kouluikäiset"])
    found.add_code("target_group", "KR1.2", "children")
    found.add_choice("stages", "3", ["Vaihe 3: Haluan neuvoja", "Steg 3: Jag vill ha råd"])
    found.add_choice("kind", "peer_group", ["Vertaisryhmä"])
    found.add_choice("channels", "web", ["Verkossa"])
    return found


@pytest.mark.parametrize(
    "word, meant",
    [
        (WordRecord(("muu",), uri="https://x.example/velat/"), [("topic", "debt")]),
        (WordRecord(("muu",), code="DEBT"), [("topic", "debt")]),
        (WordRecord(("muu",), code="KR1.2"), [("target_group", "children")]),
        (WordRecord(("skulder",)), [("topic", "debt")]),
        (WordRecord(("Ulosotto ",)), [("topic", "debt")]),
        (WordRecord(("tuntematon", "Velat")), [("topic", "debt")]),
        (WordRecord(("lapset",), taxonomy="Kohderyhmät"), [("target_group", "children")]),
        (WordRecord(("vaihe 3",)), [("stages", "3")]),
        (WordRecord(("3",), taxonomy="Pathway stages"), [("stages", "3")]),
        (WordRecord(("verkossa",)), [("channels", "web")]),
        (WordRecord(("Vertaisryhmä",), taxonomy="kind"), [("kind", "peer_group")]),
        # Numbers and everyday words of somebody else's taxonomy are no claims of ours.
        (WordRecord(("3",), code="3"), []),
        (WordRecord(("Vertaisryhmä",)), []),
        (WordRecord(("kirjepino",)), []),
        (WordRecord(()), []),
    ],
)
def test_a_word_stands_for_ours(words: Words, word: WordRecord, meant: list[tuple[str, str]]) -> None:
    assert words.find(word) == meant
