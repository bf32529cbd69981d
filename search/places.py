"""Place words: names of municipalities, counties and regions, and what each of them means for a search.

The rows come from outside (the directory's vocabulary). Nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search.analysis import Analyser, clean, tokenize
from search.query import Point


@dataclass(frozen=True, slots=True)
class Place:
    """`names` in every language; `municipalities` = the codes it covers (one for a municipality itself)."""

    names: tuple[str, ...]
    municipalities: frozenset[str]
    point: Point | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """The names as index terms. A name of several words is one term, as in «Keski-Suomi»."""
        return tuple(dict.fromkeys("".join(clean(word) for word in tokenize(name)) for name in self.names))


class Gazetteer:
    """Finds the place that a word names, in whatever case the word stands."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._by_term: dict[str, Place] = {}
        for place in places:
            for term in place.terms:
                self._by_term.setdefault(term, place)

    @property
    def terms(self) -> frozenset[str]:
        """The names that no analyser may split."""
        return frozenset(self._by_term)

    def find(self, word: str, finnish: Analyser) -> Place | None:
        for term in (clean(word), *finnish.analyse(word).lemmas):
            if place := self._by_term.get(term):
                return place
        return None
