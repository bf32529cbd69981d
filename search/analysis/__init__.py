"""Text → index terms, per language. Pure: no database, no Django, no query logic.

An engine stores the terms as they come from here, so that every engine finds the same things. Whoever
changes what a word turns into raises the analyser's version: the index then asks to be built again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from functools import cached_property, lru_cache

from search.analysis.finnish import finnish_analyser, load_dictionary
from search.analysis.snowball import PlainAnalyser, SnowballAnalyser
from search.analysis.words import Analyser, Analysis, Forms, clean, fold, fold_name, tokenize

__all__ = [
    "Analyser",
    "Analysis",
    "Forms",
    "TextAnalysis",
    "clean",
    "fold",
    "fold_name",
    "load_dictionary",
    "tokenize",
]

# Texts up to this many letters are labels that many documents share.
LONGEST_LABEL = 60


class TextAnalysis:
    """The analysers of every language, with the place names that none of them may split."""

    def __init__(self, places: Iterable[str] = (), forms: Forms | None = None) -> None:
        """`forms`: Finnish words analysed before, so that the dictionary need not be loaded for them."""
        self._forms = forms
        self.places = frozenset(term for name in places if (term := clean(name.lower())))
        self._plain = PlainAnalyser()
        self._swedish = SnowballAnalyser("swedish", prefix="s_")
        self._english = SnowballAnalyser("english", prefix="e_")

    @cached_property
    def _finnish(self) -> Analyser:
        return finnish_analyser(self.places, self._forms)

    def analyser(self, language: str) -> Analyser:
        """`fi-simple` is Finnish; a language without an analyser of its own keeps its words as they are."""
        match language.split("-")[0]:
            case "fi":
                return self._finnish
            case "sv":
                return self._swedish
            case "en":
                return self._english
            case _:
                return self._plain

    @property
    def query_analysers(self) -> tuple[Analyser, Analyser, Analyser]:
        """A query does not say its language, so its words are read in all of them."""
        return self._finnish, self._swedish, self._english

    def prime(self, words: Collection[str]) -> None:
        """Be ready for these Finnish words, in one look-up."""
        self._finnish.prime(words)

    @property
    def signature(self) -> str:
        """Names what the terms depend on. An index with another signature has to be built again."""
        analysers = " ".join(f"{one.name}-{one.version}" for one in self.query_analysers)
        places = hashlib.sha256(" ".join(sorted(self.places)).encode()).hexdigest()[:8]
        return f"{analysers} places-{places}"

    def index_terms(self, texts: Iterable[tuple[str, str]]) -> str:
        """One field's (language, text) pairs as one string of terms. Repetition stays: engines weigh it."""
        return " ".join(
            terms
            for language, text in texts
            if (terms := self._labels(language, text) if len(text) <= LONGEST_LABEL else self._terms(language, text))
        )

    @cached_property
    def _labels(self) -> Callable[[str, str], str]:
        """Labels of topics and places stand in thousands of documents: they are read once."""
        return lru_cache(maxsize=16_384)(self._terms)

    def _terms(self, language: str, text: str) -> str:
        read = self.analyser(language).terms
        return " ".join(term for word in tokenize(text) for term in read(word))
