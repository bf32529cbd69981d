"""Referrals in figures, for those who administer the directory. Thin."""

from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from directory.permissions import is_staff
from portal.base.csv_export import csv_response
from referrals.access import signed_in
from referrals.figures.presentation import DIVISIONS, divisions, figures_context, quarter_words, table_of
from referrals.figures.quarters import Quarter, next_told
from referrals.figures.reading import View, told, view_of
from referrals.figures.tables import Told


class _Asked(NamedTuple):
    """What the address asks for. quarter: None when nothing is told yet."""

    view: View
    figures: dict[Quarter, Told]
    quarter: Quarter | None
    by: str


@require_GET
@signed_in
def figures(request: HttpRequest) -> HttpResponse:
    """A quarter in figures: what became of the requests, divided, and beside the quarters before."""
    asked = _asked(request)
    coming = next_told(timezone.localdate())
    context = {
        "view": asked.view,
        "quarters": [(each.code, quarter_words(each)) for each in asked.figures],
        "quarter": asked.quarter,
        "coming": quarter_words(coming),
        "coming_on": coming.told_from,
        "smallest": settings.SMALLEST_GROUP_SHOWN,
        "query": request.GET,
    }
    if asked.quarter is not None:
        context |= figures_context(asked.figures, asked.quarter, asked.view, asked.by, request.GET.get("page"))
    return TemplateResponse(request, "referrals/figures/figures.html", context)


@require_GET
@signed_in
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The division that the page shows, as a file."""
    asked = _asked(request)
    if asked.quarter is None:
        raise Http404("nothing is told yet")
    columns, rows = table_of(asked.figures[asked.quarter], asked.view, asked.by).as_file
    return csv_response(f"lahetteet-{asked.quarter.code}-{asked.by}", columns, rows)


def _asked(request: HttpRequest) -> _Asked:
    """Http404 for whoever administers nothing, for an area that is not theirs and for what is not told."""
    view = view_of(request.user, request.GET.get("area", "")) if is_staff(request.user) else None
    if view is None:
        raise Http404("nothing here")
    by = request.GET.get("by", "stage")
    found = told()
    code = request.GET.get("quarter", "")
    quarter = next((each for each in found if code in ("", each.code)), None)
    if by not in DIVISIONS or (code and quarter is None):
        raise Http404("no such figures")
    # Whoever goes from all areas to one, or back, may come from a division that is not there.
    return _Asked(view, found, quarter, by if by in divisions(view) else "stage")
