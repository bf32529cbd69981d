"""Writes of a team: invite, join, change a role, leave, remove, hand over. Claims: directory.actions.claims.

An organisation that has people keeps an owner who can be reached, or a person of the directory is asked to find one.
"""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from directory import permissions
from directory.actions.areas import end_area_roles
from directory.actions.cases import close_cases
from directory.actions.keepers import TeamChange, move_services, settle_orphans
from directory.choices import ClaimState, Role
from directory.locking import lock_organisation
from directory.models import (
    Claim,
    Invitation,
    InvitationQuerySet,
    Membership,
    MembershipQuerySet,
    Organisation,
    Service,
)
from directory.permissions import Action
from directory.signals import invited, team_changed

if TYPE_CHECKING:
    from portal.accounts.models import User

INVITATION_LASTS = datetime.timedelta(days=14)
_RANK = {Role.WRITER: 1, Role.DEPUTY: 2, Role.OWNER: 3}


class LastOwnerError(Exception):
    """The organisation would be left without an owner: somebody else takes over first."""


class InvitationClosedError(Exception):
    """The invitation was used, taken back, or its time is over."""


def _lock_team(organisation: Organisation) -> None:
    """One change of a team at a time: two owners who leave in the same moment must not both be the last but one."""
    lock_organisation(organisation.pk)


def _others_of(membership: Membership) -> MembershipQuerySet:
    return Membership.objects.reachable().filter(organisation=membership.organisation).exclude(pk=membership.pk)


def _is_last_owner(membership: Membership) -> bool:
    return membership.role == Role.OWNER and not _others_of(membership).filter(role=Role.OWNER).exists()


def add_member(organisation: Organisation, user: "User", *, role: str, by: "User | None", **why: object) -> Membership:
    """Make a person a member with at least this role; nobody's role gets smaller. For this package alone."""
    _lock_team(organisation)
    membership = Membership.objects.filter(organisation=organisation, user=user).first()
    if membership is None:
        membership = Membership.objects.create(organisation=organisation, user=user, role=role)
        log(instance=organisation, action="directory.join", user=by, data={"person": user.pk, "role": role, **why})
        _tell(membership, TeamChange.JOINED, by=by)
    elif _RANK[Role(membership.role)] < _RANK[Role(role)]:
        _set_role(membership, role, by=by, **why)
    settle_orphans(organisation, by=by)
    return membership


def _set_role(membership: Membership, role: str, *, by: "User | None", **why: object) -> None:
    data = {"person": membership.user_id, "before": membership.role, "after": role, **why}
    membership.role = role
    membership.save(update_fields=["role"])
    log(instance=membership.organisation, action="directory.role", user=by, data=data)


def _tell(membership: Membership, change: TeamChange, *, by: "User | None", services: Sequence[Service] = ()) -> None:
    team_changed.send(
        sender=Membership,
        organisation=membership.organisation,
        user=membership.user,
        change=change,
        by=by,
        role=membership.role,
        services=list(services),
    )


# --- invitations -----------------------------------------------------------------------------------------------------
@transaction.atomic
def invite(
    organisation: Organisation,
    *,
    email: str,
    role: str,
    by: "User",
    hands_over: bool = False,
    at: datetime.datetime | None = None,
) -> Invitation:
    """Write to an address: come and keep our listings. A second word to the same address takes the first one's place.

    hands_over: the inviter's own part goes to the person who comes. Raises PermissionDenied, ValidationError. Whether
    somebody has an account with the address is not looked at.
    """
    permissions.require(by, Action.MANAGE_TEAM, organisation)
    if hands_over and not Membership.objects.filter(organisation=organisation, user=by).exists():
        raise PermissionDenied("Only a member hands over.")
    moment = at or timezone.now()
    invitation = Invitation(
        organisation=organisation,
        email=email.strip().lower(),
        role=role,
        invited_by=by,
        hands_over=hands_over,
        expires_at=moment + INVITATION_LASTS,
    )
    invitation.full_clean()
    if Membership.objects.filter(organisation=organisation, user__email__iexact=invitation.email).exists():
        raise ValidationError({"email": _("This person is in your team already.")})
    _open_invitations(organisation, moment).filter(email=invitation.email).update(cancelled_at=moment)
    invitation.save()
    log(
        instance=organisation,
        action="directory.invite",
        user=by,
        data={"invitation": invitation.pk, "role": role, "hands_over": hands_over},
    )
    invited.send(sender=Invitation, invitation=invitation)
    return invitation


