"""THE list of languages: codes, names, fallbacks. Pure data; nothing else in the project lists languages."""

from typing import NamedTuple


class Language(NamedTuple):
    """One language of the site.

    code: BCP 47 tag, also the URL prefix. name: in English, for editors. endonym: as its readers call it.
    fallbacks: where to look for a text that is missing in this language, in order.
    """

    code: str
    name: str
    endonym: str
    fallbacks: tuple[str, ...]


FINNISH, SWEDISH, ENGLISH, EASY_FINNISH = "fi", "sv", "en", "fi-simple"

ALL: tuple[Language, ...] = (
    Language(FINNISH, "Finnish", "Suomi", (SWEDISH, ENGLISH)),
    Language(SWEDISH, "Swedish", "Svenska", (FINNISH, ENGLISH)),
    Language(ENGLISH, "English", "English", (FINNISH, SWEDISH)),
    # A registered tag (IANA, 2015); ../docs/adr tells why not fi-x-selko.
    Language(EASY_FINNISH, "Easy Finnish", "Selkosuomi", (FINNISH, SWEDISH, ENGLISH)),
)

BY_CODE: dict[str, Language] = {language.code: language for language in ALL}
CODES: tuple[str, ...] = tuple(BY_CODE)

# Django knows no fi-simple: without this entry its name would show as Finnish.
EASY_FINNISH_LANG_INFO = {
    "bidi": False,
    "code": EASY_FINNISH,
    "name": "Easy Finnish",
    "name_local": "selkosuomi",
}


def reading_order(code: str) -> tuple[str, ...]:
    """The languages in which to look for a text, best first, for a reader of `code`."""
    language = BY_CODE.get(code, BY_CODE[FINNISH])
    return (language.code, *language.fallbacks)
