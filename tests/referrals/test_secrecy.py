"""What gives a secret address away, and what does not. The rule is pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.secrecy import names_address

STREET, POSTCODE = "Minna Canthin katu 12 B", "70100"


def tells(words: str, street: str = STREET, postcode: str = POSTCODE) -> bool:
    return names_address(words, street=street, postcode=postcode)


@pytest.mark.parametrize(
    "words",
    [
        "Tavataan: Minna Canthin katu 12",
        "olemme minna canthin kadulla",
        "MINNA CANTHIN KATU",
        "Minna\nCanthin   katua pitkin",
        "Minna Can\N{SOFT HYPHEN}thin katu",
        "Osoite on 70100 Kuopio.",
        "(70100)",
    ],
)
def test_a_street_or_a_postcode_gives_it_away(words: str) -> None:
    assert tells(words)


@pytest.mark.parametrize(
    "words",
    [
        "Soitan ja kerron, missä tapaamme.",
        "Tavataan torilla kello 12.",
        "Numeromme on 045 701001",
        "Minna tulee vastaan",
        "",
    ],
)
def test_other_words_do_not(words: str) -> None:
    assert not tells(words)


@pytest.mark.parametrize("words", ["Rantatiellä on talo", "rantatien päässä", "Rantatie 3"])
def test_case_endings_do_not_hide_a_street(words: str) -> None:
    assert tells(words, street="Rantatie 3", postcode="")


@given(before=st.text(), after=st.text())
def test_the_street_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert tells(f"{before} {STREET} {after}")


@given(st.text())
def test_a_place_without_an_address_gives_nothing_away(words: str) -> None:
    assert not tells(words, street="", postcode="")
