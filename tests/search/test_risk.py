"""Words of danger: which searches bring help before results, and which do not."""

import pytest

from cards.loading import CONTENT
from search.analysis import TextAnalysis
from search.risk import load_risk_phrases, risk_of


@pytest.fixture(scope="module")
def analysis() -> TextAnalysis:
    return TextAnalysis()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("itsemurha", "suicide"),
        ("itsemurha-ajatuksia", "suicide"),
        ("Haluaisin vain kuolla pois", "suicide"),
        ("en enää jaksa elää", "suicide"),
        ("en jaksa elaa", "suicide"),
        ("mun kaveri viiltelee", "suicide"),
        ("jag vill inte leva längre", "suicide"),
        ("sjalvmord", "suicide"),
        ("I want to die", "suicide"),
        ("mistä apua kun mies lyö", "violence"),
        ("mieheni on taas lyönyt minua", "violence"),
        ("mua hakataan", "violence"),
        ("min man slår mig", "violence"),
        ("my husband hits me", "violence"),
        ("minut raiskattiin", "sexual"),
        ("våldtagen", "sexual"),
        ("isä hakkaa", "child"),
        ("barn far illa", "child"),
        ("lapsi söi lääkkeitä", "poisoning"),
        ("överdos", "poisoning"),
    ],
)
def test_danger_is_heard_however_it_is_said(analysis: TextAnalysis, text: str, kind: str) -> None:
    risk = risk_of(text, analysis)
    assert risk is not None
    assert risk.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "", "velkaneuvonta", "en jaksa", "mies kuoli", "kuolema ja suru", "lapsi ei nuku", "lyödä vetoa",
        "sydän hakkaa", "hitsaaja", "skilsmässa barn", "I want to learn", "toimeentulotuki koskee lapsia", "🙂 \x00",
    ],
)  # fmt: skip
def test_other_troubles_are_no_alarm(analysis: TextAnalysis, text: str) -> None:
    assert risk_of(text, analysis) is None


def test_the_gravest_danger_comes_first(analysis: TextAnalysis) -> None:
    both = risk_of("mies lyö ja yliannostus", analysis)
    assert both is not None
    assert both.kind == "poisoning"


def test_words_far_from_each_other_are_no_phrase(analysis: TextAnalysis) -> None:
    assert risk_of("mies haluaa käydä kerhossa jossa sydän lyö", analysis) is None


def test_every_phrase_of_the_data_is_heard(analysis: TextAnalysis) -> None:
    """A phrase that a graver kind also has is heard as that one."""
    kinds = list(dict.fromkeys(risk.kind for risk, _language, _phrase in load_risk_phrases()))
    for risk, _language, phrase in load_risk_phrases():
        heard = risk_of(phrase, analysis)
        assert heard is not None, phrase
        assert kinds.index(heard.kind) <= kinds.index(risk.kind), phrase


def test_every_kind_begins_with_the_emergency_number_and_names_known_contacts() -> None:
    known = {contact.data["key"] for contact in CONTENT.entries("contacts.yaml")}
    for risk, _language, _phrase in load_risk_phrases():
        assert risk.contacts[0] == "emergency-112"
        assert known.issuperset(risk.contacts)
