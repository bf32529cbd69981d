"""Pages of figures: how up to date, what is covered, which listings have nobody; each as a file too. All read only."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from directory.orphans import orphans as find_orphans
from directory.permissions import areas_of
from portal.base.csv_export import csv_response
from portal.workspace.access import for_staff
from portal.workspace.administering.figures_coverage import (
    coverage_context,
    coverage_table,
    map_asked,
    orphans_table,
    shown_orphans,
)
from portal.workspace.administering.figures_freshness import (
    PER_PAGE,
    area_context,
    freshness_context,
    groups_table,
    listed,
    services_table,
    tabs,
)
from portal.workspace.administering.figures_selection import chosen, counties_asked


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return TemplateResponse(request, f"workspace/administering/figures/{name}.html", context, status=status)


# --- How up to date ---------------------------------------------------------------------------------------------------
@require_GET
@for_staff
def freshness(request: HttpRequest) -> HttpResponse:
    """The share of what is up to date: now, by group, and over a year."""
    area, counties = counties_asked(request)
    context = freshness_context(request.GET, area, counties, timezone.now())
    context |= area_context(area, areas_of(request.user))
    context["tabs"] = tabs(context["by"], area)
    return _page(request, "freshness", context)


@require_GET
@for_staff
def freshness_csv(request: HttpRequest) -> HttpResponse:
    """The groups as a file."""
    _area, counties = counties_asked(request)
    return csv_response("ajantasaisuus", *groups_table(request.GET, counties, timezone.now()))


@require_GET
@for_staff
def services(request: HttpRequest) -> HttpResponse:
    """The listings of a chosen set, the longest unchecked first."""
    form, now = chosen(request), timezone.now()
    if not form.is_valid():
        return _page(request, "services", {"form": form}, status=400)
    found = form.selection.listings(areas_of(request.user), now)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "selection": form.selection,
        "page": page,
        "rows": listed(page.object_list, timezone.localdate(now)),
        "query": request.GET,
    }
    return _page(request, "services", context)


@require_GET
@for_staff
def services_csv(request: HttpRequest) -> HttpResponse:
    """The same listings as a file."""
    form, now = chosen(request), timezone.now()
    if not form.is_valid():
        raise Http404("no such set")
    found = form.selection.listings(areas_of(request.user), now)
    return csv_response("palvelut", *services_table(found, timezone.localdate(now)))


# --- What there is where ----------------------------------------------------------------------------------------------
@require_GET
@for_staff
def coverage(request: HttpRequest) -> HttpResponse:
    """Topics by municipality, with the gaps."""
    area, counties = counties_asked(request)
    own = areas_of(request.user)
    found = map_asked(request.GET, area, counties, timezone.now())
    context = {**coverage_context(found, request.GET.get("stage", "")), **area_context(area, own), "query": request.GET}
    return _page(request, "coverage", context)


@require_GET
@for_staff
def coverage_csv(request: HttpRequest) -> HttpResponse:
    """The same map as a file."""
    area, counties = counties_asked(request)
    return csv_response("kattavuus", *coverage_table(map_asked(request.GET, area, counties, timezone.now())))


# --- Without a keeper -------------------------------------------------------------------------------------------------
@require_GET
@for_staff
def orphans(request: HttpRequest) -> HttpResponse:
    """The listings that no reachable person answers for."""
    area, counties = counties_asked(request)
    now = timezone.now()
    page = Paginator(find_orphans(counties, now), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **area_context(area, areas_of(request.user)),
        "page": page,
        "rows": shown_orphans(page.object_list, timezone.localdate(now)),
        "query": request.GET,
    }
    return _page(request, "orphans", context)


@require_GET
@for_staff
def orphans_csv(request: HttpRequest) -> HttpResponse:
    """The same listings as a file."""
    _area, counties = counties_asked(request)
    now = timezone.now()
    return csv_response("ilman-vastuuhenkiloa", *orphans_table(find_orphans(counties, now), timezone.localdate(now)))
