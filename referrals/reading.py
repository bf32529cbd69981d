"""Showing what is known about a person: every opening goes through here and is written into the log first."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from referrals import audit
from referrals.actors import Actor
from referrals.choices import LogEvent
from referrals.models import Enquiry, Person, PersonDetails, Referral
from referrals.permissions import Relation, may_read_details
from referrals.sealing import CannotOpenError


@dataclass(frozen=True)
class Opening:
    """A referral as somebody may read it. details: None when there is nothing (any more) that they may see.

    cannot_open: there is something, and no key in use opens it; the page says so.
    """

    referral: Referral
    details: PersonDetails | None
    cannot_open: bool = False


@sensitive_variables()
def open_for(
    referral: Referral,
    *,
    relation: Relation,
    by: Actor,
    at: datetime.datetime,
    enquiry: Enquiry | None = None,
    event: LogEvent = LogEvent.OPEN,
) -> Opening:
    """Open a referral for somebody who may see it (that is the caller's to know), and write down that it was opened.

    event: OPEN, or PRINT for what goes on paper. Raises Referral.DoesNotExist or Enquiry.DoesNotExist when it was
    removed meanwhile.
    """
    details, cannot_open = None, False
    with transaction.atomic():
        # The log first: who withdraws writes there too, so it is seen here, or comes later and finds this line.
        audit.append(event, referral, by, at=at, enquiry=enquiry)
        today = Referral.objects.get(pk=referral.pk)
        if may_read_details(relation, today, enquiry and Enquiry.objects.get(pk=enquiry.pk)):
            person = Person.objects.filter(referral=today).first()
            try:
                details = person.details if person else None
            except CannotOpenError:
                cannot_open = True
    return Opening(referral, details, cannot_open)
