"""Words become the terms that Finnish, Swedish and English say they should: expectations from the languages."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import TextAnalysis, clean, fold, fold_name, tokenize
from search.analysis.finnish import VoikkoAnalyser, read_analysis
from search.analysis.snowball import SnowballAnalyser

PLACES = ("Joensuu", "Jyväskylä", "Keski-Suomi", "Multia", "Helsingfors")


@pytest.fixture(scope="module")
def analysis() -> TextAnalysis:
    return TextAnalysis(PLACES)


@pytest.mark.parametrize(
    "form, lemma",
    [
        ("omaishoitajien", "omaishoitaja"),
        ("vertaistukiryhmissä", "vertaistukiryhmä"),
        ("äidin", "äiti"),
        ("lasten", "lapsi"),
        ("veloista", "velka"),
        ("yksinäisyyteen", "yksinäisyys"),
        ("lyö", "lyödä"),
        ("hakkaa", "hakata"),
        ("avun", "apu"),
        ("ruoka-avun", "ruokaapu"),
        ("eroamiseen", "eroaminen"),
        ("miehille", "mies"),
        ("hyvinvointilähetteen", "hyvinvointilähete"),
        ("masennuksesta", "masennus"),
    ],
)
def test_an_inflected_form_has_its_base_form(analysis: TextAnalysis, form: str, lemma: str) -> None:
    assert lemma in analysis.analyser("fi").analyse(form).lemmas


@pytest.mark.parametrize(
    "compound, parts",
    [
        (
            "mielenterveyskuntoutujille",
            {"mieli", "terveys", "kuntoutuja", "mielenterveys", "terveyskuntoutuja"},
        ),
        ("velkaneuvonta", {"velka", "neuvonta"}),
        ("ruoka-apu", {"ruoka", "apu"}),
        ("lastensuojelu", {"lapsi", "suojelu"}),
        ("hyvinvointilähete", {"hyvinvointi", "lähete"}),
        ("päihdekuntoutujien", {"päihde", "kuntoutuja"}),
        ("omaishoitaja", {"omainen", "hoitaja"}),
        ("lähisuhdeväkivalta", {"lähisuhde", "väkivalta"}),
        ("maahanmuuttaja", {"muuttaja"}),
        ("etäyhteys", {"yhteys"}),
    ],
)
def test_every_contiguous_piece_of_a_compound_is_a_term(analysis: TextAnalysis, compound: str, parts: set[str]) -> None:
    assert parts <= set(analysis.analyser("fi").terms(compound))


@pytest.mark.parametrize(
    "word, root",
    [
        ("yksinäisyys", "yksinäinen"),
        ("asunnottomuus", "asunto"),
        ("asunnottomuus", "asunnoton"),
        ("kuntoutuja", "kuntoutua"),
        ("menettänyt", "menettää"),
        ("taloudellinen", "talous"),
        ("syrjäytyminen", "syrjäytyä"),
        ("kohtaamispaikka", "kohtaaminen"),
    ],
)
def test_a_derived_word_has_its_root(analysis: TextAnalysis, word: str, root: str) -> None:
    assert root in analysis.analyser("fi").terms(word)


@pytest.mark.parametrize(
    "form, name, never",
    [("joensuussa", "joensuu", "suu"), ("jyväskylän", "jyväskylä", "kylä"), ("keski-suomen", "keskisuomi", "suomi")],
)
def test_a_place_name_is_never_split(analysis: TextAnalysis, form: str, name: str, never: str) -> None:
    terms = analysis.analyser("fi").terms(form)
    assert name in terms
    assert never not in terms


def test_a_word_that_is_also_a_place_keeps_its_other_meaning(analysis: TextAnalysis) -> None:
    assert {"multia", "multa"} <= set(analysis.analyser("fi").terms("multia"))


def test_an_unknown_word_is_itself_and_its_hyphen_parts(analysis: TextAnalysis) -> None:
    found = analysis.analyser("fi").analyse("mt-kuntoutujille")
    assert found.lemmas == ("mtkuntoutujille",)
    assert {"mt", "kuntoutuja"} <= set(found.parts)
    assert not found.is_known


@pytest.mark.parametrize("word, never", [("materiaalipankki", "ali"), ("kokoontunut", "koko"), ("lupaamme", "amme")])
def test_a_word_is_not_cut_where_a_simpler_reading_is_known(analysis: TextAnalysis, word: str, never: str) -> None:
    assert never not in analysis.analyser("fi").terms(word)


def test_easy_finnish_is_read_as_finnish_and_other_languages_as_they_are(analysis: TextAnalysis) -> None:
    assert analysis.analyser("fi-simple") is analysis.analyser("fi")
    assert analysis.analyser("uk").terms("допомога") == ("допомога",)


def test_swedish_and_english_stems_carry_their_language(analysis: TextAnalysis) -> None:
    assert set(analysis.analyser("sv").terms("anhöriga")) & set(analysis.analyser("sv").terms("anhörigas"))
    assert analysis.analyser("en").terms("debts") == ("debts", "e_debt")
    assert analysis.analyser("sv").terms("skulder") == ("skulder", "s_skuld")


def test_index_terms_of_a_field_join_its_languages(analysis: TextAnalysis) -> None:
    terms = analysis.index_terms([("fi", "Velkaneuvontaa"), ("en", "Debt advice")]).split()
    assert {"velkaneuvonta", "velka", "neuvonta", "e_debt", "debt"} <= set(terms)


def test_tokens_are_words_in_lower_case() -> None:
    assert tokenize("Talous- ja velka\u00adneuvonta, klo 9–15!") == ["talous", "ja", "velkaneuvonta", "klo", "9", "15"]
    assert tokenize("RUOKA\u2011APU") == ["ruoka-apu"]
    assert tokenize("a\u0308iti") == ["äiti"]
    assert tokenize("🎉 () * ^ \x00") == []


def test_folding_forgets_umlauts_case_and_punctuation() -> None:
    assert fold("velkajärjestely") == "velkajarjestely"
    assert fold_name("Päihde-kuntoutus, Åbo") == "paihdekuntoutus abo"


def test_the_parser_leaves_out_letters_that_are_not_written() -> None:
    raw = "[Ln][Xp]mieli[X]miel[Sg][Ny]en[Bh][Bc][Lnl][Xp]terve[X]terve[Ln][Xj]ys[X]y[Sn][Ny]s"
    lemma, parts = read_analysis(raw)
    assert lemma == "mielenterveys"
    assert set(parts) == {"mieli", "terveys", "terve"}


def test_the_signature_names_what_terms_depend_on(analysis: TextAnalysis) -> None:
    assert analysis.signature == TextAnalysis(reversed(PLACES)).signature
    assert analysis.signature != TextAnalysis(("Turku",)).signature


def test_without_a_dictionary_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from search.analysis import finnish

    class Missing:
        def __init__(self) -> None:
            raise ImportError

    monkeypatch.setattr(finnish, "_dictionary", finnish._dictionary.__wrapped__)
    monkeypatch.setattr(finnish.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(finnish, "LibvoikkoDictionary", Missing)
    assert isinstance(finnish.finnish_analyser(), SnowballAnalyser)
    assert "dictionary" in caplog.text


def test_threads_share_one_analyser(analysis: TextAnalysis) -> None:
    from search.analysis import finnish

    words = ["omaishoitajien", "velkaneuvontaan", "mielenterveyskuntoutujille", "asunnottomuus"]
    dictionary = finnish._dictionary()
    assert dictionary is not None
    right = {word: dictionary.analyses(word) for word in words}
    wrong: list[str] = []

    def ask() -> None:
        wrong.extend(word for _ in range(50) for word in words if dictionary.analyses(word) != right[word])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@given(st.text(max_size=200))
def test_any_text_becomes_clean_terms(text: str) -> None:
    analysis = TextAnalysis()
    for language in ("sv", "en", "uk"):
        for term in analysis.index_terms([(language, text)]).split():
            assert term == clean(term)


@given(st.text(alphabet="abdehijklmnoprstuvyäö-'", min_size=1, max_size=60))
def test_any_letters_can_be_read_as_finnish(text: str) -> None:
    analyser = _shared_finnish()
    for word in tokenize(text):
        assert all(term == clean(term) and term for term in analyser.terms(word))


def _shared_finnish() -> VoikkoAnalyser:
    if not _finnish:
        _finnish.append(TextAnalysis().analyser("fi"))
    return _finnish[0]


_finnish: list[VoikkoAnalyser] = []
