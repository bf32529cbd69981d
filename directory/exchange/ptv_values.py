"""Reads what only a PTV answer has: its texts by language, its days and its phones. Pure; knows no record.

PTV = Palvelutietovaranto, the Finnish Service Catalogue; the shapes are those of its open API, versions 8–11.
"""

import datetime
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from directory.exchange.plain import clean, line, phone_number, utc
from portal.base import languages

HELSINKI = ZoneInfo("Europe/Helsinki")
# The languages of PTV's texts that this site has; Sámi texts stay in the raw payload.
LANGUAGES = (languages.FINNISH, languages.SWEDISH, languages.ENGLISH)

Json = Mapping[str, Any]


def items(value: Any) -> list[Json]:
    """The objects of a list; nothing for null. Untouched templates are left out."""
    found = [each for each in value or [] if isinstance(each, Mapping)] if isinstance(value, list) else []
    return [each for each in found if not is_template(each)]


def is_template(node: Json) -> bool:
    """Whether an object is an unfilled template of the API: a leaf says its own name, as in {"type": "type"}.

    Answers that passed through test systems hold such objects beside real ones; "012 345 6789" is nobody's number.
    """
    return any(isinstance(leaf, str) and leaf == key and key in _TEMPLATE_KEYS for key, leaf in node.items())


_TEMPLATE_KEYS = {"value", "type", "subType", "code", "serviceHourType", "serviceChargeType", "additionalInformation"}


# --- texts ---------------------------------------------------------------------------------------------------------
def texts(value: Any, *types: str) -> dict[str, str]:
    """Language → text of the entries of the given types (any, when none is given); the first of a language wins."""
    found: dict[str, str] = {}
    for entry in items(value):
        if types and entry.get("type") not in types:
            continue
        language, text = entry.get("language"), clean(entry.get("value"))
        if language in LANGUAGES and text:
            found.setdefault(language, text)
    return found


def one_line_texts(value: Any, *types: str) -> dict[str, str]:
    """As `texts`, each on one line: names and labels."""
    return {language: " ".join(text.split()) for language, text in texts(value, *types).items()}


def other_languages(value: Any) -> set[str]:
    """Languages of an entry list that this site has not."""
    return {str(each["language"]) for each in items(value) if each.get("value") and each.get("language")} - set(
        LANGUAGES
    )


def first_text(found: Mapping[str, str]) -> str:
    """The text in the first language that has one: Finnish, Swedish, English."""
    return next((found[language] for language in LANGUAGES if found.get(language)), "")


# --- codes, times, numbers -----------------------------------------------------------------------------------------
def local_date(value: Any) -> datetime.date | None:
    """The day in Finland of a moment: midnight there is the evening before in UTC."""
    moment = utc(value)
    return moment.astimezone(HELSINKI).date() if moment else None


# --- contact -------------------------------------------------------------------------------------------------------
def phone(entry: Json) -> str:
    """A phone number as E.164; a service number, or one that cannot be made so, as it was typed."""
    typed = line(entry.get("number"))
    if entry.get("isFinnishServiceNumber"):
        return typed if re.search(r"\d{3}", re.sub(r"\D", "", typed)) else ""
    return phone_number(typed, str(entry.get("prefixNumber") or ""))
