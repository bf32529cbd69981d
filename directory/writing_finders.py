"""What the writing help looks for in a text (directory.writing): each finder yields excerpts. Pure; the day is a fact.

A finder that is often wrong is worse than none, since a volunteer who gets false alarms stops reading: what is in doubt
is let pass. The words it knows are in directory.writing_words.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from directory.choices import DATED_KINDS, Referral
from directory.writing_words import (
    ABBREVIATIONS,
    EMPTY_PHRASES,
    KNOWN_SHORT_NAMES,
    NO_PASSIVE_ENDINGS,
    NO_PASSIVES,
    NO_PERSON_ENDINGS,
    NO_PERSONS,
)
from portal.base.languages import EASY_FINNISH, ENGLISH, FINNISH, SWEDISH


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know beside the texts. `names`: of the organisation, which nobody has to explain."""

    today: datetime.date
    language: str = FINNISH
    kind: str = ""
    referral: str = Referral.UNKNOWN
    has_contact_way: bool = True
    names: tuple[str, ...] = ()


INSTRUCTIONS = ("how_to_join", "how_to_refer")
ABOUT = (
    "title",
    "summary",
    "description",
    "for_whom",
    "eligibility",
    "practical_notes",
    "charge_note",
    "capacity_note",
)
FIELDS = (*ABOUT, *INSTRUCTIONS, "notice")
# Any heading of the long description, which is written for workers and may be longer and say more.
LONG = "long description"

# Characters after which a text is longer than people read of it on a phone.
LONGEST_TEXT = {
    "title": 80, "description": 1_500, "for_whom": 500, "eligibility": 600, "practical_notes": 800, "charge_note": 300,
    "how_to_join": 600, "how_to_refer": 800, "notice": 300, LONG: 3_000,
}  # fmt: skip
# Words in a sentence. Easy Finnish wants one thought in each; workers read longer ones at ease.
LONGEST_SENTENCE = {FINNISH: 24, SWEDISH: 28, ENGLISH: 30, EASY_FINNISH: 12}
LONGEST_SENTENCE_FOR_WORKERS = 35
LONGEST_EASY_WORD = 20
# LIX (C. H. Björnsson, Läsbarhet, 1968) = words a sentence + words of more than six letters in a hundred words. A
# Finnish word carries its endings, so Finnish measures higher than Swedish or English. The limits are ours: above what
# our own plain texts measure, below officialese. A short text measures by chance.
HARDEST = {FINNISH: 72, SWEDISH: 52, ENGLISH: 52, EASY_FINNISH: 52}
FEWEST_WORDS_MEASURED = 30
LONG_WORD = 6

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# A full stop before a small letter ends an abbreviation or an ordinal.
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…])\s+(?![a-zåäö])|\n+")

# An excerpt of the text, and what fills the message.
Finding: TypeAlias = tuple[str, dict[str, object]]


@dataclass(frozen=True)
class Reading:
    """One field's text, taken apart once for all rules, beside the other texts and the facts."""

    name: str
    text: str
    texts: Mapping[str, str]
    facts: Facts
    place: str = field(init=False)
    sentences: tuple[str, ...] = field(init=False)
    words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        sentences = (each.strip() for each in _BETWEEN_SENTENCES.split(self.text))
        object.__setattr__(self, "place", self.name if self.name in FIELDS else LONG)
        object.__setattr__(self, "sentences", tuple(each for each in sentences if _WORD.search(each)))
        object.__setattr__(self, "words", tuple(_WORD.findall(self.text)))

    @property
    def names(self) -> str:
        """What the listing and its organisation are called."""
        return " ".join((*self.facts.names, "" if self.name == "title" else self.texts.get("title", "")))


# --- length and level ------------------------------------------------------------------------------------------------
def long_text(read: Reading) -> Iterator[Finding]:
    most = LONGEST_TEXT.get(read.place)
    if most and len(read.text.strip()) > most:
        yield "", {"most": most}


def _longest_sentence(read: Reading) -> int:
    if read.place == LONG and read.facts.language != EASY_FINNISH:
        return LONGEST_SENTENCE_FOR_WORKERS
    return LONGEST_SENTENCE.get(read.facts.language, LONGEST_SENTENCE[FINNISH])


def long_sentences(read: Reading) -> Iterator[Finding]:
    for sentence in read.sentences:
        if (count := len(_WORD.findall(sentence))) > _longest_sentence(read):
            yield sentence, {"count": count}


def long_words(read: Reading) -> Iterator[Finding]:
    for word in read.words:
        # What is divided by a hyphen is read in parts.
        if max(map(len, word.split("-"))) >= LONGEST_EASY_WORD:
            yield word, {"word": word}


