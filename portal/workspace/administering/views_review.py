"""Deciding an edit, and looking at one that was public at once. Two who decide in one moment: the second is told."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from directory import actions
from directory.actions import AlreadyDecidedError, EditWaitsError
from directory.choices import CaseKind
from directory.difference_words import label_of
from directory.models import Organisation, Review
from directory.permissions import Action, may
from portal.workspace.access import for_staff, organisation_or_404
from portal.workspace.administering.forms import SendBackForm
from portal.workspace.administering.presentation_case import side_context
from portal.workspace.administering.presentation_queue import title_of, titles_of
from portal.workspace.administering.presentation_review import edits_of, inspection_pages, review_context
from portal.workspace.administering.views_case import case_or_404


def review_or_404(request: HttpRequest, pk: int) -> Review:
    """An edit of an organisation that the person may decide."""
    reviews = Review.objects.select_related(
        "organisation__home_municipality",
        "service__organisation__home_municipality",
        "service__locale",
        "service__latest_revision",
        "revision",
        "public_revision",
        "submitted_by",
        "decided_by",
    )
    found = get_object_or_404(reviews, pk=pk)
    if not may(request.user, Action.REVIEW, found.organisation):
        raise Http404("no such edit")
    return found


@require_GET
@for_staff
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The edit beside what is public."""
    return _page(request, review_or_404(request, pk))


def _page(request: HttpRequest, review: Review, status: int = 200, **more: Any) -> HttpResponse:
    context = {**review_context(review, request.user, timezone.localdate()), **more}
    return TemplateResponse(request, "workspace/administering/review.html", context, status=status)


@require_POST
@for_staff
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it public, with what the reviewer changed in place."""
    found = review_or_404(request, pk)
    context = review_context(found, request.user, timezone.localdate())
    content = dict(found.revision.content) if found.revision else {}
    edits = edits_of(request.POST, context["changes"], content)
    try:
        actions.approve(found, by=request.user, edits=edits or None)
    except AlreadyDecidedError:
        return _too_late(request, found)
    except PermissionDenied:
        return _page(request, found, 403)
    except ValidationError as error:
        return _page(request, found, 400, errors=_errors(found, error), typed=request.POST)
    title = context["row"]
    messages.success(
        request,
        _("«%(title)s» is public with your changes.") % {"title": title}
        if edits
        else _("«%(title)s» is public.") % {"title": title},
    )
    return redirect("workspace:queue")


@require_POST
@for_staff
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it back to its keeper, with a reason."""
    found = review_or_404(request, pk)
    form = SendBackForm(request.POST, auto_id="back-%s")
    if not form.is_valid():
        return _page(request, found, 400, send_back_form=form)
    try:
        actions.send_back(found, by=request.user, reason=form.cleaned_data["reason"], words=form.cleaned_data["words"])
    except AlreadyDecidedError:
        return _too_late(request, found)
    except PermissionDenied:
        return _page(request, found, 403)
    messages.success(request, _("Sent back. The keeper is told."))
    return redirect("workspace:queue")


def _too_late(request: HttpRequest, review: Review) -> HttpResponse:
    """Somebody was quicker, or a newer edit took its place: the page says who and what; nothing was done."""
    fresh = review_or_404(request, review.pk)
    return _page(request, fresh, 409, is_late=True)


def _errors(review: Review, error: ValidationError) -> list[dict[str, str]]:
    model = type(review.service or review.organisation)
    if not hasattr(error, "error_dict"):
        return [{"message": " ".join(error.messages), "href": "#changes"}]
    return [
        {"message": f"{label_of(model, name)}: {' '.join(words)}", "href": "#changes"}
        for name, words in error.message_dict.items()
    ]


# --- afterwards ------------------------------------------------------------------------------------------------------
@require_GET
@for_staff
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """An edit that was public at once, beside what was public before."""
    case = case_or_404(request, pk)
    if case.kind != CaseKind.INSPECTION:
        raise Http404("not to be looked at afterwards")
    context = {
        **side_context(case, request.user),
        "title": title_of(case, titles_of([case.key]) if case.key else {}),
        "pages": inspection_pages(case),
        "organisation": case.organisation,
        "may_trust": may(request.user, Action.TRUST, case.organisation),
    }
    return TemplateResponse(request, "workspace/administering/inspection.html", context)


@require_POST
@for_staff
def inspected(request: HttpRequest, pk: int) -> HttpResponse:
    """It looks good; or (do=restore) the former version comes back."""
    case = case_or_404(request, pk)
    if case.kind != CaseKind.INSPECTION:
        raise Http404("not to be looked at afterwards")
    if case.closed_at:
        messages.warning(request, _("This was closed meanwhile. Nothing was changed."))
        return redirect("workspace:inspection", pk)
    if request.POST.get("do") == "restore":
        try:
            for page in inspection_pages(case):
                actions.restore_public(page.row, page.former, by=request.user)
        except EditWaitsError:
            messages.error(request, _("A newer edit waits for approval. Decide that first."))
            return redirect("workspace:inspection", pk)
        actions.close_case(
            case, by=request.user, words=request.POST.get("words", "") or _("The former version was restored.")
        )
        messages.success(request, _("The former version is public again."))
    else:
        actions.close_case(case, by=request.user)
        messages.success(request, _("Looked at. The case is closed."))
    return redirect("workspace:queue")


@for_staff
def trust(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether an organisation's edits are public at once."""
    organisation: Organisation = organisation_or_404(request, slug, Action.TRUST)
    if request.method == "POST":
        trusted = request.POST.get("trusted") == "1"
        actions.trust_organisation(organisation, trusted=trusted, by=request.user)
        text = (
            _("«%(name)s» is trusted now.") if trusted else _("The edits of «%(name)s» wait for approval from now on.")
        )
        messages.success(request, text % {"name": organisation})
        return redirect("workspace:trust", slug)
    return TemplateResponse(request, "workspace/administering/trust.html", {"organisation": organisation})