def _open_invitations(organisation: Organisation, at: datetime.datetime) -> InvitationQuerySet:
    return Invitation.objects.open(at).filter(organisation=organisation)


@transaction.atomic
def cancel_invitation(invitation: Invitation, *, by: "User", at: datetime.datetime | None = None) -> None:
    """Take an invitation back; one that was used or is over stays as it is."""
    permissions.require(by, Action.MANAGE_TEAM, invitation.organisation)
    moment = at or timezone.now()
    open_ones = _open_invitations(invitation.organisation, moment).filter(pk=invitation.pk)
    if open_ones.update(cancelled_at=moment):
        log(
            instance=invitation.organisation,
            action="directory.invite",
            user=by,
            data={"invitation": invitation.pk, "cancelled": True},
        )


@transaction.atomic
def accept_invitation(invitation: Invitation, user: "User", *, at: datetime.datetime | None = None) -> Membership:
    """Join. The person may come with another address than the invited one; the log says so.

    Works once. Raises InvitationClosedError, PermissionDenied for a closed account.
    """
    if not user.is_active:
        raise PermissionDenied("A closed account joins nothing.")
    moment = at or timezone.now()
    _lock_team(invitation.organisation)
    taken = Invitation.objects.open(moment).filter(pk=invitation.pk).update(accepted_at=moment, accepted_by=user)
    if not taken:
        raise InvitationClosedError
    invitation.refresh_from_db()
    organisation, inviter = invitation.organisation, invitation.invited_by
    is_invited_address = user.email.lower() == invitation.email
    membership = add_member(
        organisation,
        user,
        role=invitation.role,
        by=user,
        invitation=invitation.pk,
        invited_by=invitation.invited_by_id,
        is_invited_address=is_invited_address,
    )
    if invitation.hands_over and inviter is not None and inviter != user:
        leaving = Membership.objects.filter(organisation=organisation, user=inviter).first()
        if leaving:
            _hand_over(leaving, membership, by=inviter)
    return membership


# --- roles -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def change_role(membership: Membership, *, role: str, by: "User") -> None:
    """Give a member another role. Raises PermissionDenied, ValueError for an unknown role, LastOwnerError."""
    organisation = membership.organisation
    permissions.require(by, Action.MANAGE_TEAM, organisation)
    if role not in Role.values:
        raise ValueError(f"role: unknown value {role!r}")
    _lock_team(organisation)
    membership.refresh_from_db()
    if role == membership.role:
        return
    if _is_last_owner(membership):
        raise LastOwnerError
    _set_role(membership, role, by=by)
    settle_orphans(organisation, by=by)
    _tell(membership, TeamChange.ROLE, by=by)


# --- going -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def leave(user: "User", organisation: Organisation) -> None:
    """A member goes by their own will. The last owner hands over first: LastOwnerError."""
    _lock_team(organisation)
    membership = Membership.objects.get(user=user, organisation=organisation)
    if _is_last_owner(membership):
        raise LastOwnerError
    _end(membership, by=user)
    _tell(membership, TeamChange.LEFT, by=user)


