"""The step form of a service: one topic a page, saved at every step, nothing typed lost. Thin: see page.

What is typed and cannot be saved (yet) is kept by unsaved; two people's edits of the same field meet in
conflict; the last step is send.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory.actions import EditConflictError, begin_service, edit, forget_input
from directory.actions.places import add_place
from directory.choices import ReviewState
from directory.contents import content_at, newest_content
from directory.models import Organisation, Service
from directory.permissions import Action
from portal.base import languages
from portal.base.ratelimit import is_too_often
from portal.workspace.access import organisation_or_404, service_or_404, signed_in
from portal.workspace.keeping.form import steps
from portal.workspace.keeping.form.advice import advice_on, by_field
from portal.workspace.keeping.form.choices import services_with
from portal.workspace.keeping.form.conflict import chosen, conflict_page
from portal.workspace.keeping.form.page import StepPage, with_one_more, with_place, with_rows
from portal.workspace.keeping.form.parts import RowsFormSet
from portal.workspace.keeping.form.progress import progress
from portal.workspace.keeping.form.steps import BY_CODE, FIRST, Step
from portal.workspace.keeping.form.unsaved import keep, keeps_what_is_sent, kept_for, others_words, saved_words

ADVICE_PER_MINUTE = 120
_SALT = "workspace.form.base"


# --- from which version one began ------------------------------------------------------------------------------------
def signed_base(service: Service, revision: int | None) -> str:
    """The version that a page was filled from, for a hidden field: nobody can name another's, or a later one."""
    return signing.dumps([service.pk, revision], salt=_SALT)


def base_of(service: Service, signed: str) -> int | None:
    """The version that a page was filled from; None when the page does not tell it."""
    try:
        number, revision = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return None
    return revision if number == service.pk else None


