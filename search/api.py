"""`GET /api/v1/search`: the search as JSON. Shapes and checks of the outside; searching itself is search.finding's."""

from typing import Any

from django.http import HttpRequest, QueryDict
from ninja import Router, Schema
from ninja.errors import HttpError

from directory.filters import RULES, BadFilterError, ServiceFilter
from portal.base import languages
from search import dead_ends
from search.indexing import finder
from search.query import MOST_PER_PAGE, SearchRequest
from search.reading import read_hits
from search.requests import centre_of, facets_of

router = Router(tags=["search"])

TYPES = ("service", "card", "tool", "page")
MOST_PAGES = 10_000
KNOWN = {"q", "lang", "type", "page", "per_page", *(rule.name for rule in RULES)}


class SearchHit(Schema):
    """One hit. `id`: a service's UUID, kept from an import; a page's is the same in every language."""

    id: str
    type: str
    title: str
    url: str
    score: float


class CorrectionOut(Schema):
    """A word the index does not know, and the word searched instead."""

    typed: str
    searched: str


class SearchOut(Schema):
    """One page of hits, and the counts of the whole. `is_reduced`: the search engine is down, and a plain look into
    the database answered, which finds less."""

    total: int
    page: int
    per_page: int
    results: list[SearchHit]
    facets: dict[str, dict[str, int]]
    corrections: list[CorrectionOut]
    is_reduced: bool


@router.get(
    "/search",
    response=SearchOut,
    summary="Search services, cards, tools and pages",
    openapi_extra={
        "parameters": [
            {"in": "query", "name": "q", "schema": {"type": "string"}, "description": "Words, in any language"},
            {"in": "query", "name": "lang", "schema": {"type": "string", "enum": list(languages.CODES)}},
            {"in": "query", "name": "type", "schema": {"type": "string", "enum": list(TYPES)}},
            {"in": "query", "name": "page", "schema": {"type": "integer", "minimum": 1}},
            {"in": "query", "name": "per_page", "schema": {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE}},
            *({"in": "query", "name": rule.name, "schema": {"type": "string"}} for rule in RULES),
        ]
    },
)
def search(request: HttpRequest) -> dict[str, Any]:
    """Everything public that fits; a value that cannot be right answers 400 with a message that names it."""
    query = request.GET
    if unknown := sorted(set(query) - KNOWN):
        raise HttpError(400, f"{unknown[0][:40]}: there is no such parameter")
    language = query.get("lang", languages.FINNISH)
    if language not in languages.BY_CODE:
        raise HttpError(400, f"lang: {language[:40]!r} is none of {', '.join(languages.CODES)}")
    types = tuple(query.getlist("type"))
    if wrong := [type for type in types if type not in TYPES]:
        raise HttpError(400, f"type: {wrong[0][:40]!r} is none of {', '.join(TYPES)}")
    page = _number(query, "page", 1, MOST_PAGES)
    per_page = _number(query, "per_page", 20, MOST_PER_PAGE)
    try:
        chosen = ServiceFilter.from_query(query, strict=True)
    except BadFilterError as error:
        raise HttpError(400, f"{error.parameter}: unknown value {error.value[:40]!r}") from None
    municipalities = chosen.values("municipality")
    wanted = SearchRequest(
        text=query.get("q", ""),
        language=language,
        facets=facets_of(chosen, types),
        near=centre_of(municipalities[0]) if len(municipalities) == 1 else None,
        page=page,
        per_page=per_page,
    )
    found = finder().find(wanted)
    dead_ends.note(request, found)
    return {
        "total": found.total,
        "page": page,
        "per_page": per_page,
        "results": [
            {
                "id": str(hit.uuid),
                "type": hit.type,
                "title": row.title,
                "url": request.build_absolute_uri(row.url),
                "score": round(hit.score, 4),
            }
            for hit, row in read_hits(found.hits, language)
        ],
        "facets": {facet.name: {value.value: value.count for value in facet.values} for facet in found.facets},
        "is_reduced": found.is_reduced,
        "corrections": [{"typed": each.typed, "searched": each.searched} for each in found.corrections],
    }


def _number(query: QueryDict, name: str, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= most:
        raise HttpError(400, f"{name}: {text[:40]!r} is no whole number from 1 to {most}")
    return int(text)
