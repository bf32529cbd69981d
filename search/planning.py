"""A request → a plan that any engine can carry out: groups of index terms, a ladder, places, corrections.

Each word of the query becomes a group, and a document meets a group with any one of its terms:

    «rahat loppu Oulussa»  →  place Oulu; groups {raha, toimeentulotuki, …} and {loppu, toimeentulotuki, …}

The only thing asked of the index here is how common its words are and how they are spelt.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from typing import Protocol

from search.analysis import Analysis, TextAnalysis, fold, fold_name, tokenize
from search.places import Gazetteer, Place
from search.query import Correction, Group, SearchRequest, SynonymUse
from search.spelling import KEY_LETTERS, Spelled, correct, spoken
from search.vocabulary import Match, Synonyms

# What a person types is shorter. The rest of a pasted text adds cost and no sense.
MOST_CHARACTERS = 2_000
MOST_WORDS = 24
MOST_TERMS = 40
# Above this share of all documents a part or a synonym says too little, if the group has a rarer term.
WEAK_SHARE = 0.18
# In a small collection every word has a large share.
WEAK_FLOOR = 10
# The ladder stops when it has this many.
ENOUGH = 20


class Vocabulary(Protocol):
    """The words of an index (search.lexicon)."""

    def document_count(self) -> int: ...

    def frequencies(self, terms: Collection[str]) -> Mapping[str, int]:
        """In how many documents each term is; terms of none may be left out."""
        ...

    def folded_by_key(self, keys: Collection[str]) -> set[str]: ...

    def spelt(self, folded: Collection[str]) -> Mapping[str, tuple[str, ...]]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder: a document needs a term of so many (`needed`) of these groups of terms."""

    number: int
    groups: tuple[tuple[str, ...], ...]
    needed: int

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term that finds or ranks at this step, once."""
        return tuple(dict.fromkeys(term for group in self.groups for term in group))


@dataclass(frozen=True)
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

    @cached_property
    def ladder(self) -> tuple[Step, ...]:
        """1 all groups, 2 sixty per cent of three or more, 3 any, 4 any with the common terms too. The next is climbed
        only when those before it found fewer than ENOUGH."""
        count = len(self.groups)
        if count == 0:
            return ()
        narrow = tuple(group.terms for group in self.groups)
        wide = tuple(group.wide for group in self.groups)
        steps = [Step(1, narrow, count)]
        if count >= 3:
            steps.append(Step(2, narrow, math.ceil(count * 0.6)))
        if count >= 2:
            steps.append(Step(3, narrow, 1))
        if wide != narrow:
            steps.append(Step(4, wide, 1))
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
        common_words: frozenset[str] = frozenset(),
        right_words: frozenset[str] = frozenset(),
    ) -> None:
        """`common_words`: those of the stop words that are searched when there is nothing else. `right_words`: words
        that are not corrected, though no document has them."""
        self._analysis = analysis
        self._synonyms = synonyms
        self._stop_words = stop_words
        self._gazetteer = gazetteer
        self._common_words = common_words
        self._right_words = right_words

    def plan(self, request: SearchRequest, vocabulary: Vocabulary) -> Plan:
        text = request.text[:MOST_CHARACTERS]
        typed = list(dict.fromkeys(tokenize(text)))[:MOST_WORDS]
        self._analysis.prime([*typed, *(a + b for a, b in pairwise(typed))])
        words = [self._read(word) for word in typed]
        matches = self._match(words)
        counts = _Counts(vocabulary)
        counts.load(self._terms_that_matter(words, matches))
        corrections: list[Correction] = []
        if not request.as_typed:
            words, corrections = self._corrected(words, matches, counts)
            if corrections:
                matches = self._match(words)
                counts.load(self._terms_that_matter(words, matches))
        places = self._place_positions(words, _covered(matches, shortest=2))
        kept = [
            position
            for position, word in enumerate(words)
            if position not in places and word.surface not in self._stop_words
        ]
        if not kept and not places:
            kept = [n for n, word in enumerate(words) if word.surface in self._common_words] or list(range(len(words)))
        joined = self._joined(words, counts)
        groups: dict[tuple[str, ...], Group] = {}
        unknown: list[str] = []
        for position in kept:
            word = words[position]
            extra = [term for match in matches if _covers(match, position) for term in match.terms]
            group = self._group(word, joined.get(position, ()), extra, counts)
            if group.terms:
                groups.setdefault(group.terms, group)
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
        """Rows met by the words as they stand, and phrases met when stop words between them are passed over:
        «mies on lyönyt» is «mies lyö»."""
        found = self._synonyms.match([word.forms for word in words])
        telling = [position for position, word in enumerate(words) if word.surface not in self._stop_words]
        if len(telling) == len(words):
            return found
        for match in self._synonyms.match([words[position].forms for position in telling]):
            start, end = telling[match.start], telling[match.start + match.length - 1]
            if match.length > 1 and end - start >= match.length:
                found.append(replace(match, start=start, length=end - start + 1))
        return found

    def _terms_that_matter(self, words: Sequence[_Word], matches: Iterable[Match]) -> set[str]:
        """Every term whose frequency the plan will ask for: one question to the database instead of fifty."""
        terms = {term for word in words for term in word.terms} | {term for match in matches for term in match.terms}
        finnish = self._analysis.analyser("fi")
        for word, following in pairwise(words):
            terms.update(finnish.analyse(word.surface + following.surface).lemmas)
        return terms

    def _finds(self, counts: _Counts, words: Collection[str]) -> dict[str, int]:
        """How many documents whole words find; 1 for a word that only the synonyms know."""
        self._analysis.prime(words)
        forms = {word: self._read(word).forms for word in words}
        counts.load(term for each in forms.values() for term in each)
        return {
            word: max(map(counts.of, each), default=0) or int(word in self._synonyms.source_words)
            for word, each in forms.items()
        }

    def _corrected(
        self, words: Sequence[_Word], matches: Sequence[Match], counts: _Counts
    ) -> tuple[list[_Word], list[Correction]]:
        protected = _covered(matches) | self._joined(words, counts).keys()
        protected |= self._place_positions(words, protected).keys()
        after: list[_Word] = []
        corrections: list[Correction] = []
        for position, word in enumerate(words):
            if (
                position in protected
                or word.surface in self._stop_words
                or word.surface in self._right_words
                or any(counts.of(term) for term in word.terms)
                or (spelled := self._spell(word, counts)) is None
            ):
                after.append(word)
                continue
            after.extend(self._read(found) for found in spelled.words)
            corrections.append(Correction(word.surface, spelled.shown))
        return after, corrections

    def _spell(self, word: _Word, counts: _Counts) -> Spelled | None:
        """A word of the dictionary may lack its umlauts (lahete), but its letters are what was meant."""
        finds = partial(self._finds, counts)
        spellings = _Spellings(counts.vocabulary, self._synonyms)
        if found := correct(word.surface, spellings, finds, edits=False):
            return found
        # An inflected form need not be in the index: try the word with every vowel fronted (yksinaisyyteen).
        fronted = word.surface.replace("a", "ä").replace("o", "ö")
        if fronted != word.surface and self._read(fronted).finnish.is_known and finds([fronted])[fronted]:
            return Spelled((fronted,), fronted)
        if word.finnish.is_known:
            return None
        said = finds([form for form in spoken(word.surface) if self._read(form).finnish.is_known])
        if any(said.values()):
            best = max(said, key=lambda form: said[form])
            return Spelled((best,), best)
        return correct(word.surface, spellings, finds)

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

    def _joined(self, words: Sequence[_Word], counts: _Counts) -> dict[int, tuple[str, ...]]:
        """«kriisi puhelin»: two neighbours that are one word of the index add that word to both groups."""
        found: dict[int, tuple[str, ...]] = {}
        finnish = self._analysis.analyser("fi")
        for position, (word, following) in enumerate(pairwise(words)):
            lemmas = finnish.analyse(word.surface + following.surface).lemmas
            terms = tuple(lemma for lemma in lemmas if counts.of(lemma))
            if terms:
                for place in (position, position + 1):
                    found[place] = found.get(place, ()) + terms
        return found

    def _group(self, word: _Word, joined: Iterable[str], synonyms: Iterable[str], counts: _Counts) -> Group:
        own = [term for term in (*word.finnish.lemmas, *word.stems, *joined) if counts.of(term)]
        others = [
            term
            for term in dict.fromkeys((*synonyms, *word.finnish.parts))
            if term not in own and term not in self._stop_words and counts.of(term)
        ]
        most = max(WEAK_FLOOR, counts.documents * WEAK_SHARE)
        spare: list[str] = []
        if any(counts.of(term) <= most for term in (*own, *others)):
            spare = [term for term in others if counts.of(term) > most]
            others = [term for term in others if counts.of(term) <= most]
        terms = tuple(dict.fromkeys((*own, *others)))[:MOST_TERMS]
        return Group(word.surface, terms, spare=tuple(spare)[: MOST_TERMS - len(terms)])


class _Counts:
    """What one plan has asked the vocabulary, so that it asks once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._known: dict[str, int] = {}

    def load(self, terms: Iterable[str]) -> None:
        if new := set(terms) - self._known.keys():
            found = self.vocabulary.frequencies(new)
            self._known.update({term: found.get(term, 0) for term in new})

    def of(self, term: str) -> int:
        if term not in self._known:
            self.load([term])
        return self._known[term]

    @cached_property
    def documents(self) -> int:
        return self.vocabulary.document_count()


class _Spellings:
    """The index's words and the synonyms' source words: «työkäri» is nearest to a word that no document has."""

    def __init__(self, vocabulary: Vocabulary, synonyms: Synonyms) -> None:
        self._vocabulary = vocabulary
        self._synonyms = synonyms

    def folded_by_key(self, keys: Collection[str]) -> set[str]:
        return self._vocabulary.folded_by_key(keys) | self._by_folded(keys).keys()

    def spelt(self, folded: Collection[str]) -> dict[str, tuple[str, ...]]:
        found = dict(self._vocabulary.spelt(folded))
        ours = self._by_folded([word[:KEY_LETTERS] for word in folded])
        for word in folded:
            if word in ours:
                found[word] = tuple(dict.fromkeys((*found.get(word, ()), *ours[word])))
        return found

    def _by_folded(self, keys: Iterable[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in self._synonyms.words_by_key(keys):
            found.setdefault(fold(word), []).append(word)
        return found


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