@transaction.atomic
def remove_member(
    membership: Membership, *, by: "User", to: "User | None" = None, at: datetime.datetime | None = None
) -> None:
    """Take somebody off the team; what they had sent out as invitations is void.

    to: the member who gets their services, instead of the deputies.

    The last owner can be removed by people of the directory alone; the team is theirs to mend then. Raises
    PermissionDenied, LastOwnerError, ValidationError.
    """
    organisation = membership.organisation
    permissions.require(by, Action.MANAGE_TEAM, organisation)
    _lock_team(organisation)
    membership.refresh_from_db()
    if _is_last_owner(membership) and not permissions.may(by, Action.DECIDE_CLAIM, organisation):
        raise LastOwnerError
    if to is not None and not _others_of(membership).filter(user=to).exists():
        raise ValidationError({"to": _("Choose somebody else of the team.")})
    moment = at or timezone.now()
    _open_invitations(organisation, moment).filter(invited_by=membership.user).update(cancelled_at=moment)
    _end(membership, by=by, to=to)
    _tell(membership, TeamChange.REMOVED, by=by)


def _end(membership: Membership, *, by: "User | None", to: "User | None" = None) -> list[Service]:
    """End a membership and find new people for its services, which are returned."""
    organisation, user = membership.organisation, membership.user
    moved = move_services(user, to=to, organisation=organisation, by=by)
    Membership.objects.filter(pk=membership.pk).delete()
    log(instance=organisation, action="directory.leave", user=by, data={"person": user.pk, "role": membership.role})
    settle_orphans(organisation, by=by)
    return moved


@transaction.atomic
def hand_over(from_user: "User", to_user: "User", organisation: Organisation, *, by: "User") -> None:
    """A member's part goes to another member, and the first one leaves.

    Services always; the role only when `by` may say who is in the team. Anybody hands over their own part, an owner
    anybody's. Raises PermissionDenied, ValidationError when one of them is no member, LastOwnerError.
    """
    may_manage = permissions.may(by, Action.MANAGE_TEAM, organisation)
    if by != from_user and not may_manage:
        raise PermissionDenied("hand_over is not allowed")
    _lock_team(organisation)
    team = {member.user_id: member for member in organisation.memberships.select_related("user", "organisation")}
    leaving, coming = team.get(from_user.pk), team.get(to_user.pk)
    if leaving is None or coming is None or leaving == coming or not to_user.is_active:
        raise ValidationError(_("Choose somebody else of the team."))
    _hand_over(leaving, coming, by=by)


def _hand_over(leaving: Membership, coming: Membership, *, by: "User") -> None:
    organisation = leaving.organisation
    may_manage = permissions.may(by, Action.MANAGE_TEAM, organisation)
    if may_manage and _RANK[Role(coming.role)] < _RANK[Role(leaving.role)]:
        _set_role(coming, leaving.role, by=by, hand_over=True)
    if _is_last_owner(leaving):
        raise LastOwnerError
    services = _end(leaving, by=by, to=coming.user)
    log(
        instance=organisation,
        action="directory.hand_over",
        user=by,
        data={"from": leaving.user_id, "to": coming.user_id},
    )
    _tell(coming, TeamChange.TOOK_OVER, by=by, services=services)
    _tell(leaving, TeamChange.LEFT, by=by)


@transaction.atomic
def leave_everything(user: "User", *, at: datetime.datetime | None = None) -> None:
    """An account closes: every part the person had ends, and all they took care of is somebody else's, or queued."""
    for claim in Claim.objects.filter(user=user, state=ClaimState.WAITING):
        Claim.objects.filter(pk=claim.pk).update(state=ClaimState.REFUSED, decided_at=at or timezone.now())
        close_cases(None, at=at, claim=claim)
    organisations = {service.organisation for service in move_services(user, by=None)}
    for membership in Membership.objects.of(user):
        organisations.add(membership.organisation)
        _end(membership, by=None)
        _tell(membership, TeamChange.LEFT, by=None)
    for organisation in organisations:
        settle_orphans(organisation, by=None, at=at)
    end_area_roles(user)
