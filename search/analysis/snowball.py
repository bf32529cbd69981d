"""Stemmers: Swedish and English, Finnish where no dictionary is installed, and none at all for the rest."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import Stemmer

from search.analysis.words import Analysis, clean


class SnowballAnalyser:
    """The stem under its language's prefix, plus the word as written.

    The prefix keeps a Swedish stem from meeting a Finnish lemma of the same letters.
    """

    version = "1"

    def __init__(self, algorithm: str, prefix: str = "") -> None:
        self.name = f"snowball-{algorithm}"
        stemmer = Stemmer.Stemmer(algorithm)

        @lru_cache(maxsize=32_768)
        def analyse(word: str) -> Analysis:
            surface = clean(word)
            stems = [prefix + clean(stemmer.stemWord(word))]
            if "-" in word:
                stems += [prefix + clean(stemmer.stemWord(part)) for part in word.split("-")]
            return Analysis(lemmas=tuple(dict.fromkeys([surface, *stems])))

        self._analyse = analyse

    def analyse(self, word: str) -> Analysis:
        return self._analyse(word)

    def terms(self, word: str) -> tuple[str, ...]:
        return self._analyse(word).lemmas

    def prime(self, words: Collection[str]) -> None:
        """A stem is made faster than it is looked up."""


class PlainAnalyser:
    """For languages that nothing here can read: the word is its own term."""

    name = "plain"
    version = "1"

    def analyse(self, word: str) -> Analysis:
        return Analysis(lemmas=(clean(word),))

    def terms(self, word: str) -> tuple[str, ...]:
        return (clean(word),)

    def prime(self, words: Collection[str]) -> None:
        """There is nothing to look up."""
