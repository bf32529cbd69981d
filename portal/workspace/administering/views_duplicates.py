"""Likely duplicates: the list, «not the same», and making one of two with a choice for each field."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import actions
from directory.actions import CannotMergeError
from directory.contents import Cluster
from directory.models import DuplicateKind, Service
from portal.base.csv_export import csv_response
from portal.workspace.access import for_staff
from portal.workspace.administering.presentation_duplicates import (
    chosen_values,
    may_merge,
    pairs_for,
    rows_of,
    sections_of,
    twins_of,
    what_moves,
)
from portal.workspace.administering.presentation_queue import PER_PAGE


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in DuplicateKind.values else DuplicateKind.SERVICE


@require_GET
@for_staff
def duplicates(request: HttpRequest) -> HttpResponse:
    """What is probably in the directory twice."""
    kind = _kind(request)
    page = Paginator(pairs_for(kind, request.user), PER_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"label": label, "url": f"?kind={each}", "is_current": each == kind}
        for each, label in ((DuplicateKind.SERVICE, _("Services")), (DuplicateKind.ORGANISATION, _("Organisations")))
    ]
    context = {
        "kind": kind,
        "page": page,
        "twins": twins_of(kind, page.object_list),
        "tabs": tabs,
        "query": request.GET,
    }
    return TemplateResponse(request, "workspace/administering/duplicates.html", context)


@require_GET
@for_staff
def duplicates_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    kind = _kind(request)
    twins = twins_of(kind, pairs_for(kind, request.user))
    columns = [_("One"), _("Organisation"), _("The other"), _("Organisation"), _("Alike, %"), _("Why")]
    rows = ([each.a, _house_of(each.a), each.b, _house_of(each.b), each.likeness, each.why] for each in twins)
    return csv_response("kaksoiskappaleet", columns, rows)


def _house_of(row: Cluster) -> Cluster:
    return row.organisation if isinstance(row, Service) else row


def _two(request: HttpRequest, kind: str, one: UUID, other: UUID) -> tuple[Cluster, Cluster]:
    if kind not in DuplicateKind.values or one == other:
        raise Http404("no such kind")
    rows = rows_of(kind, [one, other])
    if len(rows) != 2 or not may_merge(request.user, *rows.values()):
        raise Http404("no such two")
    return rows[one], rows[other]


@require_POST
@for_staff
def not_duplicate(request: HttpRequest, kind: str, keep: UUID, drop: UUID) -> HttpResponse:
    """They look alike and are not the same."""
    one, other = _two(request, kind, keep, drop)
    actions.say_not_duplicate(one, other, by=request.user)
    messages.success(request, _("Noted: they are not the same. They are not offered again."))
    return redirect(f"{reverse('workspace:duplicates')}?kind={kind}")


@require_http_methods(["GET", "POST"])
@for_staff
def merge(request: HttpRequest, kind: str, keep: UUID, drop: UUID) -> HttpResponse:
    """The two side by side; POST makes one of them."""
    kept, dropped = _two(request, kind, keep, drop)
    sections = sections_of(kept, dropped)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        values = chosen_values(request.POST, sections, dropped)
        try:
            if kind == DuplicateKind.SERVICE:
                actions.merge_services(kept, dropped, values=values, by=request.user)
            else:
                actions.merge_organisations(kept, dropped, values=values.get("", []), by=request.user)
        except CannotMergeError:
            errors = [
                {
                    "message": _("An edit of one of them waits for approval, or they are merged already."),
                    "href": "#choices",
                }
            ]
        except ValidationError as error:
            errors = [{"message": " ".join(error.messages), "href": "#choices"}]
        else:
            messages.success(request, _("They are one now: «%(title)s».") % {"title": kept})
            return redirect(f"{reverse('workspace:duplicates')}?kind={kind}")
    context = {
        "kind": kind,
        "keep": kept,
        "drop": dropped,
        "sections": sections,
        "moves": what_moves(kept, dropped),
        "errors": errors,
        "posted": request.POST,
    }
    return TemplateResponse(request, "workspace/administering/merge.html", context, status=400 if errors else 200)
