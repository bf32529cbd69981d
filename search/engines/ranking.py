"""From matched rows to a page of hits and exact counts: filters, place logic, boosts and order.

Set arithmetic on a Snapshot; no SQL. What the words matched is an engine's business, what follows is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import and_

from search.engines.base import RawHit, RawResult
from search.engines.snapshot import Snapshot, bits_of, numbers_in
from search.facets import FACETS
from search.planning import Plan
from search.query import DEFAULT_RADIUS_KM, Region, Sort

LANGUAGE_BOOST = 1.5
# A place in the words orders by fit and place together; a place chosen as a filter keeps its groups apart.
REGION_BOOST = {Region.LOCAL: 1.0, Region.NATIONWIDE: 0.65, Region.REMOTE: 0.65, Region.ELSEWHERE: 0.3}
REGION_ORDER = {Region.LOCAL: 0, Region.NATIONWIDE: 1, Region.REMOTE: 1, Region.ELSEWHERE: 2}


class Candidates:
    """What of the index a plan may show at all, before its words are looked at."""

    def __init__(self, plan: Plan, snapshot: Snapshot, named_places: int = 0) -> None:
        """`named_places`: documents whose text has the name of a place that the words name."""
        request = plan.request
        self.plan = plan
        self.snapshot = snapshot
        self.named = snapshot.named(plan.name) if plan.name else 0
        self._clauses = {
            facet: snapshot.chosen(facet, values) for facet, values in request.facets.items() if facet != "municipality"
        }
        anywhere = snapshot.in_region(Region.NATIONWIDE) | snapshot.in_region(Region.REMOTE)
        self._local: int | None = None
        codes = request.facets.get("municipality", ())
        narrows_near = request.near is not None and request.radius_km is not None
        if codes or narrows_near:
            self._local = snapshot.chosen("municipality", codes)
            if request.near is not None and request.radius_km is not None:
                self._local |= snapshot.within(request.near, request.radius_km)
            self._clauses["municipality"] = self._local | anywhere
        self.place_is_chosen = self._local is not None
        if plan.places:
            own = snapshot.chosen("municipality", [code for place in plan.places for code in place.municipalities])
            own |= named_places
            for place in plan.places:
                own |= snapshot.within(place.point, DEFAULT_RADIUS_KM) if place.point else 0
            self._local = own if self._local is None else self._local & own
            self._words = own | anywhere | self.named
        else:
            self._words = snapshot.everything

    def count(self, numbers: Collection[int]) -> int:
        """How many of these the words' own places leave. Chosen facets do not count here: if they moved the
        ladder, the count beside a choice would not be what the choice gives."""
        if not self.plan.places:
            return len(numbers)
        return (bits_of(numbers, self.snapshot.size) & self._words).bit_count()

    def matched(self, steps: Iterable[int]) -> int:
        """What the words match: rows of the ladder, exact names, or everything when there are no words."""
        if not self.plan.has_words:
            return self.snapshot.everything
        if not self.plan.groups:
            return self._words if self.plan.places else self.named
        # Only rows of the snapshot: the words were read a moment after it.
        found = (bits_of(steps, self.snapshot.size) | self.named) & self.snapshot.everything
        # A place where nothing was found is no reason to show nothing.
        return found & self._words or found

    def without(self, matched: int, facet: str | None) -> int:
        """`matched` under the choices of all facets but one."""
        return reduce(and_, (clause for name, clause in self._clauses.items() if name != facet), matched)

    @property
    def narrowed_facets(self) -> tuple[str, ...]:
        return tuple(self._clauses)

    def regions(self) -> dict[Region, int] | None:
        """The regions as sets that do not overlap, or None when no place was named."""
        if self._local is None:
            return None
        nationwide = self.snapshot.in_region(Region.NATIONWIDE) & ~self._local
        remote = self.snapshot.in_region(Region.REMOTE) & ~self._local & ~nationwide
        elsewhere = self.snapshot.everything & ~(self._local | nationwide | remote)
        return {
            Region.LOCAL: self._local,
            Region.NATIONWIDE: nationwide,
            Region.REMOTE: remote,
            Region.ELSEWHERE: elsewhere,
        }


def rank(candidates: Candidates, scores: Mapping[int, float], steps: Mapping[int, int]) -> RawResult:
    plan, snapshot, request = candidates.plan, candidates.snapshot, candidates.plan.request
    matched = candidates.matched(steps)
    shown = candidates.without(matched, None)
    regions = candidates.regions()
    region_of = (
        {number: region for region, bits in regions.items() for number in numbers_in(bits & shown)} if regions else {}
    )
    in_language = snapshot.written_in(request.language) if request.language.split("-")[0] != "fi" else 0
    by_place_first = regions is not None and (candidates.place_is_chosen or not plan.groups)

    def hit(number: int) -> RawHit:
        region = region_of.get(number)
        score = scores.get(number, 0.0)
        if in_language >> number & 1:
            score *= LANGUAGE_BOOST
        if plan.places and region:
            score *= REGION_BOOST[region]
        return RawHit(
            id=snapshot.rows[number].id,
            score=score,
            step=steps.get(number, 0),
            is_named=bool(candidates.named >> number & 1),
            region=region,
            distance_km=snapshot.distance_km(number, request.near) if request.near else None,
        )

    def order(pair: tuple[int, RawHit]) -> tuple[object, ...]:
        number, hit = pair
        row = snapshot.rows[number]
        region = REGION_ORDER[hit.region] if by_place_first and hit.region else 0
        fit = (hit.step or 9, -hit.score, -row.checked, row.title, row.id)
        match request.sort:
            case Sort.DISTANCE:
                far = hit.distance_km if hit.distance_km is not None else float("inf")
                return (region, far, *fit)
            case Sort.CHECKED:
                return (region, -row.checked, *fit)
            case _:
                return (not hit.is_named, region, *fit)

    ordered = sorted(((number, hit(number)) for number in numbers_in(shown)), key=order)
    page = ordered[request.offset : request.offset + request.per_page]
    return RawResult(
        hits=tuple(hit for _number, hit in page),
        total=shown.bit_count(),
        facets=tuple(
            snapshot.count(facet, candidates.without(matched, facet), request.facets.get(facet, ())) for facet in FACETS
        ),
        regions={region: count for region, bits in regions.items() if (count := (bits & shown).bit_count())}
        if regions
        else {},
        without=(
            {facet: candidates.without(matched, facet).bit_count() for facet in candidates.narrowed_facets}
            if not shown
            else {}
        ),
    )
