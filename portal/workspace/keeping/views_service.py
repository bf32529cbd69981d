"""One service's pages: its home, copying, ending, taking back, another language, answering readers, preview."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.models import Locale

from directory import actions
from directory.contents import newest
from directory.models import FactReport, Service
from directory.permissions import Action, may
from directory.presentation import service_context as public_context
from portal.workspace.access import service_or_404, signed_in
from portal.workspace.keeping.forms import AnswerForm, CopyForm
from portal.workspace.keeping.presentation import step_url
from portal.workspace.keeping.presentation_service import service_context
from search.findability import findability


@require_GET
@signed_in
def service(request: HttpRequest, key: UUID) -> HttpResponse:
    """The home of one service in the workspace."""
    return _service_page(request, service_or_404(request, key))


def _service_page(request: HttpRequest, found: Service, form: AnswerForm | None = None) -> HttpResponse:
    context = service_context(found, request.user, timezone.now())
    context["answers"] = [
        {
            "report": report,
            "form": form if form and form.instance.pk == report.pk else AnswerForm(auto_id=f"id_{report.pk}_%s"),
        }
        for report in context["open_reports"]
    ]
    status = 400 if form else 200
    return TemplateResponse(request, "workspace/keeping/service.html", context, status=status)


@require_GET
@signed_in
def service_findability(request: HttpRequest, key: UUID) -> HttpResponse:
    """Searches that find the service, and some that do not."""
    found = service_or_404(request, key)
    is_draft = not found.live or found.has_unpublished_changes
    context = {"service": found, "found": findability(newest(found), is_draft=is_draft), "is_draft": is_draft}
    return TemplateResponse(request, "workspace/keeping/findability.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def copy(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin a new service with the texts and facts of this one. Its name is asked."""
    found = service_or_404(request, key)
    form = CopyForm(request.POST if request.method == "POST" else None, instance=Service(title=""))
    if form.is_valid():
        new = actions.copy_service(found, by=request.user, title=form.cleaned_data["title"])
        messages.success(request, _("The copy is a draft that nobody else sees. Go through it before you send it."))
        return redirect("workspace:service", key=new.translation_key)
    context = {"service": found, "form": form}
    return TemplateResponse(
        request, "workspace/keeping/copy.html", context, status=400 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "POST"])
@signed_in
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """«This has ended», or bringing back: what happens is told first, and done after a yes."""
    found = service_or_404(request, key, action=Action.END_SERVICE)
    if request.method == "POST":
        if found.withdrawn_on is None:
            actions.end_service(found, by=request.user)
            messages.success(request, _("«%(title)s» is off the public side now.") % {"title": found.title})
        else:
            actions.resume_service(found, by=request.user)
            messages.success(request, _("«%(title)s» is back.") % {"title": found.title})
        return redirect("workspace:service", key=key)
    return TemplateResponse(request, "workspace/keeping/end.html", {"service": found})


@require_POST
@signed_in
def withdraw(request: HttpRequest, key: UUID, language: str) -> HttpResponse:
    """Take back what was sent for approval, to go on editing."""
    found = service_or_404(request, key, language)
    actions.withdraw_submission(found, by=request.user)
    messages.success(request, _("Taken back. You can go on editing; what is public stays as it is."))
    return redirect("workspace:service", key=key)


@require_POST
@signed_in
def begin_language(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin the service in one more language."""
    found = service_or_404(request, key)
    language = request.POST.get("language", "")
    if not Locale.objects.filter(language_code=language).exists():
        raise Http404("no such language")
    return redirect(step_url(actions.begin_translation(found, by=request.user, language=language)))


@require_POST
@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a reader who told of a mistake; without words it is marked as handled."""
    reports = FactReport.objects.select_related("service__organisation__home_municipality")
    report = get_object_or_404(reports, pk=pk, handled_at=None)
    if not may(request.user, Action.ANSWER_REPORT, report.service.organisation):
        raise Http404("no such report")
    form = AnswerForm(request.POST, instance=report, auto_id=f"id_{report.pk}_%s")
    if not form.is_valid():
        return _service_page(request, service_or_404(request, report.service.translation_key), form)
    try:
        actions.answer_report(report, by=request.user, answer=form.cleaned_data["answer"])
    except actions.AlreadyHandledError:
        messages.info(request, _("Somebody else has answered this meanwhile."))
        return redirect(reverse("workspace:service", args=[report.service.translation_key]))
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _service_page(request, service_or_404(request, report.service.translation_key), form)
    if report.email and report.answer:
        messages.success(request, _("Thank you. Your answer is on its way to the reader."))
    else:
        messages.success(request, _("Thank you. The report is marked as handled."))
    return redirect(reverse("workspace:service", args=[report.service.translation_key]))


@require_GET
@signed_in
def preview(request: HttpRequest, key: UUID, language: str) -> HttpResponse:
    """The newest draft as the public would see it."""
    found = service_or_404(request, key, language)
    context = {**public_context(newest(found), timezone.now()), "kept": found, "page_lang": found.language}
    return TemplateResponse(request, "workspace/keeping/preview.html", context)
