"""Who may do what with a referral: one table. Reads only, no HTTP.

There is no relation for administrators: nobody who keeps the site or the directory sees a referral. They see figures.
"""

from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from directory.choices import Role
from directory.models import Membership, Organisation, Service
from directory.permissions import Action, may
from referrals.choices import MemberState, TeamRole
from referrals.models import Enquiry, Referral, Team, TeamMember
from referrals.states import OPEN, WAITS_FOR_ORGANISATION


class Relation(StrEnum):
    """What somebody is to a referral or an enquiry."""

    TEAM = "team"
    RECEIVER = "receiver"
    # An organisation that opened an enquiry by a link and a code.
    LINK = "link"
    PERSON = "person"


class Right(StrEnum):
    """What can be done."""

    SEE_REFERRAL = "see_referral"
    SEE_ENQUIRY = "see_enquiry"
    STEER = "steer"
    ANSWER = "answer"
    TAKE_OVER = "take_over"
    PRINT_PAPER = "print_paper"
    PRINT_PLAN = "print_plan"
    WITHDRAW = "withdraw"
    RATE = "rate"
    READ_LOG = "read_log"


_R = Relation

ALLOWED: dict[Right, frozenset[Relation]] = {
    Right.SEE_REFERRAL: frozenset({_R.TEAM, _R.PERSON}),
    Right.SEE_ENQUIRY: frozenset({_R.RECEIVER, _R.LINK}),
    Right.STEER: frozenset({_R.TEAM}),
    Right.ANSWER: frozenset({_R.RECEIVER, _R.LINK}),
    Right.TAKE_OVER: frozenset({_R.TEAM}),
    Right.PRINT_PAPER: frozenset({_R.TEAM}),
    Right.PRINT_PLAN: frozenset({_R.TEAM, _R.PERSON}),
    Right.WITHDRAW: frozenset({_R.TEAM, _R.PERSON}),
    Right.RATE: frozenset({_R.PERSON}),
    # The person may always ask who has opened it; the team answers the question when it is asked aloud.
    Right.READ_LOG: frozenset({_R.TEAM, _R.PERSON}),
}

# Writers keep texts; whoever answers for the organisation receives people.
RECEIVING_ROLES = (Role.OWNER, Role.DEPUTY)


def allows(relation: Relation, right: Right) -> bool:
    """Whether a relation may do this."""
    return relation in ALLOWED[right]


# --- Teams ------------------------------------------------------------------------------------------------------------
def is_worker(user: Any) -> bool:
    """Whether a person may send referrals: an approved member of an open team."""
    return Team.objects.of(user).exists()


def is_in_team(user: Any, team: Team | None) -> bool:
    """Whether a person is an approved member of this very team."""
    return team is not None and Team.objects.of(user).filter(pk=team.pk).exists()


def leads(user: Any, team: Team) -> bool:
    """Whether a person leads an open team."""
    places = TeamMember.objects.filter(team=team, user_id=getattr(user, "pk", None), state=MemberState.ACTIVE)
    return is_in_team(user, team) and places.filter(role=TeamRole.LEAD).exists()


def may_decide_team(user: Any, organisation: Organisation) -> bool:
    """Whether a person decides on an organisation's teams and on who is in them: those who decide on claims to it."""
    return may(user, Action.DECIDE_CLAIM, organisation)


def may_open_team(user: Any, organisation: Organisation) -> bool:
    """Whether a team of theirs needs nobody's approval: those who answer for the organisation have been approved."""
    return may_decide_team(user, organisation) or receives_for(user, organisation)


def may_decide_member(user: Any, team: Team) -> bool:
    """Whether a person may take somebody into a team, or out of it."""
    return leads(user, team) or may_decide_team(user, team.organisation)


# --- Receivers --------------------------------------------------------------------------------------------------------
def receives_for(user: Any, organisation: Organisation) -> bool:
    """Whether a person answers for an organisation."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    return Membership.objects.filter(user=user, organisation=organisation, role__in=RECEIVING_ROLES).exists()


def enquiries_for(user: Any) -> QuerySet[Enquiry]:
    """The enquiries that a person may answer: to organisations they answer for, and to listings they keep there."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Enquiry.objects.none()
    places = Membership.objects.filter(user=user)
    kept = Service.objects.filter(Q(owner=user) | Q(deputy=user), organisation__in=places.values("organisation"))
    return Enquiry.objects.filter(
        Q(organisation__in=places.filter(role__in=RECEIVING_ROLES).values("organisation"))
        | Q(service_key__in=kept.values("translation_key"), organisation__in=places.values("organisation"))
    )


def waiting_for(user: Any) -> int:
    """How many enquiries wait for an answer that this person may give."""
    return enquiries_for(user).filter(state__in=WAITS_FOR_ORGANISATION).count()


def is_receiver(user: Any) -> bool:
    """Whether enquiries could come to this person."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    return Membership.objects.filter(user=user, role__in=RECEIVING_ROLES).exists() or enquiries_for(user).exists()


# --- What may be read -------------------------------------------------------------------------------------------------
def may_read_details(relation: Relation, referral: Referral, enquiry: Enquiry | None = None) -> bool:
    """Whether what is known about the person may be shown: never once it is withdrawn; to an organisation only while
    its own enquiry is open."""
    if referral.withdrawn_at is not None:
        return False
    if relation in (Relation.RECEIVER, Relation.LINK):
        return enquiry is not None and enquiry.state in OPEN
    return True
