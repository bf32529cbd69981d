"""Coming in: find one's organisation, claim it or propose it, see what became of it, answer an invitation.

Looking works for everybody; asking begins with signing in, and comes back here from there.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from directory import actions
from directory.choices import ClaimState
from directory.models import Claim, Invitation, Membership, Organisation
from directory.organisation_finder import find_organisations, lookalikes
from portal.base.ratelimit import is_too_often
from portal.workspace.access import signed_in
from portal.workspace.arriving import letters
from portal.workspace.arriving.forms import ClaimForm, ProposalForm, add_errors
from portal.workspace.arriving.links import invitation_of

LONGEST_QUESTION = 200
SEARCHES_A_MINUTE, CLAIMS_AN_HOUR = 60, 10


def _ways_in(request: HttpRequest) -> dict[str, str]:
    """Signing in and making an account, each of which comes back to this page."""
    back = urlencode({"next": request.get_full_path()})
    return {
        "login_url": f"{reverse('account_login')}?{back}",
        "signup_url": f"{reverse('account_signup')}?{back}",
    }


@never_cache
@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """Search for one's organisation by name or Y-tunnus."""
    asked = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    too_often = bool(asked) and is_too_often(request, "arrive", most=SEARCHES_A_MINUTE, seconds=60)
    found = find_organisations(asked) if asked and not too_often else []
    with_people = set(Membership.objects.filter(organisation__in=found).values_list("organisation", flat=True))
    user = request.user
    context = {
        "asked": asked,
        "too_often": too_often,
        "found": [{"organisation": each, "has_people": each.pk in with_people} for each in found],
        "propose_url": f"{reverse('workspace:propose')}?{urlencode({'name': asked})}",
        "claims": Claim.objects.filter(user=user, state=ClaimState.WAITING).select_related("organisation")
        if user.is_authenticated
        else [],
    }
    return TemplateResponse(request, "workspace/arriving/arrive.html", context, status=429 if too_often else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to keep an organisation's listings."""
    organisation = get_object_or_404(Organisation.objects.public().select_related("home_municipality"), slug=slug)
    user = request.user
    if not user.is_authenticated and request.method == "POST":
        return redirect_to_login(request.get_full_path())
    form = ClaimForm(request.POST or None)
    if user.is_authenticated:
        if Membership.objects.filter(user=user, organisation=organisation).exists():
            return redirect("workspace:organisation", slug=slug)
        waiting = Claim.objects.filter(user=user, organisation=organisation, state=ClaimState.WAITING).first()
        if waiting:
            return redirect("workspace:claim_state", pk=waiting.pk)
        if request.method == "POST" and form.is_valid() and not _asks_too_often(request, form):
            made = actions.claim_organisation(user, organisation, message=form.cleaned_data["message"])
            letters.claim_received(made)
            return redirect("workspace:claim_state", pk=made.pk)
    context = {
        "organisation": organisation,
        "form": form,
        "has_people": Membership.objects.filter(organisation=organisation).exists(),
        **_ways_in(request),
    }
    return TemplateResponse(
        request, "workspace/arriving/claim.html", context, status=400 if form.is_bound and form.errors else 200
    )


def _asks_too_often(request: HttpRequest, form: ClaimForm) -> bool:
    if is_too_often(request, "claim", most=CLAIMS_AN_HOUR, seconds=3600):
        form.add_error(None, _("You have sent many requests. Try again in an hour."))
        return True
    return False


@never_cache
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Tell of an organisation that is missing. Those that look like it are shown before it is sent."""
    user = request.user
    if not user.is_authenticated:
        if request.method == "POST":
            return redirect_to_login(request.get_full_path())
        return TemplateResponse(request, "workspace/arriving/propose_sign_in.html", _ways_in(request))
    name = request.GET.get("name", "")[:LONGEST_QUESTION]
    form = ProposalForm(request.POST or None, initial={"name": "" if _is_number(name) else name})
    alike = []
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        has_looked = values.pop("none_of_these")
        alike = lookalikes(form.as_organisation(), Organisation.objects.public(), email=user.email)
        if (has_looked or not alike) and not _asks_too_often(request, form):
            try:
                made = actions.propose_organisation(user, **values)
            except ValidationError as error:
                add_errors(form, error)
            else:
                letters.claim_received(made)
                return redirect("workspace:claim_state", pk=made.pk)
    context = {"form": form, "alike": alike}
    return TemplateResponse(
        request, "workspace/arriving/propose.html", context, status=400 if form.is_bound and form.errors else 200
    )


def _is_number(text: str) -> bool:
    return text.replace("-", "").strip().isdigit()


@signed_in
@require_GET
def claim_state(request: HttpRequest, pk: int) -> HttpResponse:
    """How far my request is."""
    mine = get_object_or_404(Claim.objects.select_related("organisation"), pk=pk, user=request.user)
    return TemplateResponse(request, "workspace/arriving/claim_state.html", {"claim": mine})


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: GET shows it, POST joins."""
    found = invitation_of(token)
    if found is None:
        raise Http404("no such invitation")
    user = request.user
    if request.method == "POST":
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            actions.accept_invitation(found, user)
        except actions.InvitationClosedError:
            found.refresh_from_db()
        else:
            messages.success(request, _("Welcome! You now keep these listings."))
            return redirect("workspace:organisation", slug=found.organisation.slug)
    is_member = user.is_authenticated and Membership.objects.filter(user=user, organisation=found.organisation).exists()
    context = {
        "invitation": found,
        "role_words": letters.role_words(found.role),
        "is_open": Invitation.objects.open().filter(pk=found.pk).exists(),
        "is_member": is_member,
        "is_other_address": user.is_authenticated and user.email.lower() != found.email,
        **_ways_in(request),
    }
    return TemplateResponse(
        request, "workspace/arriving/invitation.html", context, status=409 if request.method == "POST" else 200
    )
