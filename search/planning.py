"""A request → a plan that any engine can carry out: groups of index terms, a ladder, places, corrections.

Each word of the query becomes a group, and a document meets a group with any one of its terms:

    «rahat loppu Oulussa»  →  place Oulu; groups {raha, toimeentulotuki, …} and {loppu, toimeentulotuki, …}

The only thing asked of an engine here is its vocabulary.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Protocol

from search.analysis import Analysis, TextAnalysis, fold_name, tokenize
from search.places import Gazetteer, Place
from search.query import Correction, Group, SearchRequest, SynonymUse
from search.spelling import Spelled, correct
from search.vocabulary import Match, Synonyms

# What a person types is shorter. The rest of a pasted text adds cost and no sense.
MOST_CHARACTERS = 2_000
MOST_WORDS = 24
MOST_TERMS = 40
# Above this share of all documents a part or a synonym says too little, if the group has a rarer term.
WEAK_SHARE = 0.12
# In a small collection every word has a large share.
WEAK_FLOOR = 10
# The ladder stops when it has this many.
ENOUGH = 20


class Vocabulary(Protocol):
    """The words of an index."""

    def document_count(self) -> int: ...

    def frequency(self, term: str) -> int:
        """In how many documents the term is."""
        ...

    def words_by_key(self, keys: Iterable[str]) -> list[str]:
        """Known words that share a spelling key (search.spelling.keys)."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    request: SearchRequest
    groups: tuple[Group, ...] = ()
    places: tuple[Place, ...] = ()
    # The whole query folded, for titles and names that are exactly it.
    name: str = ""
    corrections: tuple[Correction, ...] = ()
    synonyms: tuple[SynonymUse, ...] = ()
    unknown_words: tuple[str, ...] = ()

    @property
    def has_words(self) -> bool:
        """Something was typed. Without it everything matches; with it and no groups, only names and places do."""
        return bool(self.request.text.strip())

    @property
    def ladder(self) -> tuple[tuple[int, int], ...]:
        return ladder(len(self.groups))


