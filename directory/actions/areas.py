"""Writes about regional administrators: who looks after the organisations of which wellbeing services county."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from directory.actions.cases import who_has_least
from directory.models import AreaRole, Case, County
from directory.permissions import Relation, areas_of, central_relations

if TYPE_CHECKING:
    from portal.accounts.models import User

# Gives no right in the admin; whoever is in a group needs a second factor (portal.accounts.access).
REGIONAL_ADMINISTRATORS = "Regional administrators"


def _require_administrator(user: "User") -> None:
    if Relation.ADMINISTRATOR not in central_relations(user):
        raise PermissionDenied("Only central administrators name regional ones.")


@transaction.atomic
def grant_area(user: "User", county: County, *, by: "User") -> AreaRole:
    """Make a person the administrator of a county's organisations. Raises PermissionDenied."""
    _require_administrator(by)
    if not user.is_active:
        raise PermissionDenied("A closed account administers nothing.")
    role, is_new = AreaRole.objects.get_or_create(user=user, county=county)
    user.groups.add(Group.objects.get_or_create(name=REGIONAL_ADMINISTRATORS)[0])
    if is_new:
        log(instance=county, action="directory.role", user=by, data={"person": user.pk, "area": county.pk})
    return role


@transaction.atomic
def revoke_area(role: AreaRole, *, by: "User") -> None:
    """End it. The person's open cases of the county are somebody else's. Raises PermissionDenied."""
    _require_administrator(by)
    _end(role, by=by)


def _end(role: AreaRole, *, by: "User | None") -> None:
    user, county = role.user, role.county
    role.delete()
    log(instance=county, action="directory.role", user=by, data={"person": user.pk, "area": None})
    if not AreaRole.objects.filter(user=user).exists():
        user.groups.remove(*Group.objects.filter(name=REGIONAL_ADMINISTRATORS))
    if areas_of(user) is not None:
        _give_on(Case.objects.open().filter(assigned_to=user, county=county))


def _give_on(cases) -> None:
    for case in cases:
        Case.objects.filter(pk=case.pk).update(assigned_to=who_has_least(case.county_id))


@transaction.atomic
def end_area_roles(user: "User") -> None:
    """An account closes: nothing waits for somebody who is not there. For this package alone."""
    for role in AreaRole.objects.filter(user=user).select_related("user", "county"):
        _end(role, by=None)
    _give_on(Case.objects.open().filter(assigned_to=user))
