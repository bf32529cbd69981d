"""What must not stand in a referral, seen in what was typed: pure rules, words in, findings out. Nothing is remembered.

A personal identity code is refused everywhere. A phone number or an address belongs in its own box. Words of health
are asked to be taken out: an organisation's activity needs no diagnosis (GDPR art. 5.1 c and 9). Which words those are
stands in data/health_terms.yaml.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from django.views.decorators.debug import sensitive_variables
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fi import hetu

from referrals.models.person import PersonDetails


class Notice(StrEnum):
    """What was noticed."""

    IDENTITY_CODE = "identity_code"
    PHONE = "phone"
    EMAIL = "email"
    HEALTH = "health"


# Never sent, whatever the writer says.
REFUSED = frozenset({Notice.IDENTITY_CODE})


@dataclass(frozen=True)
class Finding:
    """Something in a text. words: as they stand there."""

    notice: Notice
    words: str


_TERMS = Path(__file__).with_name("data") / "health_terms.yaml"
# A text processor makes a longer line of the hyphen.
_IDENTITY = re.compile(r"(?<!\w)\d{6}\s?[-‐‑–—−+A-FU-Ya-fu-y]\s?\d{3}[0-9A-Za-z](?!\w)")
# The same as people write it to get it through, or by habit: with points, spaces or nothing between, the year in four
# figures, letters around it. So many things look like that: only where the check letter is right.
_DASHES = "-‐‑‒–—―−"
_GAP = r"[\s._\u00ad\u200b-\u200f\u2060\ufeff]{0,3}"
_LOOSE_IDENTITY = re.compile(
    rf"(?<!\d)(?=((?P<day>\d{_GAP}\d){_GAP}(?P<month>\d{_GAP}\d){_GAP}(?:18|19|20)?(?P<year>\d{_GAP}\d){_GAP}"
    rf"(?:(?P<sign>[{_DASHES}+A-FU-Ya-fu-y]){_GAP}(?P<rest>(?:\d{_GAP}){{3}}[0-9A-Za-z])"
    rf"|(?P<bare>(?:\d{_GAP}){{3}}[A-Za-z]))))"
)
_PHONE = re.compile(r"(?<![\w.])(?:\+|0)(?:[ \-()]?\d){6,14}(?!\w)")
# Digits that look like a number to call: 0900–1500, 01-02-2027.
_TIMES = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d ?- ?(?:[01]\d|2[0-4])[0-5]\d|\d{1,2}[- ]\d{1,2}[- ]\d{4}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# ICD-10: F32, F32.1; of the other chapters only with the point, because E75 is a road and B12 a vitamin.
_DIAGNOSIS_CODE = re.compile(r"(?<![\w.])(?:[Ff]\d{2}(?:\.\d{1,2})?|[A-TV-Z]\d{2}\.\d{1,2})(?![\w.]*\w)")


class _Hit(NamedTuple):
    start: int
    end: int
    notice: Notice


@sensitive_variables()
def notice_in(text: str) -> list[Finding]:
    """What is noticed in a text that should not be there, in its order. No part of the text is in two findings."""
    found: list[_Hit] = []
    for hit in _hits(_plain(text)):
        if all(hit.end <= other.start or other.end <= hit.start for other in found):
            found.append(hit)
    return [Finding(hit.notice, text[hit.start : hit.end]) for hit in sorted(found)]


@sensitive_variables()
def refused_words(text: str) -> bool:
    """Whether a text holds what is never sent."""
    return any(each.notice in REFUSED for each in notice_in(text))


@sensitive_variables()
def refused_in(details: PersonDetails) -> bool:
    """Whether any text of a referral holds what is never sent."""
    texts = (
        details.name,
        details.hope,
        details.reach_value,
        details.accessibility,
        details.support_note,
        details.best_time,
        details.meeting_about,
    )
    return any(refused_words(text) for text in texts)


# --- The rules, the weightiest first ----------------------------------------------------------------------------------
def _plain(text: str) -> str:
    """Wide and other odd forms of letters and figures as ordinary ones, each in its place."""
    return "".join(plain if len(plain := unicodedata.normalize("NFKC", each)) == 1 else each for each in text)


def _hits(text: str) -> Iterator[_Hit]:
    for each in _IDENTITY.finditer(text):
        if _is_identity(each.group()):
            yield _Hit(*each.span(), Notice.IDENTITY_CODE)
    for each in _LOOSE_IDENTITY.finditer(text):
        if _is_right_identity(each):
            yield _Hit(*each.span(1), Notice.IDENTITY_CODE)
    for each in _EMAIL.finditer(text):
        yield _Hit(*each.span(), Notice.EMAIL)
    for each in _PHONE.finditer(text):
        if not _TIMES.fullmatch(each.group()):
            yield _Hit(*each.span(), Notice.PHONE)
    for each in _DIAGNOSIS_CODE.finditer(text):
        yield _Hit(*each.span(), Notice.HEALTH)
    terms = _terms()
    for each in terms.phrases.finditer(text):
        yield _Hit(*each.span(), Notice.HEALTH)
    for each in _WORD.finditer(text):
        if terms.tells_of_health(each.group()):
            yield _Hit(*each.span(), Notice.HEALTH)


def _is_identity(words: str) -> bool:
    """Whether it is shaped as one; a slip in the check letter makes it no less somebody's."""
    compact = "".join(words.split()).upper()
    try:
        hetu.validate(compact, allow_temporary=True)
    except NumberError:
        day, month = int(compact[:2]), int(compact[2:4])
        return 1 <= day <= 31 and 1 <= month <= 12
    return True


def _is_right_identity(found: re.Match[str]) -> bool:
    sign = found["sign"] or "-"
    rest = found["rest"] or found["bare"]
    figures = "".join(each for each in found["day"] + found["month"] + found["year"] if each.isdigit())
    ending = "".join(each for each in rest if each.isalnum())
    return hetu.is_valid(f"{figures}{'-' if sign in _DASHES else sign}{ending}".upper(), allow_temporary=True)


@dataclass(frozen=True)
class _Terms:
    """The words of health, made ready to be looked for."""

    holds: re.Pattern[str]
    begins: re.Pattern[str]
    phrases: re.Pattern[str]
    words: frozenset[str]
    capitals: frozenset[str]
    fine: tuple[str, ...]
    places: re.Pattern[str]

    def tells_of_health(self, word: str) -> bool:
        """Whether one word, as it was typed, tells of health."""
        if word in self.capitals:
            return True
        small = word.lower()
        if small.startswith(self.fine):
            return False
        if small in self.words:
            return True
        hit = self.begins.match(small) or self.holds.search(small)
        return hit is not None and not self.places.search(small, hit.end())


@cache
def _terms() -> _Terms:
    known = yaml.safe_load(_TERMS.read_text(encoding="utf-8"))
    phrases = [each for each in known["begins"] if " " in each]
    return _Terms(
        holds=_any_of(known["holds"]),
        begins=_any_of(each for each in known["begins"] if " " not in each),
        phrases=re.compile(
            r"(?<!\w)(?:" + "|".join(r"\w*[\s-]+".join(map(re.escape, each.split())) for each in phrases) + r")\w*",
            re.IGNORECASE,
        ),
        words=frozenset(known["words"]),
        capitals=frozenset(known["capitals"]),
        fine=tuple(known["fine"]),
        places=_any_of(known["places"]),
    )


def _any_of(stems: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, stems), key=len, reverse=True)))
