"""Hits → the rows that the cards of the search page take, under their headings. No HTML, no search.

Hits are read again through what is public (search.reading); one that no longer is, is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.paginator import EmptyPage, Paginator
from django.core.paginator import Page as ListPage
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cards.choices import CardRole
from cards.models import ActionCardPage, DigitalToolPage, PracticeModelPage, QualityCriteriaPage, ToolThemePage
from directory.presentation import listing_item
from search.forms import SERVICE, Asked
from search.query import Hit, Region, SearchResults, Sort
from search.reading import Row, read_hits

_REGIONS = {
    Region.LOCAL: lambda: "",
    Region.NATIONWIDE: lambda: _("In the whole country"),
    Region.REMOTE: lambda: _("At a distance, wherever you are"),
    Region.ELSEWHERE: lambda: _("Elsewhere"),
    None: lambda: "",
}
# The engine lets the nationwide and the remote mix; on the page each has its own place.
_ORDER = (Region.LOCAL, Region.NATIONWIDE, Region.REMOTE, Region.ELSEWHERE, None)


class Reader:
    """Turns hits into the rows of one reader's page."""

    def __init__(self, asked: Asked, language: str, path: str, on_list: Collection[UUID]) -> None:
        self.asked = asked
        self.language = language
        self.address = path + asked.query()
        self.on_list = set(on_list)

    def rows(self, hits: Iterable[Hit]) -> list[dict[str, Any]]:
        """What the cards of the results take."""
        pairs = read_hits(hits, self.language)
        models = _practice_models([row.thing for _hit, row in pairs])
        return [self._row(hit, row, models) for hit, row in pairs]

    def _row(self, hit: Hit, row: Row, models: Mapping[str, str]) -> dict[str, Any]:
        if hit.type == SERVICE:
            key = row.thing.uuid
            is_shown = hit.distance_km is not None and hit.region in (None, Region.LOCAL)
            return {
                **listing_item(row.thing, distance=distance_words(hit.distance_km) if is_shown else ""),
                "hit": hit,
                "id": f"s-{key}",
                "on_list": key in self.on_list,
                "next": f"{self.address}#s-{key}",
            }
        lang = row.language if row.language != self.language else ""
        return {"hit": hit, "lang": lang, **_page_row(row, models)}

    def groups(self, results: SearchResults) -> list[dict[str, Any]]:
        """Rows under their headings: by place when one was named, else those with all the words apart from the rest."""
        rows = self.rows(results.hits)
        area = self.asked.area
        only_place = bool(results.regions) and all(row["hit"].step == 0 for row in rows)
        if results.request.facets.get("municipality") or only_place:
            label = area.label if area else ", ".join(results.place_names)
            here = _("Near you") if self.asked.near else _("%(place)s and near it") % {"place": label}

            def is_first(row: dict[str, Any]) -> bool:
                return row["hit"].is_named and self.asked.sort is Sort.FIT

            rows.sort(key=lambda row: (not is_first(row), is_first(row) or _ORDER.index(row["hit"].region)))

            def heading(row: dict[str, Any]) -> tuple[str, int | None]:
                hit = row["hit"]
                if is_first(row):
                    return "", None
                title = here if hit.region is Region.LOCAL else _REGIONS[hit.region]()
                return title, results.regions.get(hit.region)
        else:
            has_both = len({row["hit"].step > 1 for row in rows}) == 2 and self.asked.sort is Sort.FIT

            def heading(row: dict[str, Any]) -> tuple[str, int | None]:
                return (_("These have only some of your words") if has_both and row["hit"].step > 1 else "", None)

        return [
            {"title": title, "count": count, "rows": list(members)}
            for (title, count), members in groupby(rows, key=heading)
        ]


def _page_row(row: Row, models: Mapping[str, str]) -> dict[str, Any]:
    """A page as its card takes it. `card`: the component that shows it."""
    page = row.thing
    lead = getattr(page, "lead", "") or page.search_description
    facts: dict[str, Any] = {"title": row.title, "url": row.url, "summary": lead}
    match page:
        case ActionCardPage():
            kind = "" if page.role == CardRole.STEP else page.role
            return {**facts, "card": "action", "kind": kind, "model": models.get(page.path[: -page.steplen], "")}
        case DigitalToolPage():
            return {
                **facts,
                "card": "tool",
                "summary": page.purpose,
                "theme": next(iter(page.themes), "8"),
                "type": page.get_tool_type_display(),
                "status": page.status if page.status in ("renamed", "ended") else "",
                "status_label": page.get_status_display(),
                "price": page.price,
            }
        case ToolThemePage():
            return {**facts, "card": "tool", "theme": page.number, "type": _("Theme of digital tools")}
        case PracticeModelPage():
            return {**facts, "card": "page", "kind": _("Practice model")}
        case QualityCriteriaPage():
            return {**facts, "card": "page", "kind": _("Quality criteria")}
    number = getattr(page, "number", "")
    return {**facts, "card": "page", "stage": number, "kind": _("Stage of the service path") if number else ""}


def _practice_models(things: Iterable[Any]) -> dict[str, str]:
    """Titles of the practice models that cards belong to, by their path in the tree. One query, or none."""
    paths = {thing.path[: -thing.steplen] for thing in things if isinstance(thing, ActionCardPage)}
    return dict(PracticeModelPage.objects.filter(path__in=paths).values_list("path", "title")) if paths else {}


def distance_words(kilometres: float | None) -> str:
    """A distance as one says it: "under 1 km", "2.4 km", "38 km"."""
    if kilometres is None:
        return ""
    if kilometres < 1:
        return _("under 1 km")
    return _("%(distance)s km") % {"distance": number_format(kilometres, 1 if kilometres < 10 else 0)}


def nothing_near(asked: Asked, results: SearchResults) -> str:
    """Says that everything found is from farther away, or ""."""
    if not results.total or not asked.area or asked.type != SERVICE or results.regions.get(Region.LOCAL):
        return ""
    place = {"place": asked.area.label}
    return _("Nothing in %(place)s or near it fits your search. You can use these from anywhere.") % place


def distances_from(asked: Asked) -> str:
    """What the distances are measured from, or "" when there are none."""
    if asked.near or not asked.area or not asked.point or asked.type != SERVICE:
        return ""
    return _("Distances are from the centre of %(place)s as the crow flies.") % {"place": asked.area.label}


def paging(asked: Asked, results: SearchResults) -> tuple[ListPage | None, bool]:
    """The page of the pager, and whether the address asks for a page after the last."""
    try:
        return Paginator(range(results.total), results.request.per_page).page(asked.page), False
    except EmptyPage:
        return None, results.total > 0
