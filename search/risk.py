"""Words that say that somebody may be in danger, and whom to call then. Pure: no database, and nothing is remembered.

What the words are, and which contacts belong to them, is told in data/risk_words.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from search.analysis import Analyser, TextAnalysis, fold, tokenize

DATA = Path(__file__).with_name("data") / "risk_words.yaml"
# A search is shorter; of a pasted text the beginning is enough.
MOST_WORDS = 60
# Between two words of a phrase: «mies on taas lyönyt».
MOST_BETWEEN = 2

Forms = frozenset[str]


@dataclass(frozen=True, slots=True)
class Risk:
    """A kind of danger, and the keys of the contacts that help in it, the first one first."""

    kind: str
    contacts: tuple[str, ...]


def risk_of(text: str, analysis: TextAnalysis) -> Risk | None:
    """The danger that the words tell of, or None."""
    return _phrases(analysis).risk_of(tokenize(text)[:MOST_WORDS])


class RiskPhrases:
    """The phrases of the data file made ready to be met. Built once for an analysis."""

    def __init__(self, rows: Iterable[tuple[Risk, str, str]], analysis: TextAnalysis) -> None:
        """rows: (kind of danger, language, phrase), the gravest kind first."""
        self._analysis = analysis
        self._by_first: dict[str, list[tuple[int, Risk, tuple[Forms, ...]]]] = {}
        rows = list(rows)
        analysis.prime({word for _risk, language, phrase in rows if language == "fi" for word in tokenize(phrase)})
        for place, (risk, language, phrase) in enumerate(rows):
            pattern = tuple(_forms(word, [analysis.analyser(language)]) for word in tokenize(phrase))
            for form in pattern[0]:
                self._by_first.setdefault(form, []).append((place, risk, pattern))

    def risk_of(self, words: Sequence[str]) -> Risk | None:
        """The gravest danger that a row of words tells of."""
        self._analysis.prime(words)
        forms = [_forms(word, self._analysis.query_analysers, with_parts=True) for word in words]
        met = [
            (place, risk)
            for start, word in enumerate(forms)
            for form in word
            for place, risk, pattern in self._by_first.get(form, ())
            if _goes_on(pattern[1:], forms, start)
        ]
        return min(met, key=lambda pair: pair[0])[1] if met else None


def _goes_on(pattern: Sequence[Forms], forms: Sequence[Forms], position: int) -> bool:
    """Whether the words after a position hold the rest of a phrase, in order and near each other."""
    if not pattern:
        return True
    following = range(position + 1, min(position + 2 + MOST_BETWEEN, len(forms)))
    return any(pattern[0] & forms[next] and _goes_on(pattern[1:], forms, next) for next in following)


def _forms(word: str, analysers: Iterable[Analyser], *, with_parts: bool = False) -> Forms:
    """The word and its base forms, with and without umlauts the same. Parts: lyönyt is lyödä, itsemurhayritys holds
    itsemurha."""
    found = {fold(word)}
    for analyser in analysers:
        analysis = analyser.analyse(word)
        found.update(fold(term) for term in (analysis.terms if with_parts else analysis.lemmas))
    return frozenset(found)


def load_risk_phrases(path: Path = DATA) -> Iterator[tuple[Risk, str, str]]:
    """(kind of danger, language, phrase) of the data file, in its order."""
    kinds: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for kind, row in kinds.items():
        risk = Risk(kind, tuple(row["contacts"]))
        for language, phrases in row["phrases"].items():
            for phrase in phrases:
                yield risk, language, phrase


@cache
def load_risk_words() -> frozenset[str]:
    """Every word of the phrases: whoever writes them is not told how to spell."""
    return frozenset(word for _risk, _language, phrase in load_risk_phrases() for word in tokenize(phrase))


@lru_cache(maxsize=2)
def _phrases(analysis: TextAnalysis) -> RiskPhrases:
    return RiskPhrases(load_risk_phrases(), analysis)
