"""The port: what a search engine does. Everything outside search/engines/ speaks to an engine through this.

An engine holds entries and answers plans. Words (analysis, synonyms, spelling, suggestions) are not its business: they
are the same whichever engine answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from search.entries import Entry
from search.planning import Plan
from search.query import Facet, Region


class EngineUnavailableError(Exception):
    """The engine cannot be reached, or did not answer in time. What was to be written is to be written again."""


@dataclass(frozen=True, slots=True)
class RawHit:
    id: str
    score: float
    step: int = 0
    is_named: bool = False
    region: Region | None = None
    distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class RawResult:
    """One page of hits in rank order, and the counts of the whole."""

    hits: tuple[RawHit, ...]
    total: int
    facets: tuple[Facet, ...] = ()
    regions: Mapping[Region, int] = field(default_factory=dict)
    without: Mapping[str, int] = field(default_factory=dict)


class SearchEngine(Protocol):
    """Any method may raise EngineUnavailableError. Safe to share between threads.

    A rebuild is made beside what serves: `begin`, `build` again and again, `swap`. While it is under way `upsert` and
    `delete` write to both.
    """

    @property
    def name(self) -> str: ...

    def create(self) -> None:
        """Make what the index needs, if it is not there. May be called again at any time."""
        ...

    def upsert(self, entries: Iterable[Entry]) -> int:
        """Put entries in or replace them; answers how many."""
        ...

    def delete(self, ids: Iterable[str]) -> None: ...

    def search(self, plan: Plan) -> RawResult: ...

    def digests(self) -> dict[str, str]:
        """Id → digest of all that the index holds, for comparing with the data."""
        ...

    def terms_of(self, ids: Collection[str]) -> dict[str, set[str]]:
        """Id → terms of those of these entries that the index holds."""
        ...

    @property
    def is_current(self) -> bool:
        """False when the index is missing or was built by other analysers: it has to be built again."""
        ...

    def begin(self) -> dict[str, str]:
        """Start a rebuild, or take up an unfinished one of the same analysers: id → digest of what it holds already."""
        ...

    def build(self, entries: Iterable[Entry]) -> int:
        """Add entries to the rebuild. One that is there already stays: it was written later than this was read."""
        ...

    def built(self) -> dict[str, str]:
        """Id → digest of what the rebuild holds."""
        ...

    def built_terms(self) -> Iterable[tuple[str, int]]:
        """Each term of the rebuild, and in how many entries it is."""
        ...

    def unbuild(self, ids: Iterable[str]) -> None:
        """Take entries out of the rebuild: they went while it was made."""
        ...

    def swap(self) -> None:
        """The rebuild serves from now on; what served until now is gone."""
        ...
