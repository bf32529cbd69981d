"""Workers' teams: asking for one, joining, who is in it, closing; for staff, deciding. Thin.

Nothing of any referral stands on these pages: who decides on teams sees none of what they send.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory.models import Organisation
from directory.organisation_finder import domain_of, find_organisations, mail_hint
from directory.permissions import areas_of, is_staff
from portal.base.ratelimit import is_too_often
from referrals import actions
from referrals.access import signed_in
from referrals.choices import MemberState, TeamRole
from referrals.models import Referral, Team, TeamMember
from referrals.permissions import is_in_team, may_decide_member, may_decide_team, may_open_team
from referrals.switch import is_in_use
from referrals.teams.forms import JoinForm, TeamForm, add_errors

LONGEST_QUESTION = 200
SEARCHES_A_MINUTE, REQUESTS_AN_HOUR = 60, 10
PAGE = 20
_HELD = (MemberState.ACTIVE, MemberState.WAITING)


# --- Mine -------------------------------------------------------------------------------------------------------------
@signed_in
@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """My teams, what I have asked for, and where one begins: the organisation one works for."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUESTION]
    too_often = bool(asked) and is_too_often(request, "teams", most=SEARCHES_A_MINUTE, seconds=60)
    found = find_organisations(asked) if asked and not too_often else []
    context = {
        # Counted among all members, not only where this person is one.
        "mine": Team.objects.filter(pk__in=Team.objects.of(request.user)).with_people().select_related("organisation"),
        "led": set(
            TeamMember.objects.active().filter(user=request.user, role=TeamRole.LEAD).values_list("team", flat=True)
        ),
        "waiting": TeamMember.objects.waiting()
        .filter(user=request.user, team__closed_at=None)
        .select_related("team__organisation"),
        "asked": asked,
        "too_often": too_often,
        "found": _with_teams(found, request.user),
        "is_in_use": is_in_use(),
        "is_staff": is_staff(request.user),
    }
    return TemplateResponse(request, "referrals/teams/teams.html", context, status=429 if too_often else 200)


def _with_teams(organisations: list[Organisation], user: Any) -> list[dict[str, Any]]:
    """Each organisation with its open teams, less those that one is in or has asked to join."""
    there = Team.objects.open().filter(organisation__in=organisations)
    own = set(TeamMember.objects.filter(user=user, state__in=_HELD).values_list("team", flat=True))
    rows: dict[int, list[Team]] = {}
    for each in there:
        if each.pk not in own:
            rows.setdefault(each.organisation_id, []).append(each)
    return [{"organisation": each, "teams": rows.get(each.pk, [])} for each in organisations]


