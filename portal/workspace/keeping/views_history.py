"""Every version of a service in one language: who, when, what; any of them back as the newest draft."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from directory import actions
from directory.permissions import Action
from portal.workspace.access import service_or_404, signed_in
from portal.workspace.keeping.presentation_history import history_page, version_of


@require_GET
@signed_in
def history(request: HttpRequest, key: UUID, language: str) -> HttpResponse:
    """All that has happened to the listing, the newest first."""
    service = service_or_404(request, key, language)
    page, events = history_page(service, request.user, request.GET.get("page"))
    context = {"service": service, "page": page, "events": events}
    return TemplateResponse(request, "workspace/keeping/history.html", context)


@require_GET
@signed_in
def version(request: HttpRequest, key: UUID, language: str, number: int) -> HttpResponse:
    """One version beside the one before it."""
    service = service_or_404(request, key, language)
    found = version_of(service, request.user, number)
    if found is None:
        raise Http404("no such version")
    return TemplateResponse(request, "workspace/keeping/version.html", {"service": service, "version": found})


@require_POST
@signed_in
def restore(request: HttpRequest, key: UUID, language: str, number: int) -> HttpResponse:
    """Take a version as the newest draft; what is public stays."""
    service = service_or_404(request, key, language, Action.RESTORE_VERSION)
    try:
        actions.restore_version(service, number, by=request.user)
    except ValueError as error:
        raise Http404("no such version") from error
    messages.success(request, _("That version is now your newest draft. Look it through, and send it."))
    return redirect("workspace:service", key=key)
