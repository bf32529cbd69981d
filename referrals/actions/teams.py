"""Who may send: teams are opened, members ask, are approved, leave. The account of a worker alone opens nothing."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.locking import lock_organisation
from directory.models import Organisation
from referrals import team_letters
from referrals.choices import MemberState, TeamRole
from referrals.locking import lock_team
from referrals.models import Referral, Team, TeamMember
from referrals.permissions import leads, may_decide_member, may_decide_team, may_open_team


class AlreadyDecidedError(Exception):
    """Somebody has decided on it already."""


class LastLeadError(Exception):
    """The team would be left without anybody who leads it, or its open referrals without anybody who sees them."""


@transaction.atomic
def open_team(
    organisation: Organisation, *, name: str, by: Any, message: str = "", at: datetime.datetime | None = None
) -> Team:
    """Open a team, or ask for one: it can send at once when the person answers for the organisation already.

    Raises PermissionDenied; ValidationError for no name or one that a team of the organisation has.
    """
    now = at or timezone.now()
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Give the team a name.")})
    if not by.is_active:
        raise PermissionDenied("the account is closed")
    # Held until the end: of two who ask for the same team at once, the second is told.
    lock_organisation(organisation.pk)
    taken = Team.objects.filter(organisation=organisation, closed_at=None).values_list("name", flat=True)
    if name.casefold() in {each.casefold() for each in taken}:
        raise ValidationError({"name": _("The organisation has a team of this name already. Ask to join it.")})
    is_approved = may_open_team(by, organisation)
    team = Team.objects.create(
        organisation=organisation,
        name=name,
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
    if not is_approved:
        team_letters.team_asked(team)
    return team


@transaction.atomic
def approve_team(team: Team, *, by: Any, at: datetime.datetime | None = None) -> Team:
    """Approve a team and whoever asked for it. Raises PermissionDenied (also for one's own), AlreadyDecidedError."""
    locked = _waiting_team(team, by)
    now = at or timezone.now()
    locked.approved_at, locked.approved_by = now, by
    locked.save(update_fields=["approved_at", "approved_by"])
    for member in locked.members.filter(role=TeamRole.LEAD, state=MemberState.WAITING):
        team_letters.decided(_decide(member, MemberState.ACTIVE, by, now))
    return locked


@transaction.atomic
def refuse_team(team: Team, *, by: Any, at: datetime.datetime | None = None) -> Team:
    """Refuse a team; nobody in it can send. Raises PermissionDenied, AlreadyDecidedError."""
    locked = _waiting_team(team, by)
    now = at or timezone.now()
    _close(locked, now)
    for member in locked.members.waiting():
        team_letters.decided(_decide(member, MemberState.REFUSED, by, now))
    return locked


@transaction.atomic
def close_team(team: Team, *, by: Any, at: datetime.datetime | None = None) -> Team:
    """Close a team: nobody sends or sees in its name any more. Raises PermissionDenied; ValidationError while it has
    open referrals, which would have nobody."""
    locked = _held_team(team)
    if not may_decide_member(by, locked):
        raise PermissionDenied("not theirs to close")
    if Referral.objects.of_teams([locked]).open().exists():
        raise ValidationError(_("The team has open referrals. Close them or take them back first."))
    if locked.closed_at is None:
        now = at or timezone.now()
        _close(locked, now)
        for member in locked.members.waiting():
            team_letters.decided(_decide(member, MemberState.REFUSED, by, now))
    return locked


@transaction.atomic
def ask_to_join(team: Team, *, by: Any, message: str, at: datetime.datetime | None = None) -> TeamMember:
    """Ask for a place in an open team. Who was refused or has left can ask again; asking twice asks once."""
    locked = _held_team(team)
    if not by.is_active or not locked.is_open:
        raise PermissionDenied("no such team")
    member, is_new = TeamMember.objects.get_or_create(team=locked, user=by, defaults={"message": message.strip()})
    if not is_new and member.state in (MemberState.REFUSED, MemberState.ENDED):
        member.state, member.role, member.message = MemberState.WAITING, TeamRole.MEMBER, message.strip()
        member.asked_at, member.decided_at, member.decided_by = at or timezone.now(), None, None
        member.save()
        is_new = True
    if is_new:
        team_letters.place_asked(member)
    return member


@transaction.atomic
def approve_member(member: TeamMember, *, by: Any, at: datetime.datetime | None = None) -> TeamMember:
    """Take a worker into a team. Raises PermissionDenied (also for oneself), AlreadyDecidedError.

    Who comes into a team that nobody is in leads it.
    """
    locked = _waiting_member(member, by)
    if not locked.team.members.active().exists():
        locked.role = TeamRole.LEAD
        locked.save(update_fields=["role"])
    decided = _decide(locked, MemberState.ACTIVE, by, at or timezone.now())
    team_letters.decided(decided)
    if not leads(by, locked.team):
        # Whoever comes in sees everything: those who answer for the team hear of it when others let somebody in.
        team_letters.taken_in(decided, by)
    return decided


@transaction.atomic
def refuse_member(member: TeamMember, *, by: Any, at: datetime.datetime | None = None) -> TeamMember:
    """Leave a worker outside. Raises PermissionDenied, AlreadyDecidedError."""
    decided = _decide(_waiting_member(member, by), MemberState.REFUSED, by, at or timezone.now())
    team_letters.decided(decided)
    return decided


@transaction.atomic
def set_role(member: TeamMember, *, role: str, by: Any) -> TeamMember:
    """Make a member lead, or lead no more. Raises PermissionDenied, LastLeadError, AlreadyDecidedError."""
    locked = _held(member)
    if locked.state != MemberState.ACTIVE:
        raise AlreadyDecidedError
    if not may_decide_member(by, locked.team):
        raise PermissionDenied("not theirs to say")
    if TeamRole(role) != TeamRole.LEAD:
        _keep_a_lead(locked)
    locked.role = TeamRole(role)
    locked.save(update_fields=["role"])
    return locked


@transaction.atomic
def end_member(member: TeamMember, *, by: Any, at: datetime.datetime | None = None) -> TeamMember:
    """End a place in a team: one's own, also one that is only asked for, or somebody's whom one may decide on. Open
    referrals that the worker kept go to a lead. Raises PermissionDenied, LastLeadError, AlreadyDecidedError."""
    locked = _held(member)
    is_own = by.pk == locked.user_id
    if locked.state not in (MemberState.ACTIVE, MemberState.WAITING):
        raise AlreadyDecidedError
    if not is_own and (locked.state == MemberState.WAITING or not may_decide_member(by, locked.team)):
        raise PermissionDenied("not theirs to say")
    if locked.state == MemberState.ACTIVE:
        _keep_a_lead(locked)
        _keep_somebody(locked)
    ended = _end(locked, by, at or timezone.now())
    if not is_own:
        team_letters.ended(ended)
    return ended


@transaction.atomic
def leave_teams(user: Any, *, at: datetime.datetime | None = None) -> None:
    """The account closes: every place ends, whoever is left. A team that nobody leads any more is led by whoever has
    been in it longest."""
    places = TeamMember.objects.filter(user=user, state__in=(MemberState.ACTIVE, MemberState.WAITING))
    for place in places.order_by("team"):
        member = _held(place)
        _end(member, None, at or timezone.now())
        others = member.team.members.active()
        if not others.filter(role=TeamRole.LEAD).exists() and (heir := others.order_by("decided_at", "pk").first()):
            heir.role = TeamRole.LEAD
            heir.save(update_fields=["role"])


def _end(member: TeamMember, by: Any, at: datetime.datetime) -> TeamMember:
    _decide(member, MemberState.ENDED, by, at)
    team = member.team
    if team.approved_at is None and not team.members.waiting().exists():
        # Nobody wants it any more.
        _close(team, at)
    # Leads stand first.
    heir = team.members.active().exclude(pk=member.pk).order_by("role", "pk").first()
    kept = Referral.objects.of_teams([team]).open().filter(keeper=member.user)
    kept.update(keeper=heir.user if heir else None)
    return member


def _close(team: Team, at: datetime.datetime) -> None:
    team.closed_at = team.closed_at or at
    team.save(update_fields=["closed_at"])


def _decide(member: TeamMember, state: MemberState, by: Any, at: datetime.datetime) -> TeamMember:
    member.state, member.decided_by, member.decided_at = state, by, at
    member.save(update_fields=["state", "decided_by", "decided_at"])
    return member


def _waiting_team(team: Team, by: Any) -> Team:
    locked = _held_team(team)
    if not may_decide_team(by, locked.organisation) or locked.members.waiting().filter(user=by).exists():
        raise PermissionDenied("not theirs to decide")
    if locked.approved_at is not None or locked.closed_at is not None:
        raise AlreadyDecidedError
    return locked


def _waiting_member(member: TeamMember, by: Any) -> TeamMember:
    locked = _held(member)
    if by.pk == locked.user_id or not locked.team.is_open or not may_decide_member(by, locked.team):
        raise PermissionDenied("not theirs to decide")
    if locked.state != MemberState.WAITING:
        raise AlreadyDecidedError
    return locked


def _held_team(team: Team) -> Team:
    """The team as it is now, held with all its places until the transaction ends."""
    lock_team(team)
    return Team.objects.get(pk=team.pk)


def _held(member: TeamMember) -> TeamMember:
    """The place as it is now, held with its team: two leads who leave at once would leave nobody."""
    team = _held_team(member.team)
    locked = TeamMember.objects.get(pk=member.pk)
    locked.team = team
    return locked


def _keep_a_lead(member: TeamMember) -> None:
    others = member.team.members.active().exclude(pk=member.pk)
    if member.role == TeamRole.LEAD and others.exists() and not others.filter(role=TeamRole.LEAD).exists():
        raise LastLeadError


def _keep_somebody(member: TeamMember) -> None:
    others = member.team.members.active().exclude(pk=member.pk)
    if not others.exists() and Referral.objects.of_teams([member.team]).open().exists():
        raise LastLeadError