@signed_in
@require_http_methods(["GET", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    """Open a team of an organisation, or ask for one."""
    slug = request.GET.get("organisation", "").replace("\0", "")
    if not slug:
        return redirect("referrals:teams")
    organisation = get_object_or_404(Organisation.objects.public().select_related("home_municipality"), slug=slug)
    needs_nobody = may_open_team(request.user, organisation)
    form = TeamForm(request.POST or None, needs_message=not needs_nobody)
    if request.method == "POST" and form.is_valid() and not _asks_too_often(request, form):
        try:
            made = actions.open_team(organisation, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            if made.is_open:
                messages.success(request, _("The team is open. Now your colleagues can ask to join."))
                return redirect("referrals:team", pk=made.pk)
            messages.success(request, _("Your request is on its way. You get a letter when it is decided."))
            return redirect("referrals:teams")
    context = {
        "organisation": organisation,
        "needs_nobody": needs_nobody,
        "teams": _with_teams([organisation], request.user)[0]["teams"],
        "form": form,
    }
    return TemplateResponse(request, "referrals/teams/team_new.html", context, status=_status(form))


@signed_in
@require_http_methods(["GET", "POST"])
def team_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a place in a team."""
    team = get_object_or_404(Team.objects.open().select_related("organisation"), pk=pk)
    if is_in_team(request.user, team):
        return redirect("referrals:team", pk=pk)
    if TeamMember.objects.waiting().filter(team=team, user=request.user).exists():
        return redirect("referrals:teams")
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not _asks_too_often(request, form):
        try:
            actions.ask_to_join(team, by=request.user, message=form.cleaned_data["message"])
        except PermissionDenied:
            raise Http404("closed meanwhile") from None
        messages.success(request, _("Your request is on its way. You get a letter when it is decided."))
        return redirect("referrals:teams")
    context = {"team": team, "form": form}
    return TemplateResponse(request, "referrals/teams/team_join.html", context, status=_status(form))


def _asks_too_often(request: HttpRequest, form: JoinForm) -> bool:
    if is_too_often(request, "team-asked", most=REQUESTS_AN_HOUR, seconds=3600):
        form.add_error(None, _("You have sent many requests. Try again in an hour."))
        return True
    return False


# --- One team ---------------------------------------------------------------------------------------------------------
def _team_or_404(request: HttpRequest, pk: int) -> Team:
    """The team, for its members and for those who decide on it."""
    team = get_object_or_404(Team.objects.select_related("organisation__home_municipality"), pk=pk)
    if not is_in_team(request.user, team) and not may_decide_team(request.user, team.organisation):
        raise Http404("no such team")
    return team


def _place_or_404(request: HttpRequest, pk: int, *, may_be_own: bool = False) -> TeamMember:
    """A place in a team, for those who decide on it, and one's own."""
    rows = TeamMember.objects.select_related("team__organisation__home_municipality", "user")
    place = get_object_or_404(rows, pk=pk)
    is_own = may_be_own and place.user_id == request.user.pk
    if not is_own and not may_decide_member(request.user, place.team):
        raise Http404("no such place")
    return place


@signed_in
@require_GET
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in a team and who wants to be."""
    found = _team_or_404(request, pk)
    if found.approved_at is None and found.closed_at is None:
        return redirect("referrals:team_decide", pk=pk)
    may_decide = may_decide_member(request.user, found)
    context = {
        "team": found,
        "members": found.members.active().select_related("user").order_by("role", "pk") if found.is_open else [],
        "waiting": _who_asks(found, request.user) if may_decide and found.is_open else [],
        "may_decide": may_decide,
        "is_member": is_in_team(request.user, found),
        "is_staff": may_decide_team(request.user, found.organisation),
    }
    return TemplateResponse(request, "referrals/teams/team.html", context)


def _who_asks(team: Team, user: Any) -> list[dict[str, Any]]:
    """Those who want to be in a team, with what their mail address says. is_own: nobody decides on themselves."""
    return [
        {
            "place": each,
            "is_own": each.user_id == user.pk,
            "mail_domain": domain_of(each.user.email),
            "mail_hint": mail_hint(each.user.email, team.organisation),
        }
        for each in team.members.waiting().select_related("user")
    ]


@signed_in
@require_POST
def member_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a worker in, or not."""
    place = _place_or_404(request, pk)
    decide = {"approve": actions.approve_member, "refuse": actions.refuse_member}.get(request.POST.get("decision", ""))
    if decide is None:
        raise Http404("no such decision")
    try:
        decide(place, by=request.user)
    except PermissionDenied:
        raise Http404("not yours to decide") from None
    except actions.AlreadyDecidedError:
        messages.error(request, _("Somebody else has decided this meanwhile."))
    else:
        messages.success(request, _("Decided. The person gets a letter."))
    return redirect("referrals:team", pk=place.team_id)


@signed_in
@require_POST
def member_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a member lead, or lead no more."""
    place = _place_or_404(request, pk)
    role = request.POST.get("role", "")
    if role not in TeamRole.values:
        raise Http404("no such role")
    try:
        actions.set_role(place, role=role, by=request.user)
    except actions.LastLeadError:
        messages.error(request, _("Make somebody else a lead first: a team always has one."))
    except actions.AlreadyDecidedError:
        messages.error(request, _("The person is not in the team any more."))
    else:
        messages.success(request, _("Saved."))
    return _to_team(request, place.team)


@signed_in
@require_POST
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave, take one's request back, or end somebody's place."""
    place = _place_or_404(request, pk, may_be_own=True)
    try:
        actions.end_member(place, by=request.user)
    except PermissionDenied:
        raise Http404("not yours to end") from None
    except actions.LastLeadError:
        messages.error(
            request,
            _("Somebody has to lead the team and answer for its open referrals. Make another member a lead first."),
        )
    except actions.AlreadyDecidedError:
        messages.error(request, _("The place has ended already."))
    else:
        messages.success(request, _("The place has ended."))
    return _to_team(request, place.team)


def _to_team(request: HttpRequest, team: Team) -> HttpResponse:
    """Back to the team, for whoever may see it still."""
    sees_it = team.is_open and (is_in_team(request.user, team) or may_decide_team(request.user, team.organisation))
    return redirect("referrals:team", pk=team.pk) if sees_it else redirect("referrals:teams")


@signed_in
@require_http_methods(["GET", "POST"])
def team_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a team; what that means is told first."""
    found = _team_or_404(request, pk)
    if not may_decide_member(request.user, found) or found.closed_at is not None:
        raise Http404("not yours to close")
    if request.method == "POST":
        try:
            actions.close_team(found, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("referrals:team_close", pk=pk)
        messages.success(request, _("The team is closed."))
        return redirect("referrals:teams")
    has_open = Referral.objects.of_teams([found]).open().exists()
    return TemplateResponse(request, "referrals/teams/team_close.html", {"team": found, "has_open": has_open})


# --- Staff ------------------------------------------------------------------------------------------------------------
@signed_in
@require_GET
def teams_waiting(request: HttpRequest) -> HttpResponse:
    """The teams that wait for a decision, and those there are, in the areas of whoever looks."""
    if not is_staff(request.user):
        raise Http404("nothing here")
    ours = Team.objects.in_areas(areas_of(request.user)).select_related("organisation__home_municipality__county")
    waiting = ours.waiting().order_by("asked_at").prefetch_related("members__user")
    # Those that nobody leads come first: nobody else would see that somebody waits there.
    present = ours.open().with_people().order_by("organisation__slug", "name", "pk")
    rows = sorted(present, key=lambda each: each.lead_count > 0)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"waiting": waiting, "page": page, "query": request.GET.copy()}
    return TemplateResponse(request, "referrals/teams/teams_waiting.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def team_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is needed to let a team send, or not."""
    found = get_object_or_404(Team.objects.select_related("organisation__home_municipality__county"), pk=pk)
    if not may_decide_team(request.user, found.organisation):
        raise Http404("not of your area")
    if request.method == "POST":
        return _decide_team(request, found)
    if found.approved_at is not None or found.closed_at is not None:
        return redirect("referrals:team", pk=pk)
    who = _who_asks(found, request.user)
    context = {
        "team": found,
        "who": who,
        "is_own": any(each["is_own"] for each in who),
        "others": Team.objects.open().filter(organisation=found.organisation).with_people(),
    }
    return TemplateResponse(request, "referrals/teams/team_decide.html", context)


def _decide_team(request: HttpRequest, team: Team) -> HttpResponse:
    decide = {"approve": actions.approve_team, "refuse": actions.refuse_team}.get(request.POST.get("decision", ""))
    if decide is None:
        raise Http404("no such decision")
    try:
        decide(team, by=request.user)
    except PermissionDenied:
        raise Http404("not yours to decide") from None
    except actions.AlreadyDecidedError:
        messages.error(request, _("Somebody else has decided this meanwhile."))
    else:
        messages.success(request, _("Decided. The person gets a letter."))
    return redirect("referrals:teams_waiting")


def _status(form: JoinForm) -> int:
    return 400 if form.is_bound and form.errors else 200