# --- a new service ---------------------------------------------------------------------------------------------------
@keeps_what_is_sent
@require_http_methods(["GET", "POST"])
def service_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The first step of a service that is not there yet: its name, one sentence and kind make the draft."""
    organisation = organisation_or_404(request, slug, Action.EDIT_SERVICE)
    step, language = BY_CODE[FIRST], _language(request.POST.get("language"))
    if request.method == "POST":
        if request.POST.get("do") == "discard":
            forget_input(by=request.user, organisation=organisation, service=None, step=FIRST)
            return redirect(request.path)
        page = StepPage(step, organisation=organisation, language=language, content={}, data=request.POST)
        if page.is_valid():
            told = page.questions.cleaned_data
            service = begin_service(
                organisation,
                by=request.user,
                title=told["title"],
                summary=told["summary"],
                kind=told["kind"],
                language=language,
            )
            forget_input(by=request.user, organisation=organisation, service=None, step=FIRST)
            messages.success(request, _("The draft is saved. Only your own people see it until you send it."))
            return _onwards(request, service, step)
        keep(request, organisation, None, FIRST)
        return _show(request, page, language=language, status=400)
    kept = kept_for(request, organisation, None, FIRST)
    data = kept[0] if kept and kept[0].get("title", "").strip() + kept[0].get("summary", "").strip() else None
    language = _language(data.get("language") if data else get_language())
    page = StepPage(
        step, organisation=organisation, language=language, content={}, data=data, is_quiet=data is not None
    )
    return _show(request, page, language=language, restored_at=kept[1] if kept and data is not None else None)


def _language(code: str | None) -> str:
    return code if code in languages.CODES else languages.FINNISH


# --- a step ----------------------------------------------------------------------------------------------------------
@signed_in
@require_GET
def service_edit(request: HttpRequest, key: UUID, language: str) -> HttpResponse:
    """Where the form of one language of a service begins."""
    service = service_or_404(request, key, language)
    return redirect("workspace:service_step", key=key, language=service.language, step=FIRST)


@keeps_what_is_sent
@require_http_methods(["GET", "POST"])
def service_step(request: HttpRequest, key: UUID, language: str, step: str) -> HttpResponse:
    """One step of the form."""
    service = service_or_404(request, key, language)
    if request.method == "POST":
        return _receive(request, service, BY_CODE[step])
    content = newest_content(service)
    kept = kept_for(request, service.organisation, service, step)
    if kept:
        page = _page(service, BY_CODE[step], content, kept[0], is_quiet=True)
        if _says_more(_page(service, BY_CODE[step], content, kept[0])):
            return _show(request, page, restored_at=kept[1], base=base_of(service, kept[0].get("base", "")))
    return _show(request, _page(service, BY_CODE[step], content), base=service.latest_revision_id)


def _page(
    service: Service, step: Step, content: dict[str, Any], data: QueryDict | None = None, *, is_quiet: bool = False
) -> StepPage:
    return StepPage(
        step,
        organisation=service.organisation,
        language=service.language,
        content=content,
        service=service,
        data=data,
        is_quiet=is_quiet,
    )


def _says_more(page: StepPage) -> bool:
    """Whether what was typed is anything else than what is saved."""
    return not page.is_valid() or bool(page.values()) or _new_place_in(page)


def _new_place_in(page: StepPage) -> bool:
    return page.places is not None and page.places.new.has_changed()


def _receive(request: HttpRequest, service: Service, step: Step) -> HttpResponse:
    """What was sent: kept first, then done."""
    do, _colon, part = request.POST.get("do", "").partition(":")
    organisation = service.organisation
    if do == "discard":
        forget_input(by=request.user, organisation=organisation, service=service, step=step.code)
        return redirect(request.path)
    base = base_of(service, request.POST.get("base", ""))
    content = content_at(service, base) or newest_content(service)
    if do in ("add", "copy") and part in step.parts:
        data = _more_of(request, service, part) if do == "copy" else with_one_more(request.POST, part)
        keep(request, organisation, service, step.code)
        page = _page(service, step, content, data, is_quiet=True)
        return _show(request, page, base=base, grown=part)
    page = _page(service, step, content, request.POST)
    if do == "place" and _new_place_in(page) and page.places and page.places.new.is_valid():
        page = _page(service, step, content, _with_new_place(request, page), is_quiet=True)
        keep(request, organisation, service, step.code)
        return _show(request, page, base=base, grown="service_places")
    if not page.is_valid():
        keep(request, organisation, service, step.code)
        return _show(request, page, base=base, status=400)
    if _new_place_in(page):
        page = _page(service, step, content, _with_new_place(request, page))
        page.is_valid()
    return _save(request, service, page, base)


def _more_of(request: HttpRequest, service: Service, part: str) -> QueryDict:
    """What was sent, with the rows of another of the organisation's services."""
    number = request.POST.get(f"copy-{part}", "")
    sources = services_with(part, service.organisation, service) if part in RowsFormSet.copied else []
    source = next((each for each in sources if str(each.pk) == number), None)
    if source is None:
        return request.POST
    rows = newest_content(Service.objects.select_related("latest_revision").get(pk=source.pk)).get(part) or []
    return with_rows(request.POST, part, rows, service.organisation)


def _with_new_place(request: HttpRequest, page: StepPage) -> QueryDict:
    told = page.places.new.values() if page.places else {}
    place = add_place(page.organisation, by=request.user, **told)
    return with_place(page.questions.data, place)


def _save(request: HttpRequest, service: Service, page: StepPage, base: int | None) -> HttpResponse:
    step, organisation = page.step, service.organisation
    values, over, open_conflicts = chosen(request, service, page, base)
    if open_conflicts:
        keep(request, organisation, service, step.code)
        return conflict_page(request, service, page, open_conflicts, over=over)
    try:
        edit(service, values, by=request.user, base=over or base)
    except EditConflictError as error:
        keep(request, organisation, service, step.code)
        return conflict_page(request, service, page, error.conflicts, over=error.theirs.pk if error.theirs else None)
    except ValidationError as error:
        keep(request, organisation, service, step.code)
        page.add_errors(error.message_dict if hasattr(error, "error_dict") else {"": error.messages})
        return _show(request, page, base=base, status=400)
    forget_input(by=request.user, organisation=organisation, service=service, step=step.code)
    return _onwards(request, service, step)


