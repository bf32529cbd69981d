"""Reads the small things of an HSDS object: lists, numbers, days, times, ids. Pure; what is of a wrong kind is none."""

import datetime
import math
import re
import uuid
from collections.abc import Mapping
from typing import Any

from directory.exchange import plain
from directory.exchange.records import UnreadableError

Json = Mapping[str, Any]
# Ids that are no UUID are made into one: the same one for ever.
NAMESPACE = uuid.UUID("6f0f3c1e-5b0e-5a53-9a3e-3f1a9f0f7d11")
LONGEST_ID = 100
# ISO 639-2 and -3 codes of the languages that services are given in.
SPOKEN = {
    "fin": "fi", "swe": "sv", "eng": "en", "sme": "se", "rus": "ru", "ukr": "uk", "est": "et", "ara": "ar", "som": "so",
    "fas": "fa", "per": "fa", "kur": "ku", "tir": "ti", "amh": "am", "tur": "tr", "sqi": "sq", "alb": "sq", "bos": "bs",
    "zho": "zh", "chi": "zh", "vie": "vi", "tha": "th", "hin": "hi", "urd": "ur", "ben": "bn", "nep": "ne", "spa": "es",
    "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "ita": "it", "pol": "pl", "ron": "ro", "rum": "ro", "por": "pt",
    "nld": "nl", "dut": "nl", "jpn": "ja",
}  # fmt: skip
_FINNISH_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def objects(value: Any) -> list[Json]:
    """The objects of a list; nothing for what is no list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def number(value: Any) -> float | None:
    """A number, also one that is written as text; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value.replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def date(value: Any) -> datetime.date | None:
    """A day, of a date or a moment; None for what is none."""
    text = plain.line(value)
    try:
        if found := _FINNISH_DATE.fullmatch(text):
            return datetime.date(int(found[3]), int(found[2]), int(found[1]))
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None


def clock(value: Any) -> datetime.time | None:
    """A time of day as it is on the wall: the zone that some feeds write is wrong half the year."""
    text = plain.line(value)
    text = text.partition("T")[2] or text
    found = re.match(r"(\d{1,2})[:.](\d{2})", text)
    return plain.clock(f"{found[1]}:{found[2]}") if found else None


# --- ids -----------------------------------------------------------------------------------------------------------
def identity(kind: str, value: Any) -> tuple[str, str]:
    """(the id as it is kept, the UUID it goes by here). Raises UnreadableError when there is none to keep."""
    text = plain.line(value) if isinstance(value, str) else str(value) if type(value) is int else ""
    if not text:
        raise UnreadableError(f"{kind} without an id")
    if len(text) > LONGEST_ID:
        raise UnreadableError(f"{kind} with an id of more than {LONGEST_ID} characters")
    try:
        key = str(uuid.UUID(text))
    except ValueError:
        return text, str(uuid.uuid5(NAMESPACE, f"{kind}:{text}"))
    return key, key


def reference(kind: str, value: Any) -> str:
    """An id as it is kept, or ""."""
    try:
        return identity(kind, value)[0]
    except UnreadableError:
        return ""
