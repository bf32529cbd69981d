"""A plan as Elasticsearch is asked it, and its answer as a RawResult. Plain values: no client and no connection here.

All of a search's meaning lies in four things that are put together here: what the words match (a ladder), what the
places leave of it, what the chosen facets leave of that (a post filter, so that counts can look beside it), and order.

Order has several keys that no field holds: exact name, region, ladder step, score. Elasticsearch sorts by one score, so
each of them is a *mark*: a constant that is greater than any sum of those that come after it. `matched_queries` tells
which marks a hit got, and what is left of its score is the words' own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from search.documents import FIELDS
from search.engines.base import RawHit, RawResult
from search.engines.ranking import LANGUAGE_BOOST, OTHER_TYPES_BOOST, REGION_BOOST, REGION_ORDER, STALE_BOOST
from search.facets import FACETS
from search.planning import Plan, Step
from search.query import DEFAULT_RADIUS_KM, Facet, FacetValue, Point, Region, Sort

Clause: TypeAlias = dict[str, Any]

# Elasticsearch wants weights of at least 1, and twice the weight with twice the k1 is the same curve.
SCALE = 1 / min(FIELDS.values())
K1 = 1.2 * SCALE
WEIGHTED_FIELDS = tuple(f"text.{name}^{weight * SCALE:g}" for name, weight in FIELDS.items())
# Where a place's name says that a document belongs to it.
PLACE_FIELDS = ("title", "org", "muni")
# More than there are municipalities.
MOST_VALUES = 400
# Elasticsearch keeps this many rows in order at most. Pages after them are empty.
DEEPEST = 100_000
# No term of weight 1 scores more: the logarithm of twice the documents, times k1 + 1 and the boost of a language.
HIGHEST_TERM_SCORE = 16 * (K1 + 1) * LANGUAGE_BOOST
# Regions in the order of their headings; those of one rank mix.
BANDS = tuple(
    tuple(region for region in Region if REGION_ORDER[region] == rank) for rank in sorted(set(REGION_ORDER.values()))
)

NOTHING: Clause = {"match_none": {}}
NOT_A_SERVICE: Clause = {"bool": {"must_not": [{"term": {"facets.type": "service"}}]}}


def all_of(clauses: Iterable[Clause]) -> Clause:
    return {"bool": {"filter": list(clauses)}}


def any_of(clauses: Iterable[Clause], at_least: int = 1) -> Clause:
    return {"bool": {"should": list(clauses), "minimum_should_match": at_least}}


def but_not(clause: Clause, *others: Clause) -> Clause:
    return {"bool": {"filter": [clause], "must_not": list(others)}}


def having(field: str, values: Iterable[str]) -> Clause:
    return {"terms": {field: list(values)}}


def within(centre: Point, radius_km: float) -> Clause:
    return {"geo_distance": {"distance": f"{radius_km}km", "points": {"lat": centre.lat, "lon": centre.lon}}}


ANYWHERE = any_of([{"term": {"is_nationwide": True}}, {"term": {"is_remote": True}}])


class Question:
    """One plan, ready to be asked step by step of its ladder."""

    def __init__(self, plan: Plan) -> None:
        request = plan.request
        self.plan = plan
        self.steps = max(1, len(plan.ladder))
        self._named = having("names", [plan.name]) if plan.name else NOTHING
        # What each chosen facet leaves.
        self._clauses = {name: _chosen(name, values) for name, values in request.facets.items()}
        local: list[Clause] = []
        own_places = request.facets.get("municipality", ())
        narrows_near = request.near is not None and request.radius_km is not None
        if own_places or narrows_near:
            chosen = [having("facets.municipality", own_places)]
            if request.near is not None and request.radius_km is not None:
                chosen.append(within(request.near, request.radius_km))
            local.append(any_of(chosen))
            self._clauses["municipality"] = any_of([*chosen, ANYWHERE])
        place_is_chosen = bool(local)
        # What the places in the words leave.
        self._in_places: Clause | None = None
        if plan.places:
            terms = [term for place in plan.places for term in place.terms]
            codes = sorted(code for place in plan.places for code in place.municipalities)
            own = any_of(
                [
                    having("facets.municipality", codes),
                    *(having(f"text.{name}", terms) for name in PLACE_FIELDS),
                    *(within(place.point, DEFAULT_RADIUS_KM) for place in plan.places if place.point),
                ]
            )
            local.append(own)
            self._in_places = any_of([own, ANYWHERE, self._named])
        self._regions = _regions(all_of(local)) if local else {}
        self._by_place_first = bool(self._regions) and (place_is_chosen or not plan.groups)

    @property
    def is_banded(self) -> bool:
        """Whether regions come before a sort key that is a field: then each region is asked by itself."""
        return self._by_place_first and self.plan.request.sort is not Sort.FIT

    # --- asking ----------------------------------------------------------------------------------------------------

    def body(self, step: int, *, in_places: bool = True) -> dict[str, Any]:
        """What is asked for the ladder down to its step of this number: a page of hits, and every count.

        `in_places`: whether the places that the words name narrow it.
        """
        request = self.plan.request
        reaches = not self.is_banded and request.offset + request.per_page <= DEEPEST
        return {
            **self._hits(step, in_places, (), request.offset if reaches else 0, request.per_page if reaches else 0),
            "aggs": self._counts(step),
        }

    def bands(self, step: int, answer: Mapping[str, Any], *, in_places: bool = True) -> list[dict[str, Any]]:
        """What is asked for the hits when `is_banded`: `answer` told how many hits are in each region."""
        request = self.plan.request
        counts = _region_counts(answer)
        asked = []
        start = 0
        for regions in BANDS:
            end = start + sum(counts.get(region, 0) for region in regions)
            first, last = max(start, request.offset), min(end, request.offset + request.per_page)
            if first < last and last - start <= DEEPEST:
                asked.append(self._hits(step, in_places, regions, first - start, last - first))
            start = end
        return asked

    def _hits(self, step: int, in_places: bool, regions: Sequence[Region], offset: int, size: int) -> dict[str, Any]:
        shown = [*self._clauses.values()]
        if regions:
            shown.append(any_of(self._regions[region] for region in regions))
        return {
            "query": self._query(step, in_places),
            **({"post_filter": all_of(shown)} if shown else {}),
            "sort": [key for _name, key in self._sort()],
            "from": offset,
            "size": size,
            "track_total_hits": True,
            "_source": False,
            "stored_fields": "_none_",
            "docvalue_fields": ["id"],
        }

    def _query(self, step: int, in_places: bool) -> Clause:
        plan = self.plan
        filters = [self._in_places] if self._in_places and in_places else []
        if not plan.has_words:
            return {"bool": {"filter": [{"match_all": {}}], "should": self._region_marks(step)}}
        if not plan.groups:
            marks = [self._mark("named", self._named, self._named_mark(step)), *self._region_marks(step)]
            return {"bool": {"filter": filters or [self._named], "should": marks}}
        found = [
            *(self._mark(f"step{one.number}", _met(one), self._unit) for one in plan.ladder[:step]),
            self._mark("named", self._named, self._named_mark(step)),
        ]
        return {
            "bool": {
                "must": [any_of(found)],
                "filter": filters,
                "should": [self._scored(step), *self._region_marks(step)],
            }
        }

    def _scored(self, step: int) -> Clause:
        request = self.plan.request
        words = {
            "combined_fields": {
                "query": " ".join(self.plan.ladder[step - 1].terms),
                "fields": list(WEIGHTED_FIELDS),
                "operator": "or",
            }
        }
        boosts: list[Clause] = [{"filter": {"term": {"is_stale": True}}, "weight": STALE_BOOST}]
        if "type" not in request.facets:
            boosts.append({"filter": NOT_A_SERVICE, "weight": OTHER_TYPES_BOOST})
        if request.language.split("-")[0] != "fi":
            boosts.append({"filter": {"term": {"languages": request.language}}, "weight": LANGUAGE_BOOST})
        if self.plan.places:
            boosts += [
                {"filter": clause, "weight": REGION_BOOST[region]}
                for region, clause in self._regions.items()
                if REGION_BOOST[region] != 1
            ]
        return {"function_score": {"query": words, "functions": boosts}}

    def _counts(self, step: int) -> dict[str, Any]:
        values = {
            name: {"terms": {"field": f"facets.{name}", "size": MOST_VALUES}} for name in FACETS if name in self._plain
        }
        if self._regions:
            values["regions"] = {"filters": {"filters": dict(self._regions)}}
        counts: dict[str, Any] = {"matched": {"filter": {"match_all": {}}}}
        if self._clauses:
            counts["shown"] = {"filter": all_of(self._clauses.values()), "aggs": values}
        else:
            # Where nothing narrows, counting without a filter takes a fifth of the time.
            counts |= values
        if self.plan.groups:
            counts["only_named"] = {"filter": but_not(self._named, _met(self.plan.ladder[step - 1]))}
        for name in self._clauses:
            beside = all_of(clause for other, clause in self._clauses.items() if other != name)
            counts[f"without {name}"] = {"filter": beside}
            if name not in self._plain:
                counts[f"without {name}"]["aggs"] = {name: {"terms": {"field": f"facets.{name}", "size": MOST_VALUES}}}
        return counts

    @property
    def _plain(self) -> set[str]:
        """Facets that are counted within what is shown: those not chosen, and those of which each value narrows."""
        return {name for name, rule in FACETS.items() if rule.needs_all or name not in self._clauses}

    # --- order -----------------------------------------------------------------------------------------------------

    @property
    def _unit(self) -> float:
        """Greater than any score: a power of two, which costs the scores the fewest digits."""
        return float(1 << int(HIGHEST_TERM_SCORE * sum(len(group.wide) for group in self.plan.groups)).bit_length())

    def _region_mark(self, step: int) -> float:
        return self._unit * (step + 1) if self._by_place_first and not self.is_banded else 0.0

    def _named_mark(self, step: int) -> float:
        if self.plan.request.sort is not Sort.FIT:
            return 0.0
        return self._region_mark(step) * len(BANDS) or self._unit * (step + 1)

    @staticmethod
    def _mark(name: str, clause: Clause, size: float) -> Clause:
        return {"constant_score": {"filter": clause, "boost": size, "_name": name}}

    def _region_marks(self, step: int) -> list[Clause]:
        last = len(BANDS) - 1
        return [
            self._mark(region, clause, self._region_mark(step) * (last - REGION_ORDER[region]))
            for region, clause in self._regions.items()
        ]

    def _marked(self, step: int, marks: Iterable[str]) -> float:
        """The sum of the marks that a hit got."""
        found = 0.0
        for mark in marks:
            if mark == "named":
                found += self._named_mark(step)
            elif mark.startswith("step"):
                found += self._unit
            else:
                found += self._region_mark(step) * (len(BANDS) - 1 - REGION_ORDER[Region(mark)])
        return found

    def _sort(self) -> list[tuple[str, Any]]:
        """(name, key) in order of weight; the distance is asked for even where it decides nothing."""
        near, sort = self.plan.request.near, self.plan.request.sort
        score = ("score", {"_score": "desc"})
        checked = ("checked", {"checked": "desc"})
        ties = [("title", {"title_key": "asc"}), ("id", {"id": "asc"})]
        place = {"lat": near.lat, "lon": near.lon} if near else {}
        far = [("distance", {"_geo_distance": {"points": place, "order": "asc", "unit": "km"}})] if near else []
        match sort:
            case Sort.DISTANCE:
                return [*far, score, checked, *ties]
            case Sort.CHECKED:
                return [checked, score, *ties, *far]
            case _:
                return [score, checked, *ties, *far]

    # --- answers ---------------------------------------------------------------------------------------------------

    @staticmethod
    def matched(answer: Mapping[str, Any]) -> int:
        """How many there are before any facet narrows."""
        return int(answer["aggregations"]["matched"]["doc_count"])

    def climbed(self, answer: Mapping[str, Any]) -> int:
        """How many the ladder found. Chosen facets do not count here: if they moved the ladder, the count beside a
        choice would not be what the choice gives."""
        only_named = answer["aggregations"].get("only_named", {}).get("doc_count", 0)
        return self.matched(answer) - int(only_named)

    def result(self, step: int, answer: Mapping[str, Any], bands: Sequence[Mapping[str, Any]] = ()) -> RawResult:
        request = self.plan.request
        counts = answer["aggregations"]
        total = int(answer["hits"]["total"]["value"])
        facets = []
        for name in FACETS:
            counted = _shown(answer) if name in self._plain else counts[f"without {name}"]
            facets.append(_facet(name, counted[name]["buckets"], request.facets.get(name, ())))
        return RawResult(
            hits=tuple(self._hit(step, hit) for one in (bands or [answer]) for hit in one["hits"]["hits"]),
            total=total,
            facets=tuple(facets),
            regions=_region_counts(answer),
            without={} if total else {name: counts[f"without {name}"]["doc_count"] for name in self._clauses},
        )

    def _hit(self, step: int, hit: Mapping[str, Any]) -> RawHit:
        keys = {name: value for (name, _key), value in zip(self._sort(), hit["sort"], strict=True)}
        marks = set(hit.get("matched_queries", ()))
        distance = keys.get("distance")
        return RawHit(
            id=hit["fields"]["id"][0],
            score=keys["score"] - self._marked(step, marks),
            step=next((one.number for one in self.plan.ladder if f"step{one.number}" in marks), 0),
            is_named="named" in marks,
            region=next((region for region in self._regions if region in marks), None),
            distance_km=distance if isinstance(distance, float) else None,
        )


def _chosen(name: str, values: Sequence[str]) -> Clause:
    """Documents that agree with the choices made in one facet."""
    field = f"facets.{name}"
    if FACETS[name].needs_all:
        return all_of(having(field, [value]) for value in values)
    return having(field, values)


def _met(step: Step) -> Clause:
    """Documents that a step of the ladder finds."""
    groups = [having("terms", terms) for terms in step.groups]
    return all_of(groups) if step.needed == len(groups) else any_of(groups, step.needed)


def _regions(local: Clause) -> dict[Region, Clause]:
    """The regions as sets that do not overlap."""
    nationwide: Clause = {"term": {"is_nationwide": True}}
    remote: Clause = {"term": {"is_remote": True}}
    return {
        Region.LOCAL: local,
        Region.NATIONWIDE: but_not(nationwide, local),
        Region.REMOTE: but_not(remote, local, nationwide),
        Region.ELSEWHERE: {"bool": {"must_not": [local, nationwide, remote]}},
    }


def _shown(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The counts of what all chosen facets leave."""
    counts: dict[str, Any] = answer["aggregations"]
    found: Mapping[str, Any] = counts.get("shown", counts)
    return found


def _region_counts(answer: Mapping[str, Any]) -> dict[Region, int]:
    found = _shown(answer).get("regions", {}).get("buckets", {})
    return {region: count for region in Region if (count := found.get(region, {}).get("doc_count", 0))}


def _facet(name: str, buckets: Iterable[Mapping[str, Any]], chosen: tuple[str, ...]) -> Facet:
    counts = {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
    values = [FacetValue(value, counts.get(value, 0), value in chosen) for value in dict.fromkeys([*chosen, *counts])]
    return Facet(name, tuple(sorted(values, key=lambda one: (-one.count, one.value))))
