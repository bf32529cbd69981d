"""Who may send: teams are opened, members ask, are approved, leave. The account of a worker alone opens nothing."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Organisation
from referrals.choices import MemberState, TeamRole
from referrals.models import Referral, Team, TeamMember
from referrals.permissions import may_decide_member, may_decide_team, may_open_team


class AlreadyDecidedError(Exception):
    """Somebody has decided on it already."""


class LastLeadError(Exception):
    """A team with other members would be left without anybody who leads it."""


@transaction.atomic
def open_team(
    organisation: Organisation, *, name: str, by: Any, message: str = "", at: datetime.datetime | None = None
) -> Team:
    """Open a team, or ask for one: it can send at once when the person answers for the organisation already."""
    now = at or timezone.now()
    if not name.strip():
        raise ValidationError({"name": _("Give the team a name.")})
    if not by.is_active:
        raise PermissionDenied("the account is closed")
    is_approved = may_open_team(by, organisation)
    team = Team.objects.create(
        organisation=organisation,
        name=name.strip(),
        approved_at=now if is_approved else None,
        approved_by=by if is_approved else None,
    )
    TeamMember.objects.create(
        team=team,
        user=by,
        role=TeamRole.LEAD,
        state=MemberState.ACTIVE if is_approved else MemberState.WAITING,
        message=message.strip(),
        decided_by=by if is_approved else None,
        decided_at=now if is_approved else None,
    )
    return team


@transaction.atomic
def approve_team(team: Team, *, by: Any, at: datetime.datetime | None = None) -> Team:
    """Approve a team and whoever asked for it. Raises PermissionDenied, AlreadyDecidedError."""
    locked = _waiting_team(team, by)
    now = at or timezone.now()
    locked.approved_at, locked.approved_by = now, by
    locked.save(update_fields=["approved_at", "approved_by"])
    for member in locked.members.filter(role=TeamRole.LEAD, state=MemberState.WAITING):
        _decide(member, MemberState.ACTIVE, by, now)
    return locked


@transaction.atomic
def refuse_team(team: Team, *, by: Any, at: datetime.datetime | None = None) -> Team:
    """Refuse a team; nobody in it can send. Raises PermissionDenied, AlreadyDecidedError."""
    locked = _waiting_team(team, by)
    now = at or timezone.now()
    locked.closed_at = now
    locked.save(update_fields=["closed_at"])
    for member in locked.members.filter(state=MemberState.WAITING):
        _decide(member, MemberState.REFUSED, by, now)
    return locked


@transaction.atomic
def close_team(team: Team, *, by: Any, at: datetime.datetime | None = None) -> Team:
    """Close a team: nobody sends or sees in its name any more. Raises PermissionDenied; ValidationError while it has
    open referrals, which would have nobody."""
    locked = Team.objects.select_for_update().get(pk=team.pk)
    if not may_decide_member(by, locked):
        raise PermissionDenied("not theirs to close")
    if Referral.objects.of_teams([locked]).open().exists():
        raise ValidationError(_("The team has open referrals. Close them or take them back first."))
    locked.closed_at = locked.closed_at or at or timezone.now()
    locked.save(update_fields=["closed_at"])
    return locked


@transaction.atomic
def ask_to_join(team: Team, *, by: Any, message: str, at: datetime.datetime | None = None) -> TeamMember:
    """Ask for a place in an open team. Who was refused or has left can ask again; asking twice asks once."""
    if not by.is_active or not team.is_open:
        raise PermissionDenied("no such team")
    member, is_new = TeamMember.objects.select_for_update().get_or_create(
        team=team, user=by, defaults={"message": message.strip()}
    )
    if not is_new and member.state in (MemberState.REFUSED, MemberState.ENDED):
        member.state, member.role, member.message = MemberState.WAITING, TeamRole.MEMBER, message.strip()
        member.asked_at, member.decided_at, member.decided_by = at or timezone.now(), None, None
        member.save()
    return member


@transaction.atomic
def approve_member(member: TeamMember, *, by: Any, at: datetime.datetime | None = None) -> TeamMember:
    """Take a worker into a team. Raises PermissionDenied (also for oneself), AlreadyDecidedError."""
    return _decide(_waiting_member(member, by), MemberState.ACTIVE, by, at or timezone.now())


@transaction.atomic
def refuse_member(member: TeamMember, *, by: Any, at: datetime.datetime | None = None) -> TeamMember:
    """Leave a worker outside. Raises PermissionDenied, AlreadyDecidedError."""
    return _decide(_waiting_member(member, by), MemberState.REFUSED, by, at or timezone.now())


@transaction.atomic
def set_role(member: TeamMember, *, role: str, by: Any) -> TeamMember:
    """Make a member lead, or lead no more. Raises PermissionDenied, LastLeadError."""
    locked = _active_member(member)
    if not may_decide_member(by, locked.team):
        raise PermissionDenied("not theirs to say")
    if TeamRole(role) != TeamRole.LEAD:
        _keep_a_lead(locked)
    locked.role = TeamRole(role)
    locked.save(update_fields=["role"])
    return locked


@transaction.atomic
def end_member(member: TeamMember, *, by: Any, at: datetime.datetime | None = None) -> TeamMember:
    """End a place in a team: one's own, or somebody's whom one may decide on. Open referrals that the worker kept go
    to a lead. Raises PermissionDenied, LastLeadError."""
    locked = _active_member(member)
    if by.pk != locked.user_id and not may_decide_member(by, locked.team):
        raise PermissionDenied("not theirs to say")
    _keep_a_lead(locked)
    return _end(locked, by, at or timezone.now())


@transaction.atomic
def leave_teams(user: Any, *, at: datetime.datetime | None = None) -> None:
    """The account closes: every place ends, whoever is left."""
    for member in TeamMember.objects.select_for_update().filter(
        user=user, state__in=(MemberState.ACTIVE, MemberState.WAITING)
    ):
        _end(member, None, at or timezone.now())


def _end(member: TeamMember, by: Any, at: datetime.datetime) -> TeamMember:
    _decide(member, MemberState.ENDED, by, at)
    others = member.team.members.active().exclude(pk=member.pk).order_by("role", "pk")
    heir = next(iter(others), None)
    kept = Referral.objects.of_teams([member.team]).open().filter(keeper=member.user)
    kept.update(keeper=heir.user if heir else None)
    return member


def _decide(member: TeamMember, state: MemberState, by: Any, at: datetime.datetime) -> TeamMember:
    member.state, member.decided_by, member.decided_at = state, by, at
    member.save(update_fields=["state", "decided_by", "decided_at"])
    return member


def _waiting_team(team: Team, by: Any) -> Team:
    locked = Team.objects.select_for_update().get(pk=team.pk)
    if not may_decide_team(by, locked.organisation):
        raise PermissionDenied("not theirs to decide")
    if locked.approved_at is not None or locked.closed_at is not None:
        raise AlreadyDecidedError
    return locked


def _waiting_member(member: TeamMember, by: Any) -> TeamMember:
    locked = TeamMember.objects.select_for_update().get(pk=member.pk)
    if by.pk == locked.user_id or not locked.team.is_open or not may_decide_member(by, locked.team):
        raise PermissionDenied("not theirs to decide")
    if locked.state != MemberState.WAITING:
        raise AlreadyDecidedError
    return locked


def _active_member(member: TeamMember) -> TeamMember:
    # The team's row first: two leads who leave at once would leave nobody.
    Team.objects.select_for_update().get(pk=member.team_id)
    locked = TeamMember.objects.select_for_update().get(pk=member.pk)
    if locked.state != MemberState.ACTIVE:
        raise AlreadyDecidedError
    return locked


def _keep_a_lead(member: TeamMember) -> None:
    others = member.team.members.active().exclude(pk=member.pk)
    if member.role == TeamRole.LEAD and others.exists() and not others.filter(role=TeamRole.LEAD).exists():
        raise LastLeadError
