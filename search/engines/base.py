"""The port: what a search engine does. Everything outside search/engines/ speaks to an engine through this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from search.documents import Document
from search.planning import Plan, Vocabulary
from search.query import Facet, Region


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
    """Writes belong to the caller's transaction where the engine can; `vocabulary` is the index's own."""

    def create(self) -> None:
        """Make what the index needs, if it is not there. May be called again at any time."""
        ...

    def clear(self) -> None: ...

    def upsert(self, documents: Iterable[Document]) -> int:
        """Put documents in or replace them; answers how many."""
        ...

    def delete(self, ids: Iterable[str]) -> None: ...

    def search(self, plan: Plan) -> RawResult: ...

    @property
    def vocabulary(self) -> Vocabulary: ...

    @property
    def is_current(self) -> bool:
        """False when the index is missing or was built by other analysers: it has to be built again."""
        ...

    def ids(self) -> set[str]:
        """What the index holds, for comparing with the database."""
        ...
