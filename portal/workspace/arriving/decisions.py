"""Staff pages of coming in: deciding a claim; who administers which area."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory import actions
from directory.choices import ClaimState, Role
from directory.models import AreaRole, Claim, County, Membership, Organisation
from directory.organisation_finder import as_business_id, domain_of, fold, lookalikes, mail_hint
from directory.permissions import Action, Relation, central_relations, may
from portal.accounts.models import User
from portal.workspace.access import for_staff
from portal.workspace.arriving.forms import ApproveForm, AreaForm, RefuseForm, add_errors


def _proposed(claim: Claim) -> Organisation:
    """What would be made, for looking for others like it."""
    return claim.organisation or Organisation(
        names={"fi": claim.proposed_name},
        business_id=claim.proposed_business_id,
        website=claim.proposed_website,
        home_municipality=claim.proposed_municipality,
    )


def _claim_or_404(request: HttpRequest, pk: int) -> Claim:
    rows = Claim.objects.select_related(
        "user", "organisation__home_municipality__county", "proposed_municipality__county", "decided_by"
    )
    claim = get_object_or_404(rows, pk=pk)
    if not actions.may_decide(request.user, claim):
        raise Http404("not of your area")
    return claim


@for_staff
@require_http_methods(["GET", "POST"])
def claim_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is needed to let somebody in, or not."""
    claim = _claim_or_404(request, pk)
    organisation = _proposed(claim)
    is_new = claim.organisation is None
    alike = lookalikes(organisation) if claim.state == ClaimState.WAITING else []
    # A lookalike of another area is shown, and is for that area to give.
    ours = [each.organisation for each in alike if may(request.user, Action.DECIDE_CLAIM, each.organisation)]
    team = Membership.objects.filter(organisation=claim.organisation).select_related("user") if not is_new else []
    has_owner = any(each.role == Role.OWNER and each.user.is_active for each in team)
    says_yes, says_no = (request.POST.get("decision") == each for each in ("approve", "refuse"))
    approve_form = ApproveForm(
        request.POST if says_yes else None, lookalikes=ours if is_new else None, has_owner=has_owner
    )
    refuse_form = RefuseForm(request.POST if says_no else None)
    try:
        if says_yes and approve_form.is_valid():
            _approve(claim, approve_form, ours, by=request.user)
            messages.success(request, _("Approved. The person gets a letter."))
            return redirect("workspace:claim_decision", pk=pk)
        if says_no and refuse_form.is_valid():
            actions.refuse_claim(claim, by=request.user, words=refuse_form.cleaned_data["words"])
            messages.success(request, _("Refused. The person gets a letter."))
            return redirect("workspace:claim_decision", pk=pk)
    except actions.AlreadyDecidedError:
        messages.error(request, _("Somebody else has decided this meanwhile."))
        return redirect("workspace:claim_decision", pk=pk)
    except ValidationError as error:
        add_errors(approve_form if says_yes else refuse_form, error)
    context = {
        "claim": claim,
        "organisation": organisation,
        "is_new": is_new,
        "is_own": claim.user_id == request.user.pk,
        "case": getattr(claim, "case", None),
        "alike": alike,
        "rivals": _rivals(claim),
        "team": team,
        "mail_domain": domain_of(claim.user.email),
        "mail_hint": mail_hint(claim.user.email, organisation),
        "has_right_number": bool(as_business_id(organisation.business_id)),
        "approve_form": approve_form,
        "refuse_form": refuse_form,
    }
    status = 400 if approve_form.errors or refuse_form.errors else 200
    return TemplateResponse(request, "workspace/arriving/claim_decision.html", context, status=status)


def _approve(claim: Claim, form: ApproveForm, ours: list[Organisation], *, by: User) -> None:
    values = form.cleaned_data
    actions.approve_claim(
        claim,
        by=by,
        proof=values["proof"],
        proof_note=values["proof_note"],
        role=values.get("role", Role.OWNER),
        organisation=next((each for each in ours if str(each.pk) == values.get("organisation")), None),
        words=values["words"],
    )


def _rivals(claim: Claim) -> list[Claim]:
    """Others who wait for the same organisation, or for one of the same name."""
    waiting = Claim.objects.filter(state=ClaimState.WAITING).exclude(pk=claim.pk).select_related("user", "organisation")
    if claim.organisation is not None:
        return list(waiting.filter(organisation=claim.organisation))
    name = fold(claim.proposed_name)
    return [each for each in waiting.filter(organisation=None) if fold(each.proposed_name) == name]


@for_staff
@require_http_methods(["GET", "POST"])
def area_roles(request: HttpRequest) -> HttpResponse:
    """Who administers which area. For central administrators alone."""
    if Relation.ADMINISTRATOR not in central_relations(request.user):
        raise Http404("nothing here")
    is_ending = "end" in request.POST
    form = AreaForm(request.POST if request.method == "POST" and not is_ending else None)
    if is_ending:
        actions.revoke_area(get_object_or_404(AreaRole, pk=_number(request.POST["end"])), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("workspace:area_roles")
    if form.is_bound and form.is_valid():
        user = User.objects.filter(email__iexact=form.cleaned_data["email"], is_active=True).first()
        if user is None:
            form.add_error("email", _("Nobody has an account with this address. Ask the person to make one first."))
        else:
            actions.grant_area(user, form.cleaned_data["county"], by=request.user)
            messages.success(request, _("Saved."))
            return redirect("workspace:area_roles")
    roles: dict[str, list[AreaRole]] = {}
    for role in AreaRole.objects.select_related("user", "county").order_by("county", "user__last_name", "pk"):
        roles.setdefault(role.county_id, []).append(role)
    areas = [{"county": county, "roles": roles.get(county.pk, [])} for county in County.objects.all()]
    context = {"form": form, "areas": sorted(areas, key=lambda area: str(area["county"]))}
    status = 400 if form.is_bound and form.errors else 200
    return TemplateResponse(request, "workspace/arriving/area_roles.html", context, status=status)


def _number(text: str) -> int:
    if not text.isdigit():
        raise Http404("no number")
    return int(text)
