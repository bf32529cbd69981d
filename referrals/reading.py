"""Showing what is known about a person: every opening goes through here and is written into the log first."""

import datetime
from dataclasses import dataclass

from referrals import audit
from referrals.actors import Actor
from referrals.choices import LogEvent
from referrals.models import Enquiry, Person, PersonDetails, Referral
from referrals.permissions import Relation, may_read_details


@dataclass(frozen=True)
class Opening:
    """A referral as somebody may read it. details: None when there is nothing (any more) that they may see."""

    referral: Referral
    details: PersonDetails | None


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

    event: OPEN, or PRINT for what goes on paper.
    """
    details = None
    if may_read_details(relation, referral, enquiry):
        person = Person.objects.filter(referral=referral).first()
        details = person.details if person else None
    audit.append(event, referral, by, at=at, enquiry=enquiry)
    return Opening(referral, details)
