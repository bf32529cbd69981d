"""The queue: what waits, several at once, and the same as a file. Nothing is written on GET: it shows what would be."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from directory.models import Case
from portal.base.csv_export import csv_response
from portal.workspace.access import for_staff
from portal.workspace.administering import bulk
from portal.workspace.administering.bulk import BulkAction
from portal.workspace.administering.forms import CloseForm
from portal.workspace.administering.presentation_queue import (
    PER_PAGE,
    own_cases,
    people_for,
    queue_context,
    queue_table,
    title_of,
    titles_of,
)


@require_GET
@for_staff
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a person of the directory, the oldest first."""
    context = queue_context(request.GET, request.user, timezone.now())
    context["bulk_actions"] = BulkAction.choices
    return TemplateResponse(request, "workspace/administering/queue.html", context)


@require_GET
@for_staff
def queue_csv(request: HttpRequest) -> HttpResponse:
    """The same cases as a file."""
    columns, rows = queue_table(request.GET, request.user, timezone.now())
    return csv_response("jono", columns, rows)


@require_http_methods(["GET", "POST"])
@for_staff
def queue_bulk(request: HttpRequest) -> HttpResponse:
    """Several cases at once. GET shows what would become of each; POST does it."""
    asked = request.POST if request.method == "POST" else request.GET
    cases = _chosen(request, asked.getlist("case"))
    action = asked.get("action", "")
    if not cases or action not in BulkAction.values:
        messages.warning(request, _("Tick the cases, and choose what to do with them."))
        return redirect("workspace:queue")
    people = people_for(request.user)
    to = next((person for person in people if str(person.pk) == asked.get("to", "")), None)
    if action == BulkAction.ASSIGN and to is None:
        messages.warning(request, _("Choose to whom the cases are given."))
        return redirect("workspace:queue")
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["words"]
        done = list(bulk.carry_out(cases, action, by=request.user, to=to, note=note))
        _tell(request, done)
        return redirect("workspace:queue")
    titles = titles_of(case.key for case in cases if case.key)
    found = bulk.effects(cases, action, by=request.user, to=to)
    context = {
        "action": action,
        "label": BulkAction(action).label,
        "to": to,
        "changing": [(effect, title_of(effect.case, titles)) for effect in found if effect.will_change],
        "staying": [(effect, title_of(effect.case, titles)) for effect in found if not effect.will_change],
        "form": form if action == BulkAction.CLOSE else None,
    }
    return TemplateResponse(request, "workspace/administering/bulk.html", context)


def _chosen(request: HttpRequest, numbers: list[str]) -> list[Case]:
    wanted = {int(number) for number in numbers[:PER_PAGE] if number.isdecimal() and len(number) < 19}
    cases = own_cases(request.user).select_related(
        "organisation__home_municipality", "review__revision", "review__public_revision", "review__service", "report"
    )
    found = list(cases.filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise Http404("no such case")
    return found


def _tell(request: HttpRequest, effects: list[Any]) -> None:
    done = sum(effect.will_change for effect in effects)
    if done:
        text = ngettext("%(count)d case was changed.", "%(count)d cases were changed.", done)
        messages.success(request, text % {"count": done})
    if left := len(effects) - done:
        text = ngettext("%(count)d case was left as it was.", "%(count)d cases were left as they were.", left)
        messages.warning(request, text % {"count": left})