def ladder(groups: int) -> tuple[tuple[int, int], ...]:
    """(step, groups that must match): 1 all, 2 sixty per cent of three or more, 3 any."""
    if groups == 0:
        return ()
    steps = [(1, groups)]
    if groups >= 3:
        steps.append((2, math.ceil(groups * 0.6)))
    if groups >= 2:
        steps.append((3, 1))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the query as each language reads it."""

    surface: str
    finnish: Analysis
    stems: tuple[str, ...]

    @property
    def forms(self) -> frozenset[str]:
        """Everything the whole word may stand for."""
        return frozenset((*self.finnish.lemmas, *self.stems))

    @property
    def terms(self) -> tuple[str, ...]:
        return self.finnish.terms + self.stems


class Planner:
    """Holds the language knowledge; makes one plan per request. Safe to share between threads."""

    def __init__(
        self,
        analysis: TextAnalysis,
        synonyms: Synonyms,
        stop_words: frozenset[str],
        gazetteer: Gazetteer,
    ) -> None:
        self._analysis = analysis
        self._synonyms = synonyms
        self._stop_words = stop_words
        self._gazetteer = gazetteer

    def plan(self, request: SearchRequest, vocabulary: Vocabulary) -> Plan:
        text = request.text[:MOST_CHARACTERS]
        words = [self._read(word) for word in list(dict.fromkeys(tokenize(text)))[:MOST_WORDS]]
        matches = self._match(words)
        corrections: list[Correction] = []
        if not request.as_typed:
            words, corrections = self._corrected(words, matches, vocabulary)
            if corrections:
                matches = self._match(words)
        places = self._place_positions(words, _covered(matches, shortest=2))
        kept = [
            position
            for position, word in enumerate(words)
            if position not in places and word.surface not in self._stop_words
        ]
        if not kept and not places:
            kept = list(range(len(words)))
        joined = self._joined(words, vocabulary)
        groups: dict[tuple[str, ...], Group] = {}
        unknown: list[str] = []
        for position in kept:
            word = words[position]
            extra = [term for match in matches if _covers(match, position) for term in match.terms]
            terms = self._terms(word, joined.get(position, ()), extra, vocabulary)
            if terms:
                groups.setdefault(terms, Group(word.surface, terms))
            else:
                unknown.append(word.surface)
        return Plan(
            request=request,
            groups=tuple(groups.values()),
            places=tuple(dict.fromkeys(places.values())),
            name=fold_name(text),
            corrections=tuple(corrections),
            synonyms=_uses(matches, kept),
            unknown_words=tuple(unknown),
        )

    def _read(self, word: str) -> _Word:
        finnish, *others = self._analysis.query_analysers
        stems = dict.fromkeys(term for other in others for term in other.terms(word))
        return _Word(word, finnish.analyse(word), tuple(stems))

    def _match(self, words: Sequence[_Word]) -> list[Match]:
        return self._synonyms.match([word.forms for word in words])

    def _finds(self, vocabulary: Vocabulary, word: str) -> int:
        """How many documents a whole word finds; 1 for a word that only the synonyms know."""
        count = max((vocabulary.frequency(form) for form in self._read(word).forms), default=0)
        return count or int(word in self._synonyms.source_words)

    def _corrected(
        self, words: Sequence[_Word], matches: Sequence[Match], vocabulary: Vocabulary
    ) -> tuple[list[_Word], list[Correction]]:
        protected = _covered(matches) | self._joined(words, vocabulary).keys()
        protected |= self._place_positions(words, protected).keys()
        after: list[_Word] = []
        corrections: list[Correction] = []
        for position, word in enumerate(words):
            if (
                position in protected
                or word.surface in self._stop_words
                or any(vocabulary.frequency(term) for term in word.terms)
                or (spelled := self._spell(word, vocabulary)) is None
            ):
                after.append(word)
                continue
            after.extend(self._read(found) for found in spelled.words)
            corrections.append(Correction(word.surface, spelled.shown))
        return after, corrections

    def _spell(self, word: _Word, vocabulary: Vocabulary) -> Spelled | None:
        """A word of the dictionary may lack its umlauts (lahete), but its letters are what was meant."""
        frequency = partial(self._finds, vocabulary)
        spellings = _Spellings(vocabulary, self._synonyms)
        if found := correct(word.surface, spellings, frequency, edits=False):
            return found
        # An inflected form need not be in the index: try the word with every vowel fronted (yksinaisyyteen).
        fronted = word.surface.replace("a", "ä").replace("o", "ö")
        if fronted != word.surface and self._read(fronted).finnish.is_known and frequency(fronted):
            return Spelled((fronted,), fronted)
        return None if word.finnish.is_known else correct(word.surface, spellings, frequency)

    def _place_positions(self, words: Sequence[_Word], taken: set[int]) -> dict[int, Place]:
        finnish = self._analysis.analyser("fi")
        found: dict[int, Place] = {}
        for position, word in enumerate(words):
            if position in taken or position in found or word.surface in self._stop_words:
                continue
            if position + 1 < len(words):
                pair = word.surface + "-" + words[position + 1].surface
                if place := self._gazetteer.find(pair, finnish):
                    found[position] = found[position + 1] = place
                    continue
            if place := self._gazetteer.find(word.surface, finnish):
                found[position] = place
        return found

    def _joined(self, words: Sequence[_Word], vocabulary: Vocabulary) -> dict[int, tuple[str, ...]]:
        """«kriisi puhelin»: two neighbours that are one word of the index add that word to both groups."""
        found: dict[int, tuple[str, ...]] = {}
        finnish = self._analysis.analyser("fi")
        for position, (word, following) in enumerate(pairwise(words)):
            lemmas = finnish.analyse(word.surface + following.surface).lemmas
            terms = tuple(lemma for lemma in lemmas if vocabulary.frequency(lemma))
            if terms:
                for place in (position, position + 1):
                    found[place] = found.get(place, ()) + terms
        return found

    def _terms(
        self, word: _Word, joined: Iterable[str], synonyms: Iterable[str], vocabulary: Vocabulary
    ) -> tuple[str, ...]:
        strong = [term for term in (*word.finnish.lemmas, *word.stems, *joined) if vocabulary.frequency(term)]
        weak = [
            term
            for term in (*synonyms, *word.finnish.parts)
            if term not in strong and term not in self._stop_words and vocabulary.frequency(term)
        ]
        most = max(WEAK_FLOOR, vocabulary.document_count() * WEAK_SHARE)
        if any(vocabulary.frequency(term) <= most for term in (*strong, *weak)):
            weak = [term for term in weak if vocabulary.frequency(term) <= most]
        return tuple(dict.fromkeys((*strong, *weak)))[:MOST_TERMS]


class _Spellings:
    """The index's words and the synonyms' source words: «työkäri» is nearest to a word that no document has."""

    def __init__(self, vocabulary: Vocabulary, synonyms: Synonyms) -> None:
        self._vocabulary = vocabulary
        self._synonyms = synonyms

    def words_by_key(self, keys: Iterable[str]) -> list[str]:
        wanted = set(keys)
        return [*self._vocabulary.words_by_key(wanted), *self._synonyms.words_by_key(wanted)]


def _covers(match: Match, position: int) -> bool:
    return match.start <= position < match.start + match.length


def _covered(matches: Iterable[Match], shortest: int = 1) -> set[int]:
    return {
        position
        for match in matches
        if match.length >= shortest
        for position in range(match.start, match.start + match.length)
    }


def _uses(matches: Iterable[Match], kept: Iterable[int]) -> tuple[SynonymUse, ...]:
    shown = set(kept)
    uses = (
        SynonymUse(match.phrase, match.row.targets, match.row.kind)
        for match in matches
        if any(_covers(match, position) for position in shown)
    )
    return tuple(dict.fromkeys(uses))
