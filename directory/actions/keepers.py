"""Writes about who answers for a service: keeper and deputy, and what happens when one of them goes.

A service whose keeper goes is its deputy's; without one, the owners and deputies of its organisation answer for it;
where nobody is left who can be reached, it waits in the queue. `settle_orphans` makes that true after every change.
"""

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from directory import permissions
from directory.actions.cases import close_cases, open_case
from directory.choices import CaseKind, Role
from directory.keepers import Keepers
from directory.models import Membership, Organisation, Service
from directory.permissions import Action
from directory.sharing import set_on_rows
from directory.signals import team_changed
from portal.post.models import BouncedAddress

if TYPE_CHECKING:
    from portal.accounts.models import User


class TeamChange(StrEnum):
    """What happened to a person of a team; goes with the signal `team_changed`."""

    JOINED = "joined"
    ROLE = "role"
    LEFT = "left"
    REMOVED = "removed"
    TOOK_OVER = "took_over"


def may_set_keepers(user: "User", service: Service) -> bool:
    """Whether a person may say who keeps a service: who keeps the house, and whoever keeps this very service."""
    is_own = Service.objects.filter(pk=service.pk, owner=user.pk).exists()
    action = Action.EDIT_SERVICE if is_own else Action.EDIT_ORGANISATION
    return permissions.may(user, action, service.organisation)


@transaction.atomic
def set_keepers(service: Service, *, owner: "User | None", deputy: "User | None", by: "User") -> None:
    """Say who keeps a service and who stands in. Nobody as keeper: the organisation's owners answer for it.

    Raises PermissionDenied, ValidationError when one is no member, or both are one.
    """
    organisation = service.organisation
    if not may_set_keepers(by, service):
        raise PermissionDenied("set_keepers is not allowed")
    people = {user.pk for user in (owner, deputy) if user is not None}
    if owner is not None and owner == deputy:
        raise ValidationError({"deputy": _("The deputy is somebody else than the keeper.")})
    if Membership.objects.reachable().filter(organisation=organisation, user__in=people).count() != len(people):
        raise ValidationError(_("Only people of the organisation keep its services."))
    values = {"owner_id": owner.pk if owner else None, "deputy_id": deputy.pk if deputy else None}
    set_on_rows(service.translation_key, **values)
    is_new_keeper = owner is not None and service.owner != owner
    service.owner, service.deputy = owner, deputy
    log(instance=service, action="directory.hand_over", user=by, data=values)
    settle_orphans(organisation, by=by)
    if is_new_keeper and owner != by:
        team_changed.send(
            sender=Membership,
            organisation=organisation,
            user=owner,
            change=TeamChange.TOOK_OVER,
            by=by,
            services=[service],
        )


def keepers_after(
    owner: int | None, deputy: int | None, *, leaver: int, to: int | None
) -> tuple[int | None, int | None]:
    """(keeper, deputy) when `leaver` goes and `to`, if anybody, takes their place. Nobody is both."""
    new_owner, new_deputy = (to if person == leaver else person for person in (owner, deputy))
    if owner == leaver and new_owner is None:
        new_owner, new_deputy = new_deputy, None
    return new_owner, None if new_deputy == new_owner else new_deputy


def move_services(
    leaver: "User", *, to: "User | None" = None, organisation: Organisation | None = None, by: "User | None"
) -> list[Service]:
    """Take a person off their services (of all organisations by default); the services. For this package alone.

    Who may is asked by the verbs, and `settle_orphans` is theirs to call once the team is as it will be.
    """
    rows = Service.objects.filter(Q(owner=leaver) | Q(deputy=leaver)).select_related("organisation", "locale")
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    moved: dict[UUID, Service] = {}
    for row in rows.order_by("pk"):
        if row.translation_key not in moved:
            moved[row.translation_key] = row
            owner, deputy = keepers_after(
                row.owner_id, row.deputy_id, leaver=leaver.pk, to=to.pk if to is not None else None
            )
            set_on_rows(row.translation_key, owner_id=owner, deputy_id=deputy)
            log(
                instance=row,
                action="directory.hand_over",
                user=by,
                data={"from": leaver.pk, "owner_id": owner, "deputy_id": deputy},
            )
    return list(moved.values())


def keys_without_person(organisation: Organisation) -> set[UUID]:
    """The organisation's services (their UUIDs) that no reachable person answers for. Ended ones need nobody."""
    rows = list(
        Service.objects.filter(organisation=organisation, withdrawn_on=None).only(
            "translation_key", "owner", "deputy", "organisation"
        )
    )
    keepers = Keepers(rows)
    return {row.translation_key for row in rows} - {row.translation_key for row in rows if keepers.has_person(row)}


def has_reachable_owner(organisation: Organisation) -> bool:
    """Whether somebody who can be written to may say who is in the team."""
    owners = Membership.objects.reachable().filter(organisation=organisation, role=Role.OWNER)
    addresses = {email.lower() for email in owners.values_list("user__email", flat=True)}
    return BouncedAddress.objects.filter(email__in=addresses).count() < len(addresses)


@transaction.atomic
def settle_orphans(organisation: Organisation, *, by: "User | None", at: datetime.datetime | None = None) -> None:
    """Queue the services that no reachable person answers for, and take those off the queue that somebody does again.

    So does a team in which nobody can be reached who may say who is in it.
    """
    alone = keys_without_person(organisation)
    for key in sorted(alone):
        open_case(CaseKind.ORPHAN, organisation=organisation, key=key, at=at)
    kept = Service.objects.filter(organisation=organisation).exclude(translation_key__in=alone)
    orphans = {"kind": CaseKind.ORPHAN, "organisation": organisation}
    close_cases(by, at=at, **orphans, key__in=kept.order_by().values("translation_key"))
    has_team = Membership.objects.filter(organisation=organisation).exists()
    if has_team and not has_reachable_owner(organisation):
        open_case(CaseKind.ORPHAN, organisation=organisation, at=at)
    else:
        close_cases(by, at=at, **orphans, key=None)


def mail_came_back(user: "User", *, at: datetime.datetime | None = None) -> None:
    """A person's mail does not arrive any more: what only they answered for waits in the queue."""
    about_user = Q(services__owner=user) | Q(services__deputy=user) | Q(memberships__user=user)
    for organisation in Organisation.objects.filter(about_user).distinct():
        settle_orphans(organisation, by=None, at=at)