def lix(words: int, sentences: int, long_words: int) -> float:
    """Björnsson's measure of how heavy a text is to read; 0 for a text without words."""
    return words / max(1, sentences) + 100 * long_words / words if words else 0.0


def _hard(read: Reading, *, by_sentences: bool) -> Iterator[Finding]:
    """A heavy text, and which half of the measure makes it so."""
    count, long_words = len(read.words), sum(len(word) > LONG_WORD for word in read.words)
    level = lix(count, len(read.sentences), long_words)
    if count >= FEWEST_WORDS_MEASURED and level > HARDEST.get(read.facts.language, HARDEST[FINNISH]):
        a_sentence = count / max(1, len(read.sentences))
        if by_sentences == (a_sentence > _longest_sentence(read) * 2 / 3):
            yield "", {"count": round(a_sentence), "share": round(10 * long_words / count)}


def hard_by_sentences(read: Reading) -> Iterator[Finding]:
    # Where single sentences are pointed at, that is enough said.
    return iter(()) if any(long_sentences(read)) else _hard(read, by_sentences=True)


def hard_by_words(read: Reading) -> Iterator[Finding]:
    return _hard(read, by_sentences=False)


# Endings that hardly any noun has. Left out are -staan and -ltaan (elämästään, hinnaltaan), -oitaan (asioitaan), -ntaan
# (hintaan), -ttaan (rauhoittaan), and -llaan (ajallaan) but for verbs in -tella and their like.
_PASSIVE = re.compile(
    r"\b(?:\w+(?:(?<![oe])[aeiuy]taan|(?<![öe])[äeiy]tään|daan|dään|(?:t|nn|sk|rr)ell(?:aan|ään))"
    r"|noustaan|juostaan|pestään|mennään|tullaan|\w+(?:st|it|nn|sk)ettiin)\b",
    re.IGNORECASE,
)


def passives(text: str) -> list[str]:
    """Words of a Finnish text that are as good as sure to be in the passive."""
    found = (word.group() for word in _PASSIVE.finditer(text))
    return [word for word in found if (low := word.lower()) not in NO_PASSIVES and not low.endswith(NO_PASSIVE_ENDINGS)]


def mostly_passive(read: Reading) -> Iterator[Finding]:
    """Everybody tells in the passive what is done together («lauletaan»). But a text that is mostly in the passive does
    not say who does what, and an instruction is for somebody."""
    found = [sentence for sentence in read.sentences if passives(sentence)]
    fewest = 1 if read.place in INSTRUCTIONS else 2 if read.facts.language == EASY_FINNISH else 4
    if len(found) >= fewest and 2 * len(found) > len(read.sentences):
        word = passives(found[0])[0]
        yield word, {"word": word}


# --- short forms and capitals ----------------------------------------------------------------------------------------
_ABBREVIATION = {
    language: re.compile(
        # "10 mm." is a measure.
        rf"(?<![\w.])(?<!\d )(?:{'|'.join(map(re.escape, sorted(words, reverse=True)))})(?!\w)",
        re.IGNORECASE,
    )
    for language, words in ABBREVIATIONS.items()
}
_CAPITALS = re.compile(r"(?<![\w-])[A-ZÅÄÖ]{2,6}\b")
_IN_BRACKETS = re.compile(r"\(([A-ZÅÄÖ]{2,6})\)")
_SHOUTING = re.compile(r"\b[A-ZÅÄÖ]{3,}(?:\s+[A-ZÅÄÖ]{2,})*\s+[A-ZÅÄÖ]{4,}\b|\b[A-ZÅÄÖ]{7,}\b")


def abbreviations(read: Reading) -> Iterator[Finding]:
    if pattern := _ABBREVIATION.get(read.facts.language):
        for found in pattern.finditer(read.text):
            short = found.group()
            yield short, {"short": short, "full": ABBREVIATIONS[read.facts.language][short.lower()]}


def short_names(read: Reading) -> Iterator[Finding]:
    told = {word for text in read.texts.values() for word in _IN_BRACKETS.findall(text)}
    told |= KNOWN_SHORT_NAMES | {part for word in _WORD.findall(read.names) for part in word.split("-")}
    shouted = [found.span() for found in _SHOUTING.finditer(read.text)]
    for found in _CAPITALS.finditer(read.text):
        is_shouted = any(start <= found.start() < end for start, end in shouted)
        is_explained = read.text[found.end() :].lstrip().startswith("(")
        if found.group() not in told and not is_shouted and not is_explained:
            told.add(found.group())
            yield found.group(), {"short": found.group()}


def shouting(read: Reading) -> Iterator[Finding]:
    return ((found.group(), {}) for found in _SHOUTING.finditer(read.text) if found.group() not in read.names)


