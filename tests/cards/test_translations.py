"""The content of the cards in other languages: what must be there, built as the Finnish is, no Finnish left in it."""

from collections.abc import Iterator
from typing import Any

import pytest

from cards.loading import CONTENT as CARDS
from cards.loading import SHARED
from portal.base import languages
from portal.content.loading import CONTENT as PAGES

TRANSLATIONS = [code for code in languages.CODES if code != languages.FINNISH]

# What a reader of any of our languages finds whole, by the name of the Finnish file.
CARDS_IN_EVERY_LANGUAGE = [
    "practice-models/index.yaml",
    "practice-models/a/index.yaml",
    "practice-models/a/01-kasitteet.yaml",
    "practice-models/a/02-digiratkaisuja.yaml",
    "practice-models/a/03-kysy-ja-kiinnostu.yaml",
    "practice-models/a/04-sanoittakaa-yhdessa-tuen-tarve.yaml",
    "practice-models/a/05-selvittakaa-kokonaistilanne.yaml",
    "practice-models/a/06-suunnitelkaa-ja-toteuttakaa-yhdessa.yaml",
    "practice-models/a/07-varmista-ja-seuraa.yaml",
    "practice-models/a/08-enta-jos-tyoskentely-ei-aina-onnistu.yaml",
    "practice-models/a/09-yhteystietoja.yaml",
    "quality-criteria/a.yaml",
    "together/10-mita-sinulle-kuuluu.yaml",
    "together/20-asioinnin-muistilista.yaml",
    "together/index.yaml",
    "tools/index.yaml",
    "tools/themes/1.yaml",
    "tools/themes/2.yaml",
    "tools/themes/3.yaml",
    "tools/themes/4.yaml",
    "tools/themes/5.yaml",
    "tools/themes/6.yaml",
    "tools/themes/7.yaml",
    "tools/themes/8.yaml",
]
PAGES_IN_EVERY_LANGUAGE = [
    "pages/rights.yaml",
    "stages/1.yaml",
    "stages/2.yaml",
    "stages/3.yaml",
    "stages/4.yaml",
    "stages/5.yaml",
    "stages/index.yaml",
]

# What is not text but says how a block works or what it points to: a translation keeps it.
KEPT = frozenset(
    {
        "answered_by",
        "audience",
        "key",
        "keys",
        "live_query",
        "pages",
        "query",
        "slug",
        "theme",
        "tone",
        "topics",
        "type",
    }
    | {"url"}
)

# Names that are written alike in other languages.
NAMES = frozenset(
    {"Suomi.fi", "Tukinet", "Lähellä.fi", "Vapaaehtoistyö.fi", "Vertaiskylä.fi", "Hyvinvointitarjotin.fi"}
)


def translated_cards() -> list[tuple[str, str]]:
    """(language, name) of each file that is a translation."""
    return [(code, name.removeprefix(f"{code}/")) for code in TRANSLATIONS for name in CARDS.names(f"{code}/**/*.yaml")]


def finnish(name: str) -> dict[str, Any]:
    """The Finnish of what a translation says: not the shared keys, nor the Easy Finnish of a statement."""
    shared = SHARED - {"themes"} if name.startswith("quality-criteria/") else SHARED
    return _without_easy({key: value for key, value in CARDS.read(name).items() if key not in shared})


def _without_easy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_easy(each) for key, each in value.items() if key != "simple"}
    return [_without_easy(each) for each in value] if isinstance(value, list) else value


def outline(value: Any, code: str, key: str = "") -> Any:
    """How a content is built, whatever its words: keys, lengths of lists, what is kept, lines of plain text.

    Easy Finnish may say one point as two, so its lists of texts are of any length.
    """
    if isinstance(value, dict):
        return {name: outline(each, code, name) for name, each in value.items()}
    if key in KEPT:
        return value
    is_easy = code == languages.EASY_FINNISH
    if isinstance(value, list):
        points = bool(value) and all(isinstance(each, str) for each in value)
        return "points" if points and is_easy else [outline(each, code, key) for each in value]
    if not isinstance(value, str):
        return value
    return "markup" if value.startswith("<") else "text" if is_easy else f"lines: {len(value.splitlines())}"


def texts(value: Any, key: str = "") -> Iterator[str]:
    """Every text that is to be translated."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from texts(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, key)
    elif isinstance(value, str) and value and key not in KEPT:
        yield value.strip()


class TestWhatIsThere:
    """The part of the content that every language has."""

    @pytest.mark.parametrize("code", TRANSLATIONS)
    def test_what_every_language_has_is_there(self, code: str) -> None:
        missing = [name for name in CARDS_IN_EVERY_LANGUAGE if not CARDS.names(f"{code}/{name}")]
        missing += [name for name in PAGES_IN_EVERY_LANGUAGE if not PAGES.names(f"{code}/{name}")]

        assert missing == []

    def test_every_card_of_model_a_is_asked_for(self) -> None:
        assert set(CARDS.names("practice-models/a/*.yaml")) <= set(CARDS_IN_EVERY_LANGUAGE)


class TestEachTranslation:
    """A translation says the same as the Finnish, in its own language."""

    @pytest.mark.parametrize(("code", "name"), translated_cards())
    def test_it_is_built_as_the_finnish_is(self, code: str, name: str) -> None:
        assert outline(CARDS.read(f"{code}/{name}"), code) == outline(finnish(name), code)

    # Easy Finnish may say a thing with the same words.
    @pytest.mark.parametrize(
        ("code", "name"), [each for each in translated_cards() if each[0] != languages.EASY_FINNISH]
    )
    def test_no_finnish_is_left_in_it(self, code: str, name: str) -> None:
        left = set(texts(CARDS.read(f"{code}/{name}"))) & set(texts(finnish(name)))

        assert left - NAMES == set()

    @pytest.mark.parametrize("code", [languages.SWEDISH, languages.ENGLISH])
    @pytest.mark.parametrize("name", PAGES_IN_EVERY_LANGUAGE)
    def test_no_finnish_is_left_in_the_stages_and_the_rights(self, code: str, name: str) -> None:
        left = set(texts(PAGES.read(f"{code}/{name}"))) & set(texts(PAGES.read(f"{languages.FINNISH}/{name}")))

        assert left - NAMES == set()
