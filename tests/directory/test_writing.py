"""The writing help sees what it should, is silent where it should, and never breaks on any text."""

import datetime
from collections import Counter

import pytest
import yaml
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from directory.choices import Kind, Referral
from directory.loading import CONTENT
from directory.models import Service, ServiceDescription
from directory.writing import MISSING, RULES, Advice, Facts, Severity, advise
from directory.writing_finders import FIELDS, lix, passives
from portal.base import languages

TODAY = datetime.date(2026, 3, 1)
FINE = {"how_to_join": "Soita meille.", "how_to_refer": "Soita yhdessä asiakkaan kanssa."}
OFFICIALESE = (
    "Palvelukokonaisuuden tarkoituksenmukaisuuden arvioimiseksi asiakassuunnitelmaan kirjataan toimintakyvyn "
    "edistämiseen tähtäävät yksilölliset tavoitteet. Moniammatillisen asiantuntijatyöryhmän palvelutarpeen "
    "arviointikäytännöt perustuvat hyvinvointialueen toimintaperiaatteisiin. Kuntoutussuunnitelman toteutumista "
    "seurataan säännöllisesti järjestettävissä verkostoneuvotteluissa. Asiakaslähtöisen palveluohjauksen "
    "lähtökohtana ovat elämänhallinnan vahvistaminen sekä yhteiskunnallisen osallisuuden edistäminen. "
    "Henkilökohtaisen avustajan järjestämisedellytykset selvitetään tapauskohtaisesti."
)


def advice(texts: dict[str, str], **facts) -> list[Advice]:
    return advise({**FINE, **texts}, Facts(**{"today": TODAY, **facts}))


def rules(text: str, field: str = "description", **facts) -> list[str]:
    return [one.rule for one in advice({field: text}, **facts) if one.field == field]


def excerpts(rule: str, text: str, field: str = "description", **facts) -> list[str]:
    return [one.excerpt for one in advice({field: text}, **facts) if one.rule == rule]


# --- each rule: what it sees, and what looks like it and is none -----------------------------------------------------
@pytest.mark.parametrize(
    "rule, text, excerpt",
    [
        ("phone", "Soita numeroon 040 123 4567.", "040 123 4567"),
        ("phone", "Soita +358 40 1234567 tai tule.", "+358 40 1234567"),
        ("phone", "Puhelin (09) 123 4567", None),
        ("phone", "Puhelin 09-123 4567.", "09-123 4567"),
        ("phone", "Meitä on 0–6-vuotiaita, klo 08–16, 00100 Helsinki, 116 117.", None),
        ("phone", "Y-tunnus 0123456-7.", None),
        ("email", "Kirjoita osoitteeseen etu.suku@jarjesto.example.", "etu.suku@jarjesto.example"),
        ("email", "etu.suku(at)jarjesto.example", "etu.suku(at)jarjesto.example"),
        ("email", "Nähdään @jarjesto-tilillä.", None),
        ("web", "Katso www.jarjesto.example/ryhmat.", "www.jarjesto.example/ryhmat"),
        ("web", "Katso https://jarjesto.example.", "https://jarjesto.example"),
        ("web", "Täytä jarjesto.fi/lomake ensin.", "jarjesto.fi/lomake"),
        ("web", "Asioi Suomi.fi-palvelussa.", None),
        ("person", "Kysy lisää: Maija Mattila, 040 123 4567.", "Maija Mattila"),
        ("person", "Soita Maijalle 040 123 4567.", None),
        ("person", "Kävelykerho Kuopio 040 123 4567", None),
        ("hours", "Olemme auki ma–pe klo 9–15.", "ma–pe klo 9–15"),
        ("hours", "Tule ma–pe, kun jaksat.", None),
        ("long_sentence", "Kerho on " + ", ".join(["hauska"] * 24) + ".", "Kerho on"),
        ("long_sentence", ("Kerho on hauska. " * 20), None),
        ("level_words", OFFICIALESE, ""),
        ("abbreviation", "Teemme mm. ruokaa.", "mm."),
        ("abbreviation", "Tule esim maanantaina.", "esim"),
        ("abbreviation", "Ks. sivut.", "Ks."),
        ("abbreviation", "Neula on 2 mm. Onko siellä? Komea juttu, ja ymmärrämme.", None),
        ("short_name", "Ryhmä toimii XYQ:n tiloissa.", "XYQ"),
        ("short_name", "Xylofoniyhdistys (XYQ) auttaa. XYQ kuuntelee.", None),
        ("short_name", "TE-toimisto, EU, Kela ja SPR auttavat. Tuo A4-paperi. Luku IV.", None),
        ("capitals", "TERVETULOA KAIKKI mukaan!", "TERVETULOA KAIKKI"),
        ("capitals", "Tervetuloa kaikki mukaan!", None),
        ("soon_old", "Ryhmä alkaa 12.9.2026.", "12.9.2026"),
        ("soon_old", "Ryhmä alkaa 12.9. kirjastossa.", "12.9."),
        ("soon_old", "Ensi syksynä aloitamme uuden ryhmän.", "Ensi syksynä"),
        ("soon_old", "Hanke jatkuu vuoteen 2027.", "2027"),
        ("soon_old", "Aloitimme vuonna 2011. Olemme auki klo 8.10. alkaen, 8.30–10.12.", None),
        ("law", "Palvelu perustuu lakiin (1301/2014).", "1301/2014"),
        ("law", "Sosiaalihuoltolain 14 § sanoo näin.", "14 §"),
        ("law", "Tule 1/2026-numeron julkaisuun.", None),
        ("empty_phrase", "Annamme kokonaisvaltaista tukea.", "kokonaisvaltaista"),
        ("empty_phrase", "Meillä on ammattitaitoinen henkilökunta.", "ammattitaitoinen henkilökunta"),
        ("empty_phrase", "Annamme tukea rahan ja kodin asioissa.", None),
    ],
)
def test_a_rule_sees_what_it_should_and_no_more(rule: str, text: str, excerpt: str | None):
    found = excerpts(rule, text)
    if excerpt is None:
        assert found == []
    else:
        assert len(found) == 1
        assert found[0].startswith(excerpt)


