"""Reads the small things of a PTV answer: texts, times, codes, numbers, addresses on the web. Pure; knows no record.

PTV = Palvelutietovaranto, the Finnish Service Catalogue; the shapes are those of its open API, versions 8–11.
"""

import datetime
import html
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.encoding import iri_to_uri

from portal.base import languages

HELSINKI = ZoneInfo("Europe/Helsinki")
# The languages of PTV's texts that this site has; Sámi texts stay in the raw payload.
LANGUAGES = (languages.FINNISH, languages.SWEDISH, languages.ENGLISH)

_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/h\d)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^>]*>")
_PHONE = re.compile(r"^\+\d{5,15}$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")

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
def clean(value: Any) -> str:
    """Plain text: no markup, no entities, no runs of blank lines."""
    if not isinstance(value, str):
        return ""
    text = html.unescape(html.unescape(value)).replace("\r\n", "\n").replace("\xa0", " ")
    text = _TAG.sub("", _BREAK.sub("\n", _SCRIPT.sub("", text)))
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def line(value: Any) -> str:
    """Plain text on one line."""
    return " ".join(clean(value).split())


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
def code(value: Any, digits: int) -> str:
    """A code of Statistics Finland with its leading zeros, or ""."""
    text = str(value or "").strip()
    return text.zfill(digits) if text.isdigit() else ""


def utc(value: Any) -> datetime.datetime | None:
    """A moment; one without a zone is in UTC, as PTV stamps them."""
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=datetime.UTC) if moment.tzinfo is None else moment.astimezone(datetime.UTC)


def local_date(value: Any) -> datetime.date | None:
    """The day in Finland of a moment: midnight there is the evening before in UTC."""
    moment = utc(value)
    return moment.astimezone(HELSINKI).date() if moment else None


def clock(value: Any) -> datetime.time | None:
    """A time of day. Midnight at a day's end is 0.00, as "24:00" is."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?", str(value or "").strip())
    if not found:
        return None
    hour, minute = int(found[1]) % 24 if found[1] == "24" else int(found[1]), int(found[2])
    return datetime.time(hour, minute) if hour < 24 and minute < 60 else None


def numbers(*values: Any) -> tuple[float, ...] | None:
    """All values as numbers, or None when one is none. PTV writes coordinates as text."""
    try:
        return tuple(float(str(value).replace(",", ".")) for value in values)
    except ValueError:
        return None


# --- contact -------------------------------------------------------------------------------------------------------
def phone(entry: Json) -> str:
    """A phone number as E.164; a service number, or one that cannot be made so, as it was typed."""
    typed = line(entry.get("number"))
    digits = re.sub(r"[^\d+]", "", typed)
    if not re.search(r"\d{3}", digits):
        return ""
    prefix = re.sub(r"[^\d+]", "", str(entry.get("prefixNumber") or ""))
    if entry.get("isFinnishServiceNumber"):
        return typed
    if prefix and not digits.startswith("+"):
        digits = f"{prefix if prefix.startswith('+') else '+' + prefix}{digits.removeprefix('0')}"
    return digits if _PHONE.match(digits) else typed


def email(value: Any) -> str:
    """An e-mail address, or "" for what is none."""
    typed = line(value)
    return typed if _EMAIL.match(typed) else ""


def web_address(value: Any, most: int = 500) -> str:
    """An address on the web, percent-encoded, or "" for what is none."""
    typed = line(value)
    if typed and "://" not in typed and re.match(r"^[\w-]+(\.[\w-]+)+(/|$)", typed):
        typed = f"http://{typed}"
    try:
        parts = urlsplit(typed)
        host = (parts.hostname or "").encode("idna").decode()
    except (UnicodeError, ValueError):
        return ""
    if parts.scheme not in {"http", "https"} or "." not in host:
        return ""
    address = iri_to_uri(parts._replace(netloc=host + (f":{parts.port}" if parts.port else "")).geturl()) or ""
    return address if len(address) <= most else ""


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values that say something, each once, in their order; letter case does not make two."""
    found: dict[str, str] = {}
    for value in values:
        if value:
            found.setdefault(value.casefold(), value)
    return tuple(found.values())