def _onwards(request: HttpRequest, service: Service, step: Step) -> HttpResponse:
    """To the next step, or back to the service's own page."""
    following = steps.after(step.code)
    if request.POST.get("do") == "later" or following is None:
        messages.success(request, _("Saved. You can go on whenever you like."))
        return redirect("workspace:service", key=service.translation_key)
    # The next page tells when the step was saved.
    return redirect(
        "workspace:service_step", key=service.translation_key, language=service.language, step=following.code
    )


def _show(
    request: HttpRequest,
    page: StepPage,
    *,
    language: str = "",
    base: int | None = None,
    restored_at: Any = None,
    grown: str = "",
    status: int = 200,
) -> HttpResponse:
    service, now = page.service, timezone.now()
    texts = page.texts()
    advice = advice_on(
        page.organisation, service.language if service else language, page.content, texts, timezone.localdate(now)
    )
    saved_at = service.latest_revision.created_at if service and service.latest_revision else None
    review = service.reviews.order_by("-submitted_at").first() if service else None
    context = {
        "organisation": page.organisation,
        "service": service,
        "step": page.step,
        "page": page,
        "number": steps.number_of(page.step.code),
        "count": len(steps.STEPS),
        "steps": progress(service, page.content, page.step.code),
        "previous": steps.before(page.step.code),
        "language": language,
        "languages": languages.ALL,
        "base": signed_base(service, base) if service else "",
        "restored": saved_words(restored_at, now) if restored_at else "",
        "saved": saved_words(saved_at, now) if saved_at else "",
        "others": others_words(service, request.user, now) if service else "",
        "sent_back": review if review and review.state == ReviewState.SENT_BACK else None,
        "advice": by_field(advice, texts),
        "grown": grown,
    }
    return TemplateResponse(request, "workspace/keeping/form/step.html", context, status=status)


# --- while one writes ------------------------------------------------------------------------------------------------
def _kept_answer(request: HttpRequest, organisation: Organisation, service: Service | None, step: str) -> HttpResponse:
    if not keep(request, organisation, service, step):
        return JsonResponse({"words": _("This is too long to be kept.")}, status=413)
    now = timezone.now()
    return JsonResponse({"words": saved_words(now, now)})


@signed_in
@require_POST
def service_autosave(request: HttpRequest, key: UUID, language: str, step: str) -> HttpResponse:
    """Keep what is typed, valid or not. Answers in words for the live region."""
    service = service_or_404(request, key, language)
    return _kept_answer(request, service.organisation, service, step)


@signed_in
@require_POST
def service_new_autosave(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what is typed of a service that is not there yet."""
    organisation = organisation_or_404(request, slug, Action.EDIT_SERVICE)
    return _kept_answer(request, organisation, None, FIRST)


@signed_in
@require_POST
def service_advice(request: HttpRequest, key: UUID, language: str, step: str) -> HttpResponse:
    """Writing help on what is typed just now: field → HTML. Nothing is stored."""
    service = service_or_404(request, key, language)
    if is_too_often(request, "advice", most=ADVICE_PER_MINUTE, seconds=60):
        return JsonResponse({}, status=429)
    content = newest_content(service)
    texts = _page(service, BY_CODE[step], content, request.POST, is_quiet=True).texts()
    ways = [
        value for name, value in request.POST.items() if name.startswith("contact_ways-") and name.endswith("-value")
    ]
    advice = advice_on(
        service.organisation,
        service.language,
        content,
        texts,
        timezone.localdate(),
        has_contact_way=any(ways) if ways else None,
    )
    found = by_field(advice, texts)
    count = sum(map(len, found.values()))
    words = ngettext("Writing help: %(count)d point", "Writing help: %(count)d points", count) % {"count": count}
    return JsonResponse(
        {
            "count": count,
            "words": words,
            "fields": {
                name: render_to_string("workspace/keeping/form/_advice.html", {"advice": found[name]})
                for name in texts
                if name in found
            },
        }
    )
