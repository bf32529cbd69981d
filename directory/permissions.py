"""Who may do what in the directory's workspace: one table, asked by actions and views alike. No writes, no HTTP.

A person stands in relations to an organisation (its owner, its area's administrator …); the table says which relations
may do which thing. What is not in the table is not allowed. Rights inside Wagtail's admin: portal/content/roles.py.
"""

from enum import StrEnum
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from directory.choices import Role
from directory.models import AreaRole, Membership, Organisation


class Relation(StrEnum):
    """What a person is to an organisation."""

    STRANGER = "stranger"
    WRITER = "writer"
    DEPUTY = "deputy"
    OWNER = "owner"
    # Regional administrator of the organisation's area.
    AREA = "area"
    # Whoever may publish any service: a moderator of the directory.
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What can be done."""

    SEE_ORGANISATION = "see_organisation"
    EDIT_SERVICE = "edit_service"
    SUBMIT_SERVICE = "submit_service"
    CONFIRM_SERVICE = "confirm_service"
    SET_NOTICE = "set_notice"
    END_SERVICE = "end_service"
    RESTORE_VERSION = "restore_version"
    EDIT_ORGANISATION = "edit_organisation"
    MANAGE_TEAM = "manage_team"
    ANSWER_REPORT = "answer_report"
    REVIEW = "review"
    DECIDE_CLAIM = "decide_claim"
    WORK_CASE = "work_case"
    MERGE = "merge"
    TRUST = "trust"
    MAIL_KEEPERS = "mail_keepers"
    CAMPAIGN = "campaign"
    SEE_FIGURES = "see_figures"
    SEE_RUNS = "see_runs"
    # Of a county itself.
    KEEP_PARTNERSHIP = "keep_partnership"


_R = Relation
_MEMBERS = frozenset({_R.WRITER, _R.DEPUTY, _R.OWNER})
_KEEPERS = frozenset({_R.DEPUTY, _R.OWNER})
_STAFF = frozenset({_R.AREA, _R.MODERATOR, _R.ADMINISTRATOR})
_CENTRAL = frozenset({_R.MODERATOR, _R.ADMINISTRATOR})

ALLOWED: dict[Action, frozenset[Relation]] = {
    Action.SEE_ORGANISATION: _MEMBERS | _STAFF,
    Action.EDIT_SERVICE: _MEMBERS | _STAFF,
    Action.SUBMIT_SERVICE: _MEMBERS | _STAFF,
    Action.CONFIRM_SERVICE: _MEMBERS | _STAFF,
    Action.SET_NOTICE: _MEMBERS | _STAFF,
    Action.END_SERVICE: _KEEPERS | _STAFF,
    Action.RESTORE_VERSION: _MEMBERS | _STAFF,
    Action.EDIT_ORGANISATION: _KEEPERS | _STAFF,
    # A deputy keeps the house; who is in it is the owner's to say.
    Action.MANAGE_TEAM: frozenset({_R.OWNER}) | _STAFF,
    Action.ANSWER_REPORT: _MEMBERS | _STAFF,
    Action.REVIEW: _STAFF,
    Action.DECIDE_CLAIM: _STAFF,
    Action.WORK_CASE: _STAFF,
    Action.SEE_FIGURES: _STAFF,
    Action.MERGE: _STAFF,
    Action.MAIL_KEEPERS: _STAFF,
    Action.CAMPAIGN: _STAFF,
    Action.TRUST: _CENTRAL,
    Action.SEE_RUNS: _CENTRAL,
    Action.KEEP_PARTNERSHIP: _STAFF,
}

_BY_ROLE = {Role.WRITER: _R.WRITER, Role.DEPUTY: _R.DEPUTY, Role.OWNER: _R.OWNER}
MODERATES = "directory.publish_service"


def central_relations(user: Any) -> frozenset[Relation]:
    """What a person is to every organisation alike."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset({Relation.ADMINISTRATOR, Relation.MODERATOR})
    return frozenset({Relation.MODERATOR}) if user.has_perm(MODERATES) else frozenset()


def central_people() -> QuerySet[Any]:
    """Those who look after every organisation: moderators and administrators with an open account."""
    codename = MODERATES.partition(".")[2]
    return (
        get_user_model()
        .objects.filter(
            Q(is_superuser=True)
            | Q(user_permissions__codename=codename, user_permissions__content_type__app_label="directory")
            | Q(groups__permissions__codename=codename, groups__permissions__content_type__app_label="directory"),
            is_active=True,
        )
        .distinct()
        .order_by("pk")
    )


def relations(user: Any, organisation: Organisation) -> frozenset[Relation]:
    """What a person is to this organisation; nobody signed in is nothing to any."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    found = {Relation.STRANGER, *central_relations(user)}
    if organisation.pk:
        role = Membership.objects.filter(user=user, organisation=organisation).values_list("role", flat=True).first()
        if role:
            found.add(_BY_ROLE[Role(role)])
    if organisation.county_id and AreaRole.objects.filter(user=user, county=organisation.county_id).exists():
        found.add(Relation.AREA)
    return frozenset(found)


def may(user: Any, action: Action, organisation: Organisation | None) -> bool:
    """Whether a person may do this to an organisation, its services or its people.

    organisation None: something of no organisation or of all; only those who may do it everywhere.
    """
    own = central_relations(user) if organisation is None else relations(user, organisation)
    return bool(own & ALLOWED[action])


def require(user: Any, action: Action, organisation: Organisation | None) -> None:
    """Raises PermissionDenied unless `may`."""
    if not may(user, action, organisation):
        raise PermissionDenied(f"{action} is not allowed")


def may_in_county(user: Any, action: Action, county: str) -> bool:
    """Whether a person may do this to what belongs to a wellbeing services county (its code) itself."""
    areas = areas_of(user)
    own = central_relations(user) | (frozenset() if areas is None or county not in areas else {Relation.AREA})
    return bool(own & ALLOWED[action])


def areas_of(user: Any) -> list[str] | None:
    """The counties (codes) whose organisations a person administers; None: all of them; []: none."""
    if central_relations(user):
        return None
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    return list(AreaRole.objects.filter(user=user).values_list("county", flat=True))


def is_staff(user: Any) -> bool:
    """Whether a person administers any part of the directory."""
    areas = areas_of(user)
    return areas is None or bool(areas)
