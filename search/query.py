"""What is asked of search and what it answers: plain values. No HTML, no HTTP, no engine.

Labels, links and texts are the caller's: an answer names things by type and UUID, and the caller reads them
again through the querysets that decide what may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from search.facets import FACETS

MOST_PER_PAGE = 100
DEFAULT_RADIUS_KM = 20.0


class Sort(StrEnum):
    FIT = "fit"
    DISTANCE = "distance"
    CHECKED = "checked"


class Region(StrEnum):
    """Why a hit is shown when a place was named: it serves or is near the place, or it can be had anywhere."""

    LOCAL = "local"
    NATIONWIDE = "nationwide"
    REMOTE = "remote"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Point:
    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ValueError("near: latitude or longitude is out of range")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. A value that cannot be right raises ValueError with the name of the field in front.

    `near` alone gives distances; with `radius_km` it also narrows. A municipality is the facet `municipality`;
    give its centre as `near` to have what is near it too. `as_typed` switches spelling correction off.
    """

    text: str = ""
    language: str = "fi"
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: Point | None = None
    radius_km: float | None = None
    sort: Sort = Sort.FIT
    page: int = 1
    per_page: int = 20
    as_typed: bool = False

    def __post_init__(self) -> None:
        for name in self.facets:
            if name not in FACETS:
                raise ValueError(f"facets: there is no facet {name!r}")
        if self.page < 1:
            raise ValueError("page: the first page is 1")
        if not 1 <= self.per_page <= MOST_PER_PAGE:
            raise ValueError(f"per_page: choose from 1 to {MOST_PER_PAGE}")
        if self.radius_km is not None and not 0 < self.radius_km <= 1_500:
            raise ValueError("radius_km: choose more than 0 and at most 1500")
        if self.near is None and (self.radius_km is not None or self.sort is Sort.DISTANCE):
            raise ValueError("near: a distance needs a point to measure from")
        chosen = {name: tuple(dict.fromkeys(values)) for name, values in self.facets.items() if values}
        object.__setattr__(self, "facets", MappingProxyType(chosen))
        object.__setattr__(self, "sort", Sort(self.sort))

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.per_page


@dataclass(frozen=True, slots=True)
class Hit:
    """`is_named` = the words are exactly its title or its organisation's name.
    `step` = the ladder step that found it (1 all words, 2 most, 3 any); 0 when no words were given."""

    type: str
    uuid: UUID
    score: float
    step: int = 0
    is_named: bool = False
    region: Region | None = None
    distance_km: float | None = None


# Not frozen: a search makes hundreds of them, and freezing is what costs.
@dataclass(slots=True)
class FacetValue:
    value: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """`count` of a value = how many results there are when it is chosen beside the other facets' choices."""

    name: str
    values: tuple[FacetValue, ...]

    def count(self, value: str) -> int:
        return next((one.count for one in self.values if one.value == value), 0)


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that the index does not know, and the word that was searched instead."""

    typed: str
    searched: str


@dataclass(frozen=True, slots=True)
class Group:
    """One word of the query, as searched, and the terms of which a document needs one. `spare`: terms too common
    to find things by; they find when little else does."""

    word: str
    terms: tuple[str, ...]
    spare: tuple[str, ...] = ()

    @property
    def wide(self) -> tuple[str, ...]:
        """Everything it may be met by."""
        return self.terms + self.spare


@dataclass(frozen=True, slots=True)
class SynonymUse:
    """A phrase of the vocabulary that was met in the query, and the words it added."""

    phrase: str
    targets: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class SearchResults:
    request: SearchRequest
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    # What the words were understood as: a text that has a term of a group is why a hit was found.
    groups: tuple[Group, ...] = ()
    corrections: tuple[Correction, ...] = ()
    synonyms: tuple[SynonymUse, ...] = ()
    unknown_words: tuple[str, ...] = ()
    # Names of the places that the words named. They narrowed the search, unless nothing was left of it.
    place_names: tuple[str, ...] = ()
    # How many of the total fall to each region; empty when no place was named.
    regions: Mapping[Region, int] = field(default_factory=dict)
    # How many there would be without the choices of one facet. Filled when nothing was found.
    without: Mapping[str, int] = field(default_factory=dict)
    # The search engine is down and a plain look into the database answered: it finds less, and the page says so.
    is_reduced: bool = False

    @property
    def pages(self) -> int:
        return -(-self.total // self.request.per_page)

    def facet(self, name: str) -> Facet:
        return next((one for one in self.facets if one.name == name), Facet(name, ()))
