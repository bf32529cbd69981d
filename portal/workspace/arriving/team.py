"""The people of an organisation: who is in the team, who keeps what, inviting, roles, leaving, handing over."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import actions
from directory.choices import Role
from directory.models import Invitation, Membership, Organisation, Service
from directory.permissions import Action, may
from portal.base import languages
from portal.base.ratelimit import is_too_often
from portal.workspace.access import organisation_or_404, service_or_404, signed_in
from portal.workspace.arriving.forms import HandOverForm, InviteForm, KeepersForm, RemoveForm, RoleForm, add_errors

INVITATIONS_AN_HOUR = 30
_FIRST = {Role.OWNER: 0, Role.DEPUTY: 1, Role.WRITER: 2}


@dataclass
class Member:
    """A line of the team page."""

    membership: Membership
    is_me: bool
    keeps: list[Service] = field(default_factory=list)
    stands_in: list[Service] = field(default_factory=list)


def _services(organisation: Organisation) -> list[Service]:
    """The organisation's services that have not ended, drafts too, each once."""
    rows = Service.objects.filter(organisation=organisation, withdrawn_on=None)
    best = rows.best_for(get_language() or languages.FINNISH)
    return list(best.only("title", "translation_key", "owner", "deputy", "organisation").order_by("title"))


def _team(organisation: Organisation) -> list[Membership]:
    rows = Membership.objects.filter(organisation=organisation).select_related("user", "organisation")
    return sorted(rows, key=lambda each: (_FIRST[Role(each.role)], str(each.user)))


def _lines(team: Iterable[Membership], services: Iterable[Service], me: int) -> list[Member]:
    keeps, stands_in = defaultdict(list), defaultdict(list)
    for service in services:
        keeps[service.owner_id].append(service)
        stands_in[service.deputy_id].append(service)
    return [Member(each, each.user_id == me, keeps[each.user_id], stands_in[each.user_id]) for each in team]


def _status(form) -> int:
    return 400 if form.is_bound and form.errors else 200


