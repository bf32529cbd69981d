"""Writes of readers' reports: take down, answer, close."""

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from directory import permissions
from directory.actions.cases import close_cases, open_case
from directory.choices import CaseKind
from directory.locking import lock_listing
from directory.models import FactReport, Service
from directory.permissions import Action
from directory.signals import report_answered, report_made

if TYPE_CHECKING:
    from portal.accounts.models import User


class AlreadyHandledError(Exception):
    """Somebody else has answered the report: nothing was written."""


@transaction.atomic
def report_mistake(service: Service, *, message: str, email: str = "") -> FactReport:
    """Take down a reader's word that something in a listing is wrong, for its keeper and the moderators.

    Changes nothing in the listing.
    """
    report = FactReport(
        service=service, message=message.strip(), email=email.strip(), language=(get_language() or "fi")[:10]
    )
    report.full_clean()
    report.save()
    open_case(
        CaseKind.REPORT,
        organisation=service.organisation,
        key=service.translation_key,
        report=report,
        at=report.reported_at,
    )
    report_made.send(sender=FactReport, report=report)
    return report


@transaction.atomic
def answer_report(
    report: FactReport, *, by: "User", answer: str = "", at: datetime.datetime | None = None
) -> FactReport:
    """Mark a report as handled; with an answer, the reader who left an address is told.

    Raises AlreadyHandledError, PermissionDenied, ValidationError.
    """
    permissions.require(by, Action.ANSWER_REPORT, report.service.organisation)
    lock_listing(report.service.translation_key)
    if FactReport.objects.exclude(handled_at=None).filter(pk=report.pk).exists():
        raise AlreadyHandledError
    moment = at or timezone.now()
    report.answer, report.handled_at, report.handled_by = answer.strip(), moment, by
    report.full_clean()
    report.save()
    close_cases(by, at=moment, report=report)
    report_answered.send(sender=FactReport, report=report)
    return report
