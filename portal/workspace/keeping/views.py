"""The first pages of the workspace: what needs me today, and an organisation. A check is given by POST alone."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from directory import actions
from directory.choices import CheckedHow
from directory.models import Membership, Review
from directory.permissions import Action, is_staff, may
from portal.workspace.access import organisation_or_404, service_or_404, signed_in
from portal.workspace.keeping import presentation_organisation as figures
from portal.workspace.keeping.presentation import home_context, kept_services, organisations_of


def go_back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page of ours that a form names in `next`, else to `otherwise`."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return redirect(wanted)
    return redirect(otherwise)


@require_GET
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What needs me today; everything else below."""
    context = home_context(request.user, timezone.now())
    context["is_staff"] = is_staff(request.user)
    return TemplateResponse(request, "workspace/keeping/home.html", context)


@require_POST
@signed_in
def still_right(request: HttpRequest, key: UUID) -> HttpResponse:
    """«This is still right», of one service."""
    service = service_or_404(request, key, action=Action.CONFIRM_SERVICE)
    # A second press on the same day says nothing new.
    if service.checked_on != timezone.localdate() or service.checked_by_id != request.user.pk:
        actions.confirm_service(service, by=request.user, how=_how(request, service.organisation))
    messages.success(request, _("Thank you. «%(title)s» is marked as checked today.") % {"title": service.title})
    return go_back(request, reverse("workspace:home"))


def _how(request: HttpRequest, organisation) -> str:
    """Who says so: the organisation's own people, or the directory's."""
    is_member = Membership.objects.filter(user=request.user, organisation=organisation).exists()
    return CheckedHow.KEEPER if is_member else CheckedHow.REVIEWER


@require_POST
@signed_in
def all_still_right(request: HttpRequest) -> HttpResponse:
    """«All of these are still right»: those that stood on the page and still wait for a check."""
    shown = set(request.POST.getlist("key"))
    organisations = [organisation for organisation, _membership in organisations_of(request.user)]
    kept = kept_services(organisations, timezone.now()) if organisations else []
    right = [each for each in kept if str(each.key) in shown and each.is_to_check]
    with transaction.atomic():
        for each in right:
            if may(request.user, Action.CONFIRM_SERVICE, each.row.organisation):
                actions.confirm_service(each.row, by=request.user, how=CheckedHow.KEEPER)
    words = ngettext(
        "Thank you. %(count)d listing is marked as checked today.",
        "Thank you. %(count)d listings are marked as checked today.",
        len(right),
    )
    messages.success(request, words % {"count": len(right)})
    return redirect("workspace:home")


@require_POST
@signed_in
def review_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The keeper has read a decision, and goes on to what it is about."""
    review = get_object_or_404(Review.objects.select_related("organisation__home_municipality", "service"), pk=pk)
    if not may(request.user, Action.SEE_ORGANISATION, review.organisation):
        raise Http404("no such review")
    Review.objects.filter(Q(pk=review.pk), seen_at=None).exclude(decided_at=None).update(seen_at=timezone.now())
    if review.service is not None:
        return go_back(request, reverse("workspace:service", args=[review.service.translation_key]))
    return go_back(request, reverse("workspace:organisation", args=[review.organisation.slug]))


@require_GET
@signed_in
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: its services with their state, and its figures."""
    found = organisation_or_404(request, slug)
    now = timezone.now()
    kept = kept_services([found], now)
    chosen = figures.filtered(kept, request.user, request.GET)
    page = Paginator(chosen, figures.PER_PAGE).get_page(request.GET.get("page"))
    waiting = Review.objects.filter(organisation=found, service=None).order_by("-submitted_at", "-pk").first()
    context = {
        "organisation": found,
        "kept_count": len(kept),
        "has_filters": len(kept) >= figures.FILTERS_FROM,
        "states": figures.state_choices(kept, request.GET),
        "page": page,
        "figures": figures.figures(found, kept, now),
        "own_review": waiting,
        "may_edit": may(request.user, Action.EDIT_ORGANISATION, found),
        "day": timezone.localdate(now),
    }
    return TemplateResponse(request, "workspace/keeping/organisation.html", context)
