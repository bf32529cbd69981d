"""Every write that means something in the directory: one verb, one function: check → write → log.

Commands, views, imports and the workspace call these; none of them saves a service by itself.
"""

import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from directory.choices import CheckedHow
from directory.models import FactReport, Service
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
def confirm_service(service: Service, *, by: "User", how: str, at: datetime.datetime | None = None) -> Service:
    """Record that a person has checked a listing and found it right. The only function that moves the check date.

    Raises PermissionDenied when `by` is nobody, ValueError when `how` is no known way.
    """
    if by is None or not by.is_active:
        raise PermissionDenied("A check needs a person.")
    if how not in CheckedHow.values:
        raise ValueError(f"how: unknown value {how!r}")
    day = timezone.localdate(at) if at else timezone.localdate()
    # A check holds for the service, not for one of its languages.
    Service.objects.filter(translation_key=service.translation_key).update(
        checked_on=day, checked_by=by, checked_how=how
    )
    service.checked_on, service.checked_by, service.checked_how = day, by, how
    services_changed.send(sender=Service, keys=[service.translation_key])
    log(instance=service, action="directory.confirm", user=by, data={"on": day.isoformat(), "how": how})
    return service


@transaction.atomic
def report_mistake(service: Service, *, message: str, email: str = "") -> FactReport:
    """Take down a reader's word that something in a listing is wrong. Changes nothing in the listing."""
    report = FactReport(service=service, message=message.strip(), email=email.strip())
    report.full_clean()
    report.save()
    return report
