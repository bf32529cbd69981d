"""Writes of a listing as such: publish, draft, confirm, end, bring back. One verb, one function: check → write → log.

Commands, imports and Wagtail's admin come by here too; none of these asks for rights, save where a person is named.
"""

import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from directory import permissions
from directory.actions.cases import close_cases
from directory.choices import CaseKind, CheckedHow
from directory.freshness import Freshness
from directory.models import Check, Service, StageChange, Upkeep
from directory.permissions import Action
from directory.sharing import set_on_rows
from directory.signals import services_changed

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def publish_service(service: Service, *, by: "User | None" = None) -> Service:
    """Save a service as a revision and make it public. Moves no check date."""
    service.full_clean()
    if service.pk is None:
        service.live = False
        service.save()
    service.save_revision(user=by, log_action=True).publish(user=by)
    service.refresh_from_db()
    return service


@transaction.atomic
def save_draft(service: Service, *, by: "User | None" = None) -> Service:
    """Save a service so that only editors see the change; what is public stays as it is."""
    service.full_clean()
    if service.pk is None:
        service.live = False
        service.save()
    service.save_revision(user=by, log_action=True)
    return service


@transaction.atomic
def confirm_service(
    service: Service,
    *,
    by: "User | None",
    how: str,
    by_name: str = "",
    at: datetime.datetime | None = None,
) -> Service:
    """Record that a person has checked a listing and found it right. The only function that moves the check date.

    by_name: of a person without an account, who answered from the organisation's own mailbox.
    at: the moment of the check; now when None. A check older than the last one is kept and moves nothing.
    Raises PermissionDenied when nobody is named, ValueError when `how` is no known way.
    """
    if (by is None and not by_name.strip()) or (by is not None and not by.is_active):
        raise PermissionDenied("A check needs a person.")
    if how not in CheckedHow.values:
        raise ValueError(f"how: unknown value {how!r}")
    day = timezone.localdate(at) if at else timezone.localdate()
    key = service.translation_key
    Check.objects.create(key=key, on=day, by=by, by_name=by_name.strip(), how=how)
    last = Service.objects.filter(translation_key=key).exclude(checked_on=None).values_list("checked_on", flat=True)
    log(instance=service, action="directory.confirm", user=by, data={"on": day.isoformat(), "how": how})
    if day < max(last, default=day):
        return service
    # A check holds for the service, not for one of its languages.
    Service.objects.filter(translation_key=key).update(checked_on=day, checked_by=by, checked_how=how)
    service.checked_on, service.checked_by, service.checked_how = day, by, how
    # The round of questions is over; what the engine had hidden comes back.
    for upkeep in Upkeep.objects.filter(key=key):
        if upkeep.stage != Freshness.FRESH:
            StageChange.objects.create(key=key, before=upkeep.stage, after=Freshness.FRESH, on=day)
        upkeep.delete()
    close_cases(by, key=key, kind=CaseKind.NO_ANSWER)
    services_changed.send(sender=Service, keys=[key])
    return service


@transaction.atomic
def end_service(service: Service, *, by: "User | None", at: datetime.datetime | None = None) -> None:
    """«This has ended»: take a service off the public side in every language. It can be brought back.

    by: None for a person who answered from the organisation's own mailbox (the caller has made sure).
    """
    if by is not None:
        permissions.require(by, Action.END_SERVICE, service.organisation)
    day = timezone.localdate(at) if at else timezone.localdate()
    set_on_rows(service.translation_key, withdrawn_on=day)
    service.withdrawn_on = day
    log(instance=service, action="directory.end", user=by, data={"on": day.isoformat()})
    services_changed.send(sender=Service, keys=[service.translation_key])


@transaction.atomic
def resume_service(service: Service, *, by: "User") -> None:
    """Bring an ended service back: it is public again as it was. It is no check."""
    permissions.require(by, Action.END_SERVICE, service.organisation)
    set_on_rows(service.translation_key, withdrawn_on=None)
    service.withdrawn_on = None
    log(instance=service, action="directory.resume", user=by)
    services_changed.send(sender=Service, keys=[service.translation_key])
