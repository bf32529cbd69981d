"""Reads the small things of any source: texts, times, codes, numbers, addresses on the web. Pure; knows no record."""

import datetime
import html
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.encoding import iri_to_uri

# Mainland Finland and the islands, generously: what lies outside is a slip, not a place of ours.
FINLAND = (59.0, 70.5, 19.0, 32.0)

_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/h\d)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^>]*>")
# What no text holds on purpose, and PostgreSQL refuses.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_E164 = re.compile(r"^\+\d{5,15}$")
_validate_url = URLValidator(schemes=["http", "https"])


# --- texts ---------------------------------------------------------------------------------------------------------
def clean(value: Any) -> str:
    """Plain text: no markup, no entities, no runs of blank lines."""
    if not isinstance(value, str):
        return ""
    text = value
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", _SCRIPT.sub("", text)))
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\xa0", " "))
    if "\n" not in text:
        return " ".join(text.split())
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def line(value: Any) -> str:
    """Plain text on one line."""
    return " ".join(clean(value).split())


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values that say something, each once, in their order; letter case does not make two."""
    found: dict[str, str] = {}
    for value in values:
        if value:
            found.setdefault(value.casefold(), value)
    return tuple(found.values())


# --- codes, times, numbers -----------------------------------------------------------------------------------------
def code(value: Any, digits: int) -> str:
    """A code of Statistics Finland with its leading zeros, or ""."""
    text = str(value or "").strip()
    return text.zfill(digits) if text.isdigit() else ""


def utc(value: Any) -> datetime.datetime | None:
    """A moment; one without a zone is in UTC."""
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.datetime.fromisoformat(value)
        return moment.replace(tzinfo=datetime.UTC) if moment.tzinfo is None else moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


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


def in_finland(latitude: float, longitude: float) -> bool:
    """Whether a point in WGS84 can be a place of ours."""
    south, north, west, east = FINLAND
    return south <= latitude <= north and west <= longitude <= east


# --- contact -------------------------------------------------------------------------------------------------------
def phone_number(typed: str, prefix: str = "") -> str:
    """A phone number as E.164; one that cannot be made so as it was typed, and "" for what is none."""
    digits = re.sub(r"[^\d+]", "", typed)
    if not re.search(r"\d{3}", digits):
        return ""
    prefix = re.sub(r"[^\d+]", "", prefix)
    if prefix and not digits.startswith("+"):
        digits = f"{prefix if prefix.startswith('+') else '+' + prefix}{digits.removeprefix('0')}"
    return digits if _E164.match(digits) else typed


def email(value: Any) -> str:
    """An e-mail address, or "" for what is none."""
    typed = line(value)
    return typed if len(typed) <= 254 and _is_valid(validate_email, typed) else ""


def web_address(value: Any, most: int = 500) -> str:
    """An address on the web, percent-encoded, or "" for what is none."""
    typed = line(value)
    if typed and "://" not in typed and re.match(r"^[\w-]+(\.[\w-]+)+(/|$)", typed):
        typed = f"http://{typed}"
    try:
        parts = urlsplit(typed)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except (UnicodeError, ValueError):
        return ""
    address = iri_to_uri(parts._replace(netloc=host + port).geturl()) or ""
    return address if len(address) <= most and _is_valid(_validate_url, address) else ""


def _is_valid(validate: Callable[[str], None], text: str) -> bool:
    try:
        validate(text)
    except ValidationError:
        return False
    return True
