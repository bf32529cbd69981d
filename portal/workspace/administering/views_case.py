"""One case: what it is about, what can be done, and what the directory's people noted of it. Writes on POST only."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import actions
from directory.actions import may_be_closed
from directory.choices import CaseKind
from directory.locking import lock_case
from directory.models import Case, Service
from directory.permissions import Action, may, require
from portal.workspace.access import for_staff
from portal.workspace.administering.forms import AnswerForm, CheckForm, CloseForm, NoteForm, PersonForm
from portal.workspace.administering.presentation_case import case_context, keepers_to_choose, row_of
from portal.workspace.administering.presentation_queue import own_cases, page_of, people_for


def case_or_404(request: HttpRequest, pk: int) -> Case:
    """A case of the areas that the person administers."""
    cases = own_cases(request.user).select_related(
        "organisation__home_municipality__county", "report__service", "report__handled_by", "review__revision"
    )
    case = cases.filter(pk=pk).first()
    if case is None:
        raise Http404("no such case")
    return case


@require_GET
@for_staff
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is about, with everything needed to act."""
    return _page(request, case_or_404(request, pk))


def _page(request: HttpRequest, case: Case, status: int = 200, **forms_with_errors: Any) -> HttpResponse:
    context = {**case_context(case, request.user), **forms_with_errors}
    return TemplateResponse(request, "workspace/administering/case.html", context, status=status)


# --- what belongs to every case --------------------------------------------------------------------------------------
@require_POST
@for_staff
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Note something."""
    case = case_or_404(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, case, 400, note_form=form)
    actions.write_note(case, text=form.cleaned_data["text"], by=request.user)
    messages.success(request, _("The note is kept."))
    return redirect(page_of(case))


@require_POST
@for_staff
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it somebody's task, or nobody's."""
    case = case_or_404(request, pk)
    form = PersonForm(request.POST, people=people_for(request.user), is_optional=True)
    if not form.is_valid():
        raise Http404("no such person")
    person = form.cleaned_data["person"]
    if person is not None and not may(person, Action.WORK_CASE, case.organisation):
        messages.error(request, _("%(name)s does not administer this area.") % {"name": person})
        return redirect(page_of(case))
    actions.assign_case(case, to=person, by=request.user)
    messages.success(
        request, _("Now this is the task of %(name)s.") % {"name": person} if person else _("Given back to all.")
    )
    return redirect(page_of(case))


@require_POST
@for_staff
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin or stop watching."""
    case = case_or_404(request, pk)
    actions.watch_case(case, by=request.user, wanted=request.POST.get("wanted") == "1")
    return redirect(page_of(case))


# --- what ends a case ------------------------------------------------------------------------------------------------
def _ending(
    request: HttpRequest, pk: int, form_class: type[forms.Form], name: str, act: Callable[[Case, dict[str, Any]], str]
) -> HttpResponse:
    """Do what a form of an open case says, with its row kept from others; one that was closed meanwhile says so."""
    case = case_or_404(request, pk)
    form = form_class(request.POST)
    if not form.is_valid():
        return _page(request, case, 400, **{name: form})
    with transaction.atomic():
        lock_case(case)
        if case.closed_at:
            messages.warning(request, _("This was closed meanwhile. Nothing was changed."))
            return redirect(page_of(case))
        words = act(case, form.cleaned_data)
    messages.success(request, words)
    return redirect("workspace:queue")


@require_POST
@for_staff
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, with a note."""

    def act(case: Case, data: dict[str, Any]) -> str:
        if not may_be_closed(case):
            raise Http404("it is closed by deciding it")
        actions.close_case(case, by=request.user, words=data["words"])
        return _("The case is closed.")

    return _ending(request, pk, CloseForm, "close_form", act)


@require_POST
@for_staff
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the reader, or mark the report as handled."""

    def act(case: Case, data: dict[str, Any]) -> str:
        if case.report is None:
            raise Http404("no report")
        actions.answer_report(case.report, by=request.user, answer=data["answer"])
        return _("The report is handled.")

    return _ending(request, pk, AnswerForm, "answer_form", act)


def _close_or_note(case: Case, request: HttpRequest, words: str) -> None:
    """What waits for a decision of its own (a reader's answer) goes on waiting."""
    if may_be_closed(case):
        actions.close_case(case, by=request.user, words=words)
    elif words.strip():
        actions.write_note(case, text=words, by=request.user)


@require_POST
@for_staff
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody of the directory has called, or been there, and the listing is right."""

    def act(case: Case, data: dict[str, Any]) -> str:
        service = _service(case)
        require(request.user, Action.CONFIRM_SERVICE, service.organisation)
        actions.confirm_service(service, by=request.user, how=data["how"])
        _close_or_note(case, request, data["words"])
        return _("«%(title)s» is marked as checked today.") % {"title": service.title}

    return _ending(request, pk, CheckForm, "check_form", act)


@require_POST
@for_staff
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The listing has ended."""

    def act(case: Case, data: dict[str, Any]) -> str:
        service = _service(case)
        actions.end_service(service, by=request.user)
        _close_or_note(case, request, data["words"])
        return _("«%(title)s» is no longer public. It can be brought back.") % {"title": service.title}

    return _ending(request, pk, CloseForm, "end_form", act)


@require_http_methods(["POST"])
@for_staff
def keeper(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody of the organisation keeps the listing from now on."""
    case = case_or_404(request, pk)
    people = keepers_to_choose(case)

    def form_class(data: Any) -> PersonForm:
        return PersonForm(data, people=people)

    def act(case: Case, data: dict[str, Any]) -> str:
        service = _service(case)
        deputy = service.deputy if service.deputy_id != data["person"].pk else None
        try:
            actions.set_keepers(service, owner=data["person"], deputy=deputy, by=request.user)
        except ValidationError:
            actions.set_keepers(service, owner=data["person"], deputy=None, by=request.user)
        _close_or_note(case, request, "")
        return _("%(name)s keeps «%(title)s» now.") % {"name": data["person"], "title": service.title}

    return _ending(request, pk, form_class, "keeper_form", act)  # type: ignore[arg-type]


def _service(case: Case) -> Service:
    service = row_of(case)
    if service is None or case.kind == CaseKind.REVIEW:
        raise Http404("no service")
    return service
