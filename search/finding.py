"""Request → plan → engine → results: the one way to search."""

from __future__ import annotations

import logging
import time
from typing import Protocol

from search.documents import split_document_id
from search.engines.base import EngineUnavailableError, RawResult
from search.planning import Plan, Planner, Vocabulary
from search.query import Hit, SearchRequest, SearchResults

logger = logging.getLogger(__name__)

# An engine that did not answer is left alone this long: nobody waits for it meanwhile.
REST_SECONDS = 10.0


class Answers(Protocol):
    """What can carry out a plan: an engine, or the plain look into the database."""

    def search(self, plan: Plan) -> RawResult: ...


class Serving:
    """The engine that answers, and the one that does while it cannot. One for a process: it knows who rests."""

    def __init__(self, engine: Answers, fallback: Answers | None = None, *, fallback_is_reduced: bool = False) -> None:
        """`fallback_is_reduced` = it finds less than the engine would, and people are to be told."""
        self._engine = engine
        self._fallback = fallback
        self._fallback_is_reduced = fallback_is_reduced
        self._rests_until = 0.0

    def search(self, plan: Plan) -> tuple[RawResult, bool]:
        """The result, and whether it is a reduced one. Raises EngineUnavailableError when nobody else is there."""
        if self._fallback is None:
            return self._engine.search(plan), False
        if time.monotonic() >= self._rests_until:
            try:
                return self._engine.search(plan), False
            except EngineUnavailableError as problem:
                self._rests_until = time.monotonic() + REST_SECONDS
                # The type alone: a message of the engine may hold the query.
                logger.warning("The search engine does not answer (%s).", type(problem.__cause__ or problem).__name__)
        return self._fallback.search(plan), self._fallback_is_reduced


class Finder:
    def __init__(self, serving: Serving, planner: Planner, vocabulary: Vocabulary) -> None:
        self._serving = serving
        self._planner = planner
        self._vocabulary = vocabulary

    def plan(self, request: SearchRequest) -> Plan:
        """What a request is understood as."""
        return self._planner.plan(request, self._vocabulary)

    def find(self, request: SearchRequest) -> SearchResults:
        plan = self.plan(request)
        raw, is_reduced = self._serving.search(plan)
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
            is_reduced=is_reduced,
        )