@signed_in
@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in the team and who keeps what."""
    organisation = organisation_or_404(request, slug)
    team, services = _team(organisation), _services(organisation)
    members = {each.user_id for each in team}
    may_manage = may(request.user, Action.MANAGE_TEAM, organisation)
    context = {
        "organisation": organisation,
        "lines": _lines(team, services, request.user.pk),
        "without_keeper": [each for each in services if each.owner_id not in members],
        "may_manage": may_manage,
        "is_member": request.user.pk in members,
        "invitations": Invitation.objects.open().filter(organisation=organisation) if may_manage else [],
        "may_keep": may(request.user, Action.EDIT_ORGANISATION, organisation),
    }
    return TemplateResponse(request, "workspace/arriving/team.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite somebody. The answer is the same whether the address has an account or not."""
    organisation = organisation_or_404(request, slug, Action.MANAGE_TEAM)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not _invites_too_often(request, form):
        try:
            actions.invite(organisation, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("workspace:team", slug=slug)
    context = {"organisation": organisation, "form": form}
    return TemplateResponse(request, "workspace/arriving/invite.html", context, status=_status(form))


def _invites_too_often(request: HttpRequest, form) -> bool:
    if is_too_often(request, "invite", most=INVITATIONS_AN_HOUR, seconds=3600):
        form.add_error(None, _("You have sent many invitations. Try again in an hour."))
        return True
    return False


@signed_in
@require_POST
def cancel_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an invitation back."""
    organisation = organisation_or_404(request, slug, Action.MANAGE_TEAM)
    actions.cancel_invitation(get_object_or_404(Invitation, pk=pk, organisation=organisation), by=request.user)
    messages.success(request, _("The invitation was taken back."))
    return redirect("workspace:team", slug=slug)


def _other_or_404(request: HttpRequest, organisation: Organisation, pk: int) -> Membership:
    """Somebody else of the team: one's own part is handed over."""
    others = Membership.objects.filter(organisation=organisation).exclude(user=request.user)
    return get_object_or_404(others.select_related("user", "organisation"), pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One person of the team: change the role, or see what removing would mean."""
    organisation = organisation_or_404(request, slug, Action.MANAGE_TEAM)
    membership = _other_or_404(request, organisation, pk)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(membership, role=form.cleaned_data["role"], by=request.user)
        except actions.LastOwnerError:
            form.add_error("role", _("Make somebody else an owner first: an organisation always has one."))
        else:
            messages.success(request, _("Saved."))
            return redirect("workspace:team", slug=slug)
    return _member_page(request, membership, form, status=_status(form))


def _member_page(
    request: HttpRequest,
    membership: Membership,
    form: RoleForm,
    remove_form: RemoveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    organisation = membership.organisation
    team = _team(organisation)
    others = [each for each in team if each.pk != membership.pk]
    line = _lines([membership], _services(organisation), request.user.pk)[0]
    context = {
        "organisation": organisation,
        "line": line,
        "form": form,
        "remove_form": remove_form or RemoveForm(team=others),
    }
    return TemplateResponse(request, "workspace/arriving/member.html", context, status=status)


@signed_in
@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a person off the team; to another member, or as the rules say, goes what they keep."""
    organisation = organisation_or_404(request, slug, Action.MANAGE_TEAM)
    membership = _other_or_404(request, organisation, pk)
    others = [each for each in _team(organisation) if each.pk != membership.pk]
    form = RemoveForm(request.POST, team=others)
    if form.is_valid():
        to = next((each.user for each in others if str(each.pk) == form.cleaned_data["to"]), None)
        try:
            actions.remove_member(membership, by=request.user, to=to)
        except actions.LastOwnerError:
            form.add_error(None, _("Make somebody else an owner first: an organisation always has one."))
        else:
            messages.success(request, _("The person is in the team no more."))
            return redirect("workspace:team", slug=slug)
    return _member_page(request, membership, RoleForm(initial={"role": membership.role}), form, status=400)


@signed_in
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, slug: str) -> HttpResponse:
    """My part goes to somebody else, and I leave."""
    organisation = organisation_or_404(request, slug)
    team = _team(organisation)
    mine = next((each for each in team if each.user_id == request.user.pk), None)
    if mine is None:
        raise Http404("not in the team")
    others = [each for each in team if each.pk != mine.pk]
    may_invite = may(request.user, Action.MANAGE_TEAM, organisation)
    is_last_owner = mine.role == Role.OWNER and not any(each.role == Role.OWNER for each in others)
    form = HandOverForm(request.POST or None, team=others, may_invite=may_invite)
    if request.method == "POST":
        if "leave" in request.POST:
            return _leave(request, organisation, is_last_owner)
        if form.is_valid() and (done := _hand_over(request, organisation, others, form)):
            return done
    line = _lines([mine], _services(organisation), request.user.pk)[0]
    context = {
        "organisation": organisation,
        "line": line,
        "form": form,
        "has_others": bool(others) or may_invite,
        "is_last_owner": is_last_owner,
    }
    return TemplateResponse(request, "workspace/arriving/hand_over.html", context, status=_status(form))


def _hand_over(request: HttpRequest, organisation: Organisation, others, form: HandOverForm) -> HttpResponse | None:
    """The way on, or None with the reason in the form."""
    values = form.cleaned_data
    try:
        if values["to"] == HandOverForm.NEW:
            if _invites_too_often(request, form):
                return None
            mine = Membership.objects.get(organisation=organisation, user=request.user)
            actions.invite(organisation, email=values["email"], role=mine.role, by=request.user, hands_over=True)
            messages.success(request, _("The invitation is on its way. Your part moves when the person comes."))
            return redirect("workspace:team", slug=organisation.slug)
        to = next(each.user for each in others if str(each.pk) == values["to"])
        actions.hand_over(request.user, to, organisation, by=request.user)
    except ValidationError as error:
        add_errors(form, error)
        return None
    except actions.LastOwnerError:
        form.add_error("to", _("Make somebody else an owner first: an organisation always has one."))
        return None
    messages.success(request, _("Handed over. Thank you for taking care of these listings."))
    return redirect("workspace:home")


def _leave(request: HttpRequest, organisation: Organisation, is_last_owner: bool) -> HttpResponse:
    if is_last_owner:
        messages.error(request, _("Make somebody else an owner first: an organisation always has one."))
        return redirect("workspace:hand_over", slug=organisation.slug)
    try:
        actions.leave(request.user, organisation)
    except actions.LastOwnerError:
        # Another owner left in the same moment.
        return _leave(request, organisation, is_last_owner=True)
    messages.success(request, _("You are in the team no more. Thank you for taking care of these listings."))
    return redirect("workspace:home")


@signed_in
@require_http_methods(["GET", "POST"])
def keepers(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who answers for one service."""
    service = service_or_404(request, key)
    if not actions.may_set_keepers(request.user, service):
        raise Http404("not yours to say")
    team = _team(service.organisation)
    by_pk = {str(each.user_id): each.user for each in team}
    now = {"owner": str(service.owner_id or ""), "deputy": str(service.deputy_id or "")}
    form = KeepersForm(request.POST or None, team=team, initial=now)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            actions.set_keepers(
                service, owner=by_pk.get(chosen["owner"]), deputy=by_pk.get(chosen["deputy"]), by=request.user
            )
        except ValidationError as error:
            add_errors(form, error)
        except PermissionDenied:
            raise Http404("not yours to say") from None
        else:
            messages.success(request, _("Saved."))
            return redirect("workspace:team", slug=service.organisation.slug)
    context = {"service": service, "organisation": service.organisation, "form": form}
    return TemplateResponse(request, "workspace/arriving/keepers.html", context, status=_status(form))