# --- what has a place of its own -------------------------------------------------------------------------------------
_NUMBER = r"(?:\+\d{1,3}[ -]?\(?\d|0\d)(?:[ -]?\(?\d\)?){5,11}"
_PHONE = re.compile(rf"(?<![\w/.,+-]){_NUMBER}(?![\w/]|-\d|\.\d)")
_BUSINESS_ID = re.compile(r"\d{7}-\d")
_EMAIL = re.compile(r"[\w.+-]+(?:@|\s?[(\[](?:at|ät|a)[)\]]\s?)[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(r"(?:https?://|www\.)[^\s<>()]*[^\s<>().,;:!?]|(?<![\w@.-])[\w-]+\.(?:fi|com|org|net|info)/[\w/-]+")
_HOURS = re.compile(
    r"\b(?:ma|ti|ke|to|pe|la)\s?[-–—]\s?(?:ti|ke|to|pe|la|su)\b[^.\n]{0,10}\d{1,2}(?:[.:]\d\d)?\s?[-–—]\s?\d{1,2}",
    re.IGNORECASE,
)
_NAME = r"[A-ZÅÄÖ][a-zåäö]+(?:-[A-ZÅÄÖ][a-zåäö]+)?"
_PERSON = re.compile(rf"\b({_NAME} {_NAME})[\s,:(]{{1,3}}(?:(?:puh|p|gsm|tel|tfn)\.?:?\s*)?(?={_NUMBER}|[\w.+-]+@)")


def _every(pattern: re.Pattern[str]) -> Callable[[Reading], Iterator[Finding]]:
    def find(read: Reading) -> Iterator[Finding]:
        return ((found.group(), {"what": found.group()}) for found in pattern.finditer(read.text))

    return find


def phones(read: Reading) -> Iterator[Finding]:
    return (found for found in _every(_PHONE)(read) if not _BUSINESS_ID.fullmatch(found[0]))


def persons(read: Reading) -> Iterator[Finding]:
    names = read.names.casefold()
    for found in _PERSON.finditer(read.text):
        words = found.group(1).casefold().split()
        is_other = any(word in names or word.endswith(NO_PERSON_ENDINGS) for word in words)
        if NO_PERSONS.isdisjoint(words) and not is_other:
            yield found.group(1), {"what": found.group(1)}


# --- what grows old, and what says little ----------------------------------------------------------------------------
_DATE = re.compile(r"(?<![\d.:–-])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(20\d\d\b|(?!\d))")
_CLOCK = re.compile(r"(?:klo|kello|kl)\.?\s?[\d.: –-]*$", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d/.-])20\d\d(?![\d/])")
_SEASON = re.compile(
    r"\b(?:ensi|tänä|viime)\s+(?:vuonna|syksynä|keväänä|kesänä|talvena)\b|\b(?:nästa|i)\s(?:höst|vår|sommar|vinter|år)\b"
    r"|\b(?:this|next|last) (?:year|autumn|spring|summer|winter)\b",
    re.IGNORECASE,
)
_LAW = re.compile(r"\b\d{3,4}/(?:19|20)\d\d\b|\d+\s?[a-z]?\s?§|§\s?\d+")
_EMPTY = {
    language: re.compile(rf"\b(?:{'|'.join(phrases)})", re.IGNORECASE) for language, phrases in EMPTY_PHRASES.items()
}


def soon_old(read: Reading) -> Iterator[Finding]:
    """A dated thing ends by itself, and a year that is over tells of history."""
    if read.facts.kind in DATED_KINDS:
        return
    this_year = read.facts.today.year
    dates = [found for found in _DATE.finditer(read.text) if not _CLOCK.search(read.text[: found.start()])]
    for found in dates:
        if int(found.group(1) or this_year) >= this_year:
            yield found.group(), {"what": found.group()}
    for found in _YEAR.finditer(read.text):
        is_of_a_date = any(date.start() < found.start() < date.end() for date in dates)
        if int(found.group()) >= this_year and not is_of_a_date:
            yield found.group(), {"what": found.group()}
    yield from _every(_SEASON)(read)


def empty_phrases(read: Reading) -> Iterator[Finding]:
    pattern = _EMPTY.get(read.facts.language)
    return _every(pattern)(read) if pattern else iter(())


def title_again(read: Reading) -> Iterator[Finding]:
    title, start = read.texts.get("title", "").strip(), read.text.lstrip()
    after = start[len(title) : len(title) + 1]
    if title and start[: len(title)].casefold() == title.casefold() and not after.isalnum() and after != "-":
        yield start[: len(title)], {}


emails, web_addresses, opening_hours, laws = _every(_EMAIL), _every(_WEB), _every(_HOURS), _every(_LAW)
