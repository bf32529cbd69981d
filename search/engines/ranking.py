"""From matched rows to a page of hits and exact counts: filters, place logic, boosts and order.

Arithmetic on a Snapshot; no SQL. What the words matched is the engine's business, what follows is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.engines.base import RawHit, RawResult
from search.engines.snapshot import Floats, Mask, Numbers, Snapshot
from search.facets import FACETS
from search.planning import Plan
from search.query import DEFAULT_RADIUS_KM, Facet, Region, Sort

LANGUAGE_BOOST = 1.5
# Where all kinds of things are searched together, help comes before texts about helping.
OTHER_TYPES_BOOST = 0.5
# What nobody has checked for long has to fit half as well again as what somebody has. It is lowered, never left out.
STALE_BOOST = 2 / 3
# A place in the words orders by fit and place together; a place chosen as a filter keeps its groups apart.
REGION_BOOST = {Region.LOCAL: 1.0, Region.NATIONWIDE: 0.65, Region.REMOTE: 0.65, Region.ELSEWHERE: 0.3}
REGION_ORDER = {Region.LOCAL: 0, Region.NATIONWIDE: 1, Region.REMOTE: 1, Region.ELSEWHERE: 2}
REGIONS = tuple(REGION_ORDER)
# To be sure of a page, so many times its rows are fetched; pages farther on than this are not worth trying.
OF_BEST = 4
MOST_OF_BEST = 200
# The step of a hit that only its name or its place found.
NO_STEP = 9


class Scores(Protocol):
    """The words' own scores, which an engine works out when they are asked for: that is what costs."""

    def best(self, count: int) -> tuple[Numbers, Floats] | None:
        """The rows that score highest and their scores, highest first, or None when it is not cheaper than all."""
        ...

    def of(self, numbers: Numbers) -> Floats:
        """The scores of these rows, in their order; 0 for one that the words do not find."""
        ...


class _NoScores:
    def best(self, count: int) -> None:
        return None

    def of(self, numbers: Numbers) -> Floats:
        return np.zeros(len(numbers))


@dataclass(frozen=True, slots=True)
class Matches:
    """What the words found: row numbers, for each the ladder step that found it, and the scores."""

    numbers: Numbers
    steps: NDArray[np.int8]
    scores: Scores

    @staticmethod
    def none() -> Matches:
        return Matches(np.zeros(0, np.int64), np.zeros(0, np.int8), _NoScores())


class Candidates:
    """What of the index a plan may show at all, before its words are looked at."""

    def __init__(
        self, plan: Plan, snapshot: Snapshot, named: Iterable[int] = (), named_places: Iterable[int] = ()
    ) -> None:
        """`named`: documents whose title or organisation is exactly what was typed. `named_places`: documents whose
        text has the name of a place that the words name."""
        request = plan.request
        self.plan = plan
        self.snapshot = snapshot
        self.named = np.asarray(list(named), np.int64)
        self.named = self.named[self.named < snapshot.size]
        self._clauses: dict[str, Mask] = {
            facet: snapshot.chosen(facet, values) for facet, values in request.facets.items() if facet != "municipality"
        }
        self._local: Mask | None = None
        codes = request.facets.get("municipality", ())
        narrows_near = request.near is not None and request.radius_km is not None
        if codes or narrows_near:
            self._local = snapshot.chosen("municipality", codes)
            if request.near is not None and request.radius_km is not None:
                self._local = self._local | snapshot.within(request.near, request.radius_km)
            self._clauses["municipality"] = self._local | self._anywhere()
        self.place_is_chosen = self._local is not None
        self._words: Mask | None = None
        if plan.places:
            own = snapshot.chosen("municipality", [code for place in plan.places for code in place.municipalities])
            own = own | snapshot.mask_of(list(named_places))
            for place in plan.places:
                if place.point:
                    own |= snapshot.within(place.point, DEFAULT_RADIUS_KM)
            self._local = own if self._local is None else self._local & own
            self._words = own | self._anywhere()
            self._words[self.named] = True

    def _anywhere(self) -> Mask:
        return self.snapshot.in_region(Region.NATIONWIDE) | self.snapshot.in_region(Region.REMOTE)

    def count(self, numbers: Numbers) -> int:
        """How many of these the words' own places leave. Chosen facets do not count here: if they moved the
        ladder, the count beside a choice would not be what the choice gives."""
        return len(numbers) if self._words is None else int(np.count_nonzero(self._words[numbers]))

    def matched(self, found: Matches) -> Matches:
        """What the words match: rows of the ladder, exact names, or everything when there are no words."""
        if not self.plan.has_words:
            return self._unranked(np.flatnonzero(self.snapshot.alive))
        if not self.plan.groups:
            return self._unranked(self.named if self._words is None else np.flatnonzero(self._words))
        numbers, steps = found.numbers, found.steps
        if len(self.named) and len(beside := self.named[~self.snapshot.mask_of(numbers)[self.named]]):
            numbers = np.concatenate([numbers, beside])
            steps = np.concatenate([steps, np.full(len(beside), NO_STEP, np.int8)])
        if self._words is not None:
            kept = self._words[numbers]
            # A place where nothing was found is no reason to show nothing.
            if kept.any():
                numbers, steps = numbers[kept], steps[kept]
        return Matches(numbers, steps, found.scores)

    def _unranked(self, numbers: Numbers) -> Matches:
        return Matches(numbers, np.full(len(numbers), NO_STEP, np.int8), _NoScores())

    def allowed(self, numbers: Numbers, besides: str | None = None) -> Mask:
        """Which of these the choices of all facets (but one) leave."""
        kept = np.ones(len(numbers), np.bool_)
        for name, clause in self._clauses.items():
            if name != besides:
                kept &= clause[numbers]
        return kept

    @property
    def narrowed_facets(self) -> tuple[str, ...]:
        return tuple(self._clauses)

    def regions_of(self, numbers: Numbers) -> NDArray[np.int8] | None:
        """For each row the position in REGIONS of why it is shown, or None when no place was named."""
        if self._local is None:
            return None
        found = np.full(len(numbers), REGIONS.index(Region.ELSEWHERE), np.int8)
        for region in (Region.REMOTE, Region.NATIONWIDE):
            found[self.snapshot.in_region(region)[numbers]] = REGIONS.index(region)
        found[self._local[numbers]] = REGIONS.index(Region.LOCAL)
        return found


