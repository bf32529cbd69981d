"""Request → plan → engine → results: the one way to search."""

from __future__ import annotations

from search.documents import split_document_id
from search.engines.base import SearchEngine
from search.planning import Planner
from search.query import Hit, SearchRequest, SearchResults


class Finder:
    def __init__(self, engine: SearchEngine, planner: Planner) -> None:
        self._engine = engine
        self._planner = planner

    def find(self, request: SearchRequest) -> SearchResults:
        plan = self._planner.plan(request, self._engine.vocabulary)
        raw = self._engine.search(plan)
        hits = []
        for hit in raw.hits:
            type, uuid = split_document_id(hit.id)
            hits.append(Hit(type, uuid, hit.score, hit.step, hit.is_named, hit.region, hit.distance_km))
        return SearchResults(
            request=request,
            total=raw.total,
            hits=tuple(hits),
            facets=raw.facets,
            groups=plan.groups,
            corrections=plan.corrections,
            synonyms=plan.synonyms,
            unknown_words=plan.unknown_words,
            place_names=tuple(place.names[0] for place in plan.places),
            regions=raw.regions,
            without=raw.without,
        )