@pytest.mark.parametrize(
    "text, found",
    [
        ("Ryhmässä keskustellaan, luetaan ja syödään.", ["keskustellaan", "luetaan", "syödään"]),
        ("Ajat varataan ja lomake lähetetään.", ["varataan", "lähetetään"]),
        ("Mitään ei tarvita, ketään ei jätetä, hätään tullaan.", ["tullaan"]),
        ("Läheistään hoitava puhuu asioistaan ja elämästään omalla tavallaan.", []),
        ("Ainoastaan lautaan, rataan ja itään. Hänen työtään kiitetään.", ["kiitetään"]),
        ("Vastaan tulee omaisiaan, ystäviään ja voimavarojaan etsivä ihminen.", []),
        ("Nettiin, konserttiin ja budjettiin.", []),
    ],
)
def test_the_passive_is_known_from_nouns_that_look_like_it(text: str, found: list[str]):
    assert passives(text) == found


def test_a_passive_here_and_there_is_how_people_talk():
    assert rules("Laulamme yhdessä. Välillä syödään. Voit tulla yksin. Kahvia saa aina.") == []
    mostly = "Palveluun hakeudutaan lähetteellä. Asiakkaalle laaditaan suunnitelma. Ajat varataan. Käynti maksetaan."
    assert rules(mostly) == ["passive"]
    assert rules("Ajat varataan puhelimella.", "how_to_join") == ["passive"]
    assert rules("Varaa aika. Lomake täytetään yhdessä.", "how_to_join", language="sv") == []


def test_what_one_reads_lightly_measures_less_than_what_is_heavy():
    assert lix(100, 10, 20) < lix(100, 10, 50)
    assert lix(100, 10, 20) < lix(100, 4, 20)
    assert lix(0, 0, 0) == 0


def test_heavy_by_its_sentences_or_by_its_words_is_told_apart():
    sentence = "Asiakkaan tavoitteita palvelussa arvioiden toimintaa kehittäen" + " autamme ihmisiä arjessa" * 4 + ". "
    assert rules(sentence * 3) == ["level_sentences"]
    assert "level_words" in rules(OFFICIALESE)
    assert "level_sentences" not in rules(OFFICIALESE)


def test_easy_finnish_is_held_to_stricter_rules():
    sentence = "Kerhossa voit tavata muita ihmisiä, juoda kahvia ja jutella kaikesta, mitä mielessäsi on tänään."
    assert rules(sentence) == []
    assert rules(sentence, language="fi-simple") == ["long_sentence"]
    word = "Saat toimeentulotukihakemuksen meiltä."
    assert rules(word) == []
    assert rules(word, language="fi-simple") == ["long_word"]


def test_workers_read_longer_sentences_in_the_long_description():
    sentence = "Palvelu on " + "tarkasti mietitty ja " * 9 + "hyvä."
    assert rules(sentence) == ["long_sentence"]
    assert rules(sentence, "content") == []


@pytest.mark.parametrize("language, short", [("sv", "t.ex."), ("en", "e.g."), ("fi-simple", "esim.")])
def test_short_forms_of_each_language(language: str, short: str):
    assert excerpts("abbreviation", f"Aaa {short} bbb.", language=language) == [short]


def test_the_name_again_in_the_one_sentence():
    def said(summary: str) -> bool:
        return "title_again" in [one.rule for one in advice({"title": "Iltakahvila", "summary": summary})]

    assert said("Iltakahvila on paikka kaikille.")
    assert not said("Paikka kaikille, joille ilta on pitkä.")
    assert not said("Iltakahvilassa juodaan teetä.")


