"""The checklist of partnership as areas keep it: whose, how far, the list itself, as a file. Thin views."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.models import ModelLogEntry

from directory.models import (
    County,
    PartnershipAnswer,
    PartnershipGroup,
    PartnershipItem,
    PartnershipProgress,
    PartnershipState,
)
from directory.permissions import Action, areas_of, may_in_county
from portal.base.csv_export import csv_response
from portal.workspace.access import for_staff
from portal.workspace.administering.partnership_drawing import counts_of, progress_svg
from portal.workspace.administering.partnership_sheet import Sheet

LATEST = 10


def county_or_404(request: HttpRequest, code: str) -> County:
    """The area, if the person may keep its checklist."""
    county = County.objects.filter(pk=code).first()
    if county is None or not may_in_county(request.user, Action.KEEP_PARTNERSHIP, county.pk):
        raise Http404("no such area")
    return county


@require_GET
@for_staff
def partnership(request: HttpRequest) -> HttpResponse:
    """The person's areas and how far each has come; who has one area goes straight to it."""
    own = areas_of(request.user)
    counties = list(County.objects.all() if own is None else County.objects.filter(pk__in=own))
    if len(counties) == 1:
        return redirect("workspace:partnership_area", counties[0].pk)
    progress = PartnershipAnswer.objects.progress_of([each.pk for each in counties], PartnershipItem.objects.count())
    rows = sorted(((county, counts_of(progress[county.pk])) for county in counties), key=lambda row: str(row[0]))
    columns = [word for _fill, word, _count in rows[0][1]] if rows else []
    return TemplateResponse(request, "workspace/administering/partnership.html", {"rows": rows, "columns": columns})


@for_staff
@require_http_methods(["GET", "POST"])
def partnership_area(request: HttpRequest, code: str) -> HttpResponse:
    """The checklist of one area, to read, to fill in, to print."""
    county = county_or_404(request, code)
    sheet = Sheet(county)
    saved = 0
    if request.method == "POST":
        saved = sheet.save(request.POST, by=request.user)
        if not sheet.errors:
            part = request.POST.get("part", "")
            known = part if part in PartnershipGroup.values else ""
            address = reverse("workspace:partnership_area", args=[county.pk])
            return redirect(f"{address}?saved={known}#part-{known}" if known else address)
    errors, progress = sheet.errors, sheet.progress()
    context = {
        "county": county,
        "parts": sheet.parts(progress),
        "errors": errors,
        "saved": saved,
        "saved_part": request.GET.get("saved", ""),
        "latest": _latest(county),
        **_figure(progress),
    }
    return TemplateResponse(
        request, "workspace/administering/partnership_area.html", context, status=400 if errors else 200
    )


def _figure(progress: Mapping[PartnershipGroup, PartnershipProgress]) -> dict[str, Any]:
    """The picture and its table, whose rows lead to the parts."""
    words = [word for _fill, word, _count in counts_of(next(iter(progress.values())))] if progress else []
    return {
        "svg": progress_svg(progress),
        "columns": [_("Part"), *words],
        "figures": [
            [
                format_html('<a href="#part-{}">{}</a>', group.value, group.label),
                *(count for _fill, _word, count in counts_of(each)),
            ]
            for group, each in progress.items()
        ],
    }


def _latest(county: County) -> list[dict[str, Any]]:
    """The latest changes of the area's answers, the newest first."""
    entries = ModelLogEntry.objects.for_instance(county).filter(action="directory.partnership")
    newest = list(entries.select_related("user").order_by("-timestamp", "-pk")[:LATEST])
    items = {item.key: item for item in PartnershipItem.objects.filter(key__in={each.data["item"] for each in newest})}
    return [
        {
            "at": each.timestamp,
            "by": each.user,
            "item": items.get(each.data["item"], each.data["item"]),
            "before": _state(each.data["from"]),
            "after": _state(each.data["to"]),
            "note": each.data["to"][1],
        }
        for each in newest
    ]


def _state(told: list[str] | None) -> str:
    return str(PartnershipState(told[0]).label) if told else ""


@require_GET
@for_staff
def partnership_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a file."""
    county = county_or_404(request, code)
    columns = [_("Part"), _("What should be in place"), _("How far"), _("Note"), _("Changed"), _("Changed by")]
    return csv_response(f"kumppanuus-{county.pk}", columns, _table(county))


def _table(county: County) -> list[list[object]]:
    answers = {each.item_id: each for each in PartnershipAnswer.objects.of_county(county.pk)}
    rows: list[list[object]] = []
    for group, items in PartnershipItem.objects.by_group():
        for item in items:
            answer = answers.get(item.pk)
            rows.append([group.label, str(item), *(_told(answer) if answer else ["", "", "", ""])])
    return rows


def _told(answer: PartnershipAnswer) -> list[object]:
    day = date_format(timezone.localtime(answer.changed_at), "SHORT_DATE_FORMAT")
    return [answer.get_state_display(), answer.note, day, str(answer.changed_by or "")]
