"""A plain look into the database, for the time when the engine is away and there is no index on this machine.

It reads titles, summaries and names only, knows neither word forms nor ranking, and takes its time: it is to be said
beside its results that they are not the usual ones. It writes nothing and implements nothing of the port but `search`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Max, Min, Q
from wagtail.models import Page

from directory.filters import FLAGS, ServiceFilter
from directory.models import Service
from portal.base import languages
from search.documents import document_id
from search.engines.base import RawHit, RawResult
from search.planning import Plan
from search.query import Facet, FacetValue
from search.sources import searchable_pages

SERVICE = "service"
SERVICE_FIELDS = (
    "title",
    "summary",
    "organisation__short_name",
    *(f"organisation__names__{code}" for code in languages.CODES),
)
PAGE_FIELDS = ("title", "search_description")
# Each is a look at every row, and the first of a word's terms say the most.
MOST_WORDS = 6
MOST_TERMS = 4


class PlainSearch:
    """What has every word of a plan, the newest check first. Of the facets only the types are counted."""

    name = "plain"

    def search(self, plan: Plan) -> RawResult:
        request = plan.request
        found = {SERVICE: self._services(plan), **self._pages(plan)}
        chosen = request.facets.get("type", ())
        ids = [document_id(type, key) for type, keys in found.items() if not chosen or type in chosen for key in keys]
        counts = [FacetValue(type, len(keys), type in chosen) for type, keys in found.items() if keys or type in chosen]
        return RawResult(
            hits=tuple(RawHit(id, 0.0) for id in ids[request.offset : request.offset + request.per_page]),
            total=len(ids),
            facets=(Facet("type", tuple(sorted(counts, key=lambda one: (-one.count, one.value)))),),
        )

    def _services(self, plan: Plan) -> list[UUID]:
        facets = dict(plan.request.facets)
        facets |= {name: ("1",) for name in facets.pop("flags", ()) if name in FLAGS}
        if plan.places:
            codes = sorted(code for place in plan.places for code in place.municipalities)
            facets.setdefault("municipality", tuple(codes))
        rows = ServiceFilter(facets).apply(Service.objects.public().filter(_having_words(plan, SERVICE_FIELDS)))
        # A service is one row for each language.
        services = rows.order_by().values("translation_key").annotate(checked=Max("checked_on"), name=Min("title"))
        order = (F("checked").desc(nulls_last=True), "name", "translation_key")
        return list(services.order_by(*order).values_list("translation_key", flat=True))

    def _pages(self, plan: Plan) -> dict[str, list[UUID]]:
        """By type. Pages have none of the facts that facets choose by, and no place."""
        if plan.places or plan.request.facets.keys() - {"type", "audience"}:
            return {}
        types = {ContentType.objects.get_for_model(model).pk: type for model, type in searchable_pages().items()}
        rows = Page.objects.live().public().filter(_having_words(plan, PAGE_FIELDS), content_type__in=types)
        pairs = Counter(rows.order_by("title").values_list("content_type", "translation_key"))
        found: dict[str, list[UUID]] = {}
        for content_type, key in pairs:
            found.setdefault(types[content_type], []).append(key)
        return found


def _having_words(plan: Plan, fields: Iterable[str]) -> Q:
    """Every word of the plan, or one of its terms, somewhere in these fields."""
    if plan.has_words and not plan.groups and not plan.places:
        return Q(pk__in=[])
    wanted = Q()
    for group in plan.groups[:MOST_WORDS]:
        # A term of another language's stemmer is a piece of a word behind a prefix (s_skuld).
        words = dict.fromkeys([group.word, *(term.split("_")[-1] for term in group.terms[:MOST_TERMS])])
        wanted &= Q(*(Q(**{f"{field}__icontains": word}) for field in fields for word in words), _connector=Q.OR)
    return wanted
