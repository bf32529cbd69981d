"""What holds for a while: full, a waiting list, closed, a notice. One tap leads here, one sets it, one clears it."""

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from directory import actions
from directory.choices import Capacity
from directory.contents import content_of, newest, newest_content
from directory.models import Service
from directory.permissions import Action
from portal.accounts.models import User
from portal.workspace.access import service_or_404, signed_in
from portal.workspace.keeping.forms_quick import (
    CAPACITIES,
    CLOSED,
    NOTICE,
    CapacityForm,
    ClosedForm,
    NoticeForm,
    closing,
)
from portal.workspace.keeping.presentation import in_reading_order
from portal.workspace.keeping.presentation_service import right_now

# What stands in the address: ?what=full.
WHAT = (*CAPACITIES, CLOSED, NOTICE)


def _rows(service: Service) -> list[Service]:
    rows = Service.objects.of_keys([service.translation_key]).select_related(
        "locale", "organisation", "latest_revision"
    )
    # What is public comes first: what is set there reaches the drafts of other languages.
    return sorted(in_reading_order(rows), key=lambda row: not row.live)


def _form(what: str, rows: Sequence[Service], today: datetime.date, data: Any) -> Any:
    if what == CLOSED:
        return ClosedForm(data, today=today)
    if what == NOTICE:
        notices = {row.language: (row if row.live else newest(row)).current_notice for row in rows}
        return NoticeForm(data, rows=rows, notices=notices, today=today)
    return CapacityForm(data, today=today, capacity=what, language=rows[0].language)


@require_http_methods(["GET", "POST"])
@signed_in
def quick(request: HttpRequest, key: UUID) -> HttpResponse:
    """Choose what holds for a while, and until when."""
    service = service_or_404(request, key, action=Action.SET_NOTICE)
    rows, today = _rows(service), timezone.localdate()
    what = request.GET.get("what", "")
    data = request.POST if request.method == "POST" else None
    form = _form(what, rows, today, data) if what in WHAT else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _set(rows, what, form, by=request.user, today=today)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Done. It is shown at once, and goes away by itself."))
            return redirect("workspace:service", key=key)
    context = {
        "service": service,
        "what": what,
        "form": form,
        "title": _title(what),
        "now": right_now(rows, today),
        "is_public": any(row.live for row in rows),
    }
    status = 400 if request.method == "POST" else 200
    return TemplateResponse(request, "workspace/keeping/quick.html", context, status=status)


def _title(what: str) -> str:
    if what in CAPACITIES:
        return str(Capacity(what).label)
    return {CLOSED: _("Closed for a while"), NOTICE: _("Temporary notice")}.get(what, _("What is different just now?"))


@transaction.atomic
def _set(rows: Sequence[Service], what: str, form: Any, *, by: User, today: datetime.date) -> None:
    if what == CLOSED:
        new = form.contents()
        kept = [each for each in _closings(rows[0], today) if not _same_days(each, new)]
        _write_closings(rows[0], [*kept, new], by=by)
        return
    for row in rows:
        actions.change_at_once(row, form.contents(row), by=by)


def _closings(row: Service, today: datetime.date) -> list[dict[str, Any]]:
    """The exceptions to the hours that are not past; those lapse here."""
    content = content_of(row) if row.live else newest_content(row)
    return [each for each in content.get("opening_exceptions") or () if each["date_to"] >= today.isoformat()]


def _same_days(one: dict[str, Any], other: dict[str, Any]) -> bool:
    names = ("date_from", "date_to", "is_closed", "place")
    return all(one.get(name) == other.get(name) for name in names)


def _write_closings(row: Service, closings: list[dict[str, Any]], *, by: User) -> None:
    values = [{**each, "sort_order": position} for position, each in enumerate(closings)]
    # The other languages follow: exceptions are facts (directory.sharing).
    actions.change_at_once(row, {"opening_exceptions": values}, by=by)


@require_POST
@signed_in
def clear(request: HttpRequest, key: UUID) -> HttpResponse:
    """It holds no longer: one press."""
    service = service_or_404(request, key, action=Action.SET_NOTICE)
    rows, today = _rows(service), timezone.localdate()
    what = request.POST.get("what", "")
    with transaction.atomic():
        if what == CLOSED:
            gone = closing(*_posted_days(request), "") if _posted_days(request) else None
            kept = [each for each in _closings(rows[0], today) if gone is None or not _same_days(each, gone)]
            _write_closings(rows[0], kept, by=request.user)
        elif what == NOTICE:
            for row in rows:
                actions.change_at_once(row, {"notice": "", "notice_until": None}, by=request.user)
        else:
            values = {"capacity": Capacity.UNKNOWN.value, "capacity_until": None, "capacity_note": ""}
            for row in rows:
                actions.change_at_once(row, values, by=request.user)
    messages.success(request, _("Cleared. The listing says nothing of it any more."))
    return redirect("workspace:service", key=key)


def _posted_days(request: HttpRequest) -> tuple[datetime.date, datetime.date] | None:
    try:
        first, last = (datetime.date.fromisoformat(request.POST.get(name, "")) for name in ("first", "last"))
    except ValueError:
        return None
    return first, last
