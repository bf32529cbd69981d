"""What a word is and what an analysis of it looks like. Knows no language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

# Longer "words" are noise or an attack. The longest compounds of the field stay well below this.
LONGEST_WORD = 60

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_NOT_IN_A_TERM = re.compile(r"\W+")
# A soft hyphen is layout, and a non-breaking hyphen is a hyphen.
_HYPHENS = {"\u00ad": "", "\u2010": "-", "\u2011": "-"}
_FOLDED = str.maketrans("äåöáàéèüøæ", "aaoaaeeuoa")


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a word turned out to be.

    `lemmas` stand for the whole word, `parts` for less than it (compound pieces, roots), so `parts` are
    the first to go when they say too little. `is_known` tells whether a dictionary has the word.
    """

    lemmas: tuple[str, ...]
    parts: tuple[str, ...] = ()
    is_known: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        return self.lemmas + self.parts


class Analyser(Protocol):
    """One language's reading of words. `word` comes from `tokenize`, so it is in lower case."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def analyse(self, word: str) -> Analysis: ...

    def terms(self, word: str) -> tuple[str, ...]: ...

    def prime(self, words: Collection[str]) -> None:
        """Be ready for these words: one look-up for many is faster than many."""
        ...


class Forms(Protocol):
    """Where forms that were analysed before can be looked up, many at a time."""

    def analyses(self, forms: Collection[str]) -> Mapping[str, Analysis]: ...


def tokenize(text: str) -> list[str]:
    """The words of a text in lower case; inner hyphens and apostrophes stay, all else divides."""
    if not text.isascii():
        for typed, meant in _HYPHENS.items():
            if typed in text:
                text = text.replace(typed, meant)
        text = unicodedata.normalize("NFC", text)
    text = text.lower()
    return [word[:LONGEST_WORD].rstrip("-'’") for word in _WORD.findall(text)]


def clean(word: str) -> str:
    """A word as an index term: letters, digits and the underscore of a language prefix (ruoka-apu → ruokaapu)."""
    return _NOT_IN_A_TERM.sub("", word)


def fold(word: str) -> str:
    """The form in which a word typed without umlauts equals the right one. For queries, never for the index."""
    return clean(word).translate(_FOLDED)


def fold_name(name: str) -> str:
    """A title or a name for comparing: no case, umlauts or punctuation."""
    return " ".join(fold(word) for word in tokenize(name))
