"""What there is where: public services by topic and place, those for a wider area apart, so that gaps are seen.

Reads and reckons; no HTML. The clock is an argument. A fixed number of queries, however many services there are. A
place is where a service is for, as the search counts it; a secret place says nothing of where it is. A broad topic
holds its narrower ones.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from directory.models import County, Municipality, Service, ServicePlace, ServiceQuerySet, Term


class Coverage(StrEnum):
    """How a topic is covered in a place."""

    # Something that is meant for this very place.
    LOCAL = "local"
    # Only what serves a wider area.
    WIDER = "wider"
    GAP = "gap"


@dataclass(frozen=True)
class Cell:
    """One topic in one place. wider: how many more serve it from a wider area."""

    place: County | Municipality
    local: int
    wider: int

    @property
    def coverage(self) -> Coverage:
        """In a word."""
        return Coverage.LOCAL if self.local else Coverage.WIDER if self.wider else Coverage.GAP


@dataclass(frozen=True)
class Line:
    """One topic: what is for the whole country, for the whole county (None where counties are compared), by place."""

    topic: Term
    nationwide: int
    countywide: int | None
    cells: list[Cell]


@dataclass(frozen=True)
class CoverageMap:
    """Topics × places."""

    # None: counties are compared.
    county: County | None
    places: list[Any]
    lines: list[Line]

    def cells(self) -> Iterator[tuple[Line, Cell]]:
        """Every cell with its line."""
        return ((line, cell) for line in self.lines for cell in line.cells)

    def count(self, coverage: Coverage) -> int:
        """How many cells are covered so."""
        return sum(cell.coverage is coverage for _line, cell in self.cells())


def coverage_map(
    at: datetime.datetime, *, county: str | None = None, counties: Collection[str] | None = None, stage: str = ""
) -> CoverageMap:
    """The municipalities of a county side by side; without one, the counties (of `counties`, or all).

    stage: only services of this stage of the pathway. Raises County.DoesNotExist.
    """
    services = Service.objects.public(at)
    if stage:
        services = services.filter(stages__has=stage)
    facts = _Facts(services)
    if county is not None:
        own = County.objects.get(pk=county)
        towns = [each for each in facts.municipalities if each.county_id == county]
        places: list[Any] = sorted(towns, key=str)
        local = {each.pk: facts.in_municipality[each.pk] for each in places}
        countywide = facts.in_county[county]
    else:
        own, countywide = None, None
        rows = County.objects.all()
        places = sorted(rows if counties is None else rows.filter(pk__in=counties), key=str)
        local = {each.pk: facts.anywhere_in(each.pk) for each in places}
    lines = []
    for topic in _in_tree_order(Term.objects.topics()):
        of_topic = facts.by_topic[topic.pk]
        wide = of_topic & facts.nationwide
        wide_here = wide | (of_topic & countywide) if countywide is not None else wide
        cells = []
        for place in places:
            here = of_topic & local[place.pk]
            cells.append(Cell(place, local=len(here), wider=len(wide_here - here)))
        countywide_count = None if countywide is None else len(of_topic & countywide)
        lines.append(Line(topic, len(wide), countywide_count, cells))
    return CoverageMap(own, places, lines)


def _in_tree_order(topics: Iterable[Term]) -> Iterator[Term]:
    """Broad topics in the editors' order, the narrower ones of each after it."""
    below: dict[int | None, list[Term]] = defaultdict(list)
    for topic in topics:
        below[topic.parent_id].append(topic)
    for topic in below[None]:
        yield topic
        yield from below[topic.pk]


class _Facts:
    """Which services (their UUIDs) are about a topic, and where they are for."""

    def __init__(self, services: ServiceQuerySet) -> None:
        key_of: dict[int, UUID] = {}
        self.nationwide: set[UUID] = set()
        for pk, key, is_nationwide in services.order_by().values_list("pk", "translation_key", "is_nationwide"):
            key_of[pk] = key
            if is_nationwide:
                self.nationwide.add(key)

        def keys_by(rows: Any) -> dict[Any, set[UUID]]:
            found: dict[Any, set[UUID]] = defaultdict(set)
            for pk, value in rows.iterator():
                if pk in key_of:
                    found[value].add(key_of[pk])
            return found

        self.municipalities = list(Municipality.objects.all())
        self.by_topic = keys_by(Service.topics.through.objects.order_by().values_list("service", "term"))
        parents = Term.objects.topics().exclude(parent=None).order_by().values_list("parent", "pk")
        narrower = [(broader, set(self.by_topic[topic])) for broader, topic in parents]
        for broader, keys in narrower:
            self.by_topic[broader] |= keys
        self.in_county = keys_by(Service.counties.through.objects.order_by().values_list("service", "county"))
        self.in_municipality = keys_by(
            Service.municipalities.through.objects.order_by().values_list("service", "municipality")
        )
        there = ServicePlace.objects.filter(place__is_secret=False, place__municipality__isnull=False)
        for place, keys in keys_by(there.order_by().values_list("service", "place__municipality")).items():
            self.in_municipality[place] |= keys

    def anywhere_in(self, county: str) -> set[UUID]:
        """For the county or a part of it."""
        parts = (self.in_municipality[each.pk] for each in self.municipalities if each.county_id == county)
        return self.in_county[county].union(*parts)