def test_names_of_the_organisation_need_no_explaining():
    assert rules("XYQ kuuntelee. XYLOFONI soi.", names=("XYQ ry", "XYLOFONI")) == []


def test_what_is_dated_or_lapses_may_tell_its_days():
    text = "Alkaa 12.9.2026."
    assert rules(text, kind=Kind.COURSE) == []
    assert rules(text, "notice") == []
    assert rules("Soita 040 123 4567.", "notice") == []


@pytest.mark.parametrize(
    "texts, facts, expected",
    [
        ({"how_to_join": ""}, {}, [("how_to_join", "no_how_to_join", Severity.IMPORTANT)]),
        ({"how_to_join": " "}, {"has_contact_way": False}, [("how_to_join", "no_way_in", Severity.IMPORTANT)]),
        (
            {"how_to_refer": ""},
            {"referral": Referral.NEEDED},
            [("how_to_refer", "no_how_to_refer", Severity.IMPORTANT)],
        ),
        (
            {"how_to_refer": ""},
            {"referral": Referral.ALLOWED},
            [("how_to_refer", "could_tell_how_to_refer", Severity.HINT)],
        ),
        ({"how_to_refer": ""}, {"referral": Referral.NOT_USED}, []),
        ({}, {"referral": Referral.NEEDED, "has_contact_way": False}, []),
    ],
)
def test_what_is_missing(texts: dict[str, str], facts: dict[str, object], expected: list[tuple]):
    assert [(one.field, one.rule, one.severity) for one in advice(texts, **facts)] == expected


# --- all of them -----------------------------------------------------------------------------------------------------
def test_the_important_comes_first_and_no_rule_repeats_itself_for_long():
    text = "Teemme mm. ruokaa, esim. puuroa, jne. ja tms. Soita 040 123 4567."
    found = [one.rule for one in advice({"description": text})]
    assert found[0] == "phone"
    assert Counter(found)["abbreviation"] == 2


def test_the_fields_are_those_of_a_listing():
    headings = {field.name for field in ServiceDescription._meta.get_fields()}
    assert set(FIELDS) <= set(Service.TEXTS)
    assert not headings & set(FIELDS)


def test_every_rule_has_a_name_of_its_own_and_says_it_in_the_readers_language():
    names = [rule.name for rule in RULES] + [rule.name for rule in MISSING]
    assert len(names) == len(set(names))
    with translation.override("en"):
        (one,) = advice({"description": "Teemme mm. ruokaa."})
    assert one.message == "Write “mm.” in full: “muun muassa”."


TEXTS = st.dictionaries(
    st.sampled_from([*FIELDS, "content", "threats"]),
    st.text() | st.text("aeitäAÄ .,!?\n-:%§()@/+0123456789", max_size=400),
)
FACTS = st.builds(
    Facts,
    today=st.just(TODAY),
    language=st.sampled_from([*languages.CODES, "et"]),
    kind=st.sampled_from(Kind.values),
    referral=st.sampled_from(Referral.values),
    has_contact_way=st.booleans(),
    names=st.lists(st.text(), max_size=2).map(tuple),
)


@given(TEXTS, FACTS)
def test_any_text_gets_an_answer_that_points_into_it(texts: dict[str, str], facts: Facts):
    for one in advise(texts, facts):
        assert one.excerpt in texts.get(one.field, "")
        assert one.message
        assert texts.get(one.field, "").strip() or one.rule in {rule.name for rule in MISSING}


@given(FACTS, st.sampled_from(["", "  ", "\n"]))
def test_nothing_is_said_of_an_empty_text_but_that_it_is_missing(facts: Facts, empty: str):
    found = advise(dict.fromkeys(FIELDS, empty), facts)
    assert {one.rule for one in found} <= {rule.name for rule in MISSING}


def test_our_own_listings_need_hardly_any_advice():
    """They are written as the help wants it; a rule that finds much in them is wrong."""
    folder = CONTENT.path / "sample"
    organisations = {
        one["key"]: one for one in yaml.safe_load((folder / "organisations.yaml").read_text(encoding="utf-8"))
    }
    services = yaml.safe_load((folder / "services.yaml").read_text(encoding="utf-8"))
    found: list[str] = []
    count = 0
    for service in services:
        organisation = organisations[service["organisation"]]
        for language, texts in ((service["locale"], service), *service.get("translations", {}).items()):
            count += 1
            facts = Facts(
                today=TODAY,
                language=language,
                kind=service["kind"],
                referral=service["referral"],
                has_contact_way=bool(service["contacts"]),
                names=tuple(organisation["names"].values()),
            )
            found += [f"{service['key']}: {one.rule}" for one in advise({n: texts.get(n) or "" for n in FIELDS}, facts)]
    assert count > 100
    assert len(found) <= count / 20, found