def rank(candidates: Candidates, found: Matches, ids_of: Callable[[Sequence[int]], dict[int, str]]) -> RawResult:
    """`ids_of`: row numbers → ids, asked once for the page alone."""
    snapshot, request = candidates.snapshot, candidates.plan.request
    matched = candidates.matched(found)
    allowed = candidates.allowed(matched.numbers)
    shown = Matches(matched.numbers[allowed], matched.steps[allowed], matched.scores)
    regions = candidates.regions_of(shown.numbers)
    page = _first_page(candidates, shown) or _any_page(candidates, shown)
    ids = ids_of([int(number) for number in page.numbers])
    named = set(candidates.named.tolist())
    distances = snapshot.distances_km(request.near) if request.near else None
    page_regions = candidates.regions_of(page.numbers)
    hits = tuple(
        RawHit(
            id=ids[number],
            score=float(page.scores[at]),
            step=int(page.steps[at]) % NO_STEP,
            is_named=number in named,
            region=REGIONS[page_regions[at]] if page_regions is not None else None,
            distance_km=float(distances[number]) if distances is not None and np.isfinite(distances[number]) else None,
        )
        for at, number in enumerate(page.numbers.tolist())
        if number in ids
    )
    counted = np.bincount(regions, minlength=len(REGIONS)) if regions is not None else ()
    return RawResult(
        hits=hits,
        total=len(shown.numbers),
        facets=_facets(candidates, matched.numbers, shown.numbers),
        regions={region: int(count) for region, count in zip(REGIONS, counted, strict=False) if count},
        without=(
            {
                facet: int(np.count_nonzero(candidates.allowed(matched.numbers, facet)))
                for facet in candidates.narrowed_facets
            }
            if not len(shown.numbers)
            else {}
        ),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """Rows of one page in their order, with their boosted scores."""

    numbers: Numbers
    steps: NDArray[np.int8]
    scores: Floats


def _first_page(candidates: Candidates, shown: Matches) -> _Page | None:
    """A page near the beginning from the best rows alone, when it is sure that no other row belongs on it.

    No boost of a Finnish page is greater than 1, so a row beyond the best that were fetched has at most the last one's
    score. Without that, or where a place or something else than fit decides first, all rows have to be ranked.
    """
    request, count = candidates.plan.request, len(shown.numbers)
    wanted = request.offset + request.per_page
    if (
        request.sort is not Sort.FIT
        or not candidates.plan.groups
        or request.language.split("-")[0] != "fi"
        or candidates.place_is_chosen
        or candidates.plan.places
        or len(candidates.named)
        or wanted > MOST_OF_BEST
        or count <= wanted
        or int(shown.steps.max(initial=0)) > 1
    ):
        return None
    fetched = OF_BEST * wanted
    found = shown.scores.best(fetched)
    if found is None:
        return None
    numbers, scores = found
    limit = scores[-1] if len(numbers) == fetched else 0.0
    is_shown = np.zeros(max(candidates.snapshot.size, int(numbers.max(initial=0)) + 1), np.bool_)
    is_shown[shown.numbers] = True
    kept = is_shown[numbers]
    numbers, scores = numbers[kept], scores[kept]
    scores = _boosted(candidates, numbers, scores, None)
    order = np.lexsort((*_ties(candidates, numbers), -scores))[:wanted]
    if len(order) < wanted or scores[order[-1]] < limit:
        return None
    order = order[request.offset :]
    return _Page(numbers[order], np.ones(len(order), np.int8), scores[order])


def _any_page(candidates: Candidates, shown: Matches) -> _Page:
    """Any page in any order: every row is ranked."""
    plan, snapshot, request = candidates.plan, candidates.snapshot, candidates.plan.request
    numbers, steps = shown.numbers, shown.steps
    regions = candidates.regions_of(numbers)
    scores = shown.scores.of(numbers)
    if plan.groups:
        scores = _boosted(candidates, numbers, scores, regions)
    named = snapshot.mask_of(candidates.named)[numbers]
    by_place_first = regions is not None and (candidates.place_is_chosen or not plan.groups)
    first = np.array([REGION_ORDER[one] for one in REGIONS], np.int8)[regions] if by_place_first else 0 * steps
    ties = _ties(candidates, numbers)
    match request.sort:
        case Sort.DISTANCE:
            keys = (*ties, -scores, steps, snapshot.distances_km(request.near)[numbers], first)
        case Sort.CHECKED:
            keys = (*ties[:2], -scores, steps, ties[2], first)
        case _:
            keys = (*ties, -scores, steps, first, ~named)
    page = _page(keys, request.offset, request.per_page)
    return _Page(numbers[page], steps[page], scores[page])


def _ties(candidates: Candidates, numbers: Numbers) -> tuple[NDArray, ...]:
    snapshot = candidates.snapshot
    return numbers, snapshot.title_key[numbers], -snapshot.checked[numbers]


def _boosted(candidates: Candidates, numbers: Numbers, scores: Floats, regions: NDArray[np.int8] | None) -> Floats:
    request = candidates.plan.request
    if "type" not in request.facets:
        scores = np.where(candidates.snapshot.having("type", "service")[numbers], scores, scores * OTHER_TYPES_BOOST)
    language = request.language
    if language.split("-")[0] != "fi":
        scores = np.where(candidates.snapshot.written_in(language)[numbers], scores * LANGUAGE_BOOST, scores)
    scores = np.where(candidates.snapshot.stale[numbers], scores * STALE_BOOST, scores)
    if candidates.plan.places and regions is not None:
        scores = scores * np.array([REGION_BOOST[one] for one in REGIONS])[regions]
    return scores


def _page(keys: Sequence[NDArray], offset: int, size: int) -> Numbers:
    """Positions of one page of the order that `keys` give, the last key first (as np.lexsort has it).

    Only rows that can reach the page are sorted: those no worse than the last of it by the first key that divides.
    """
    count = len(keys[0])
    if offset >= count:
        return np.zeros(0, np.int64)
    last = offset + size - 1
    rows = np.arange(count)
    for key in reversed(keys):
        if len(rows) <= last + 1 or len(rows) < 200:
            break
        values = key[rows]
        limit = np.partition(values, last)[last]
        better = values < limit
        if better.any():
            # The rest of the order is decided among these by all keys together.
            rows = rows[values <= limit]
            break
        rows = rows[values == limit]
    order = np.lexsort([key[rows] for key in keys])
    return rows[order[offset : last + 1]]


def _facets(candidates: Candidates, matched: Numbers, shown: Numbers) -> tuple[Facet, ...]:
    snapshot, request = candidates.snapshot, candidates.plan.request
    unworded = not candidates.plan.has_words
    key = (tuple(sorted(request.facets.items())), request.near, request.radius_km)
    if unworded and key in snapshot.counted:
        return snapshot.counted[key]
    plain = snapshot.counts(shown)
    found = []
    for name, rule in FACETS.items():
        chosen = request.facets.get(name, ())
        # A facet's own choices do not narrow its counts, except where each is a wish of its own.
        if name not in candidates.narrowed_facets or rule.needs_all:
            counts = plain
        else:
            counts = snapshot.counts_of(name, matched[candidates.allowed(matched, name)])
        found.append(snapshot.facet(name, counts, chosen))
    facets = tuple(found)
    if unworded:
        if len(snapshot.counted) > 200:
            snapshot.counted.clear()
        snapshot.counted[key] = facets
    return facets
