"""What a person may ask of the controller: a copy of everything that is held, and that it is erased (GDPR art. 15, 17).

The person shows by the code that the referral is theirs: it is the one thing that ties a referral to somebody.
"""

import dataclasses
import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from referrals import audit, retention
from referrals.actors import SITE
from referrals.choices import LogEvent
from referrals.codes import hash_of, normalised
from referrals.models import Enquiry, LogLine, Message, Person, Referral
from referrals.sealing import CannotOpenError

# In a copy, where something is held that no key opens.
UNREADABLE = "(cannot be opened: the key is lost)"


def referral_of_code(code: str) -> Referral | None:
    """The referral that a code opens, as it was typed; None when there is none (any more)."""
    known = normalised(code)
    return Referral.objects.filter(code_hash=hash_of(known)).first() if known else None


@sensitive_variables()
@transaction.atomic
def answer_access_request(referral: Referral, *, at: datetime.datetime | None = None) -> dict[str, Any]:
    """Everything that is held about a person, as plain values, and a line in the log that it was given."""
    audit.append(LogEvent.ACCESS, referral, SITE, at=at or timezone.now())
    return {
        "referral": _of_referral(referral),
        "person": _of_person(referral),
        "enquiries": [_of_enquiry(each) for each in referral.enquiries.select_related("organisation")],
        "log": [_of_line(each) for each in LogLine.objects.of_referral(referral.uuid)],
        "removed": {str(rule.name): rule.days for rule in retention.RULES},
    }


@transaction.atomic
def erase(referral: Referral, *, at: datetime.datetime | None = None) -> list[str]:
    """Remove a referral at once. The organisations that were asked, by name: they have to be told to remove what they
    have noted down (GDPR art. 19), and no letter of ours tells them."""
    asked = [str(each.organisation) for each in referral.enquiries.select_related("organisation")]
    retention.wipe(referral, at=at)
    return list(dict.fromkeys(asked))


# --- As plain values --------------------------------------------------------------------------------------------------
def _of_referral(referral: Referral) -> dict[str, Any]:
    return {
        "id": str(referral.uuid),
        "purpose": referral.purpose,
        "sent_by": str(referral.team) if referral.team else "the person",
        "stage": referral.stage,
        "language": referral.language,
        "sent_at": _moment(referral.sent_at),
        "consent_given": referral.consent_how,
        "consent_at": _moment(referral.consent_at),
        "consent_withdrawn_at": _moment(referral.withdrawn_at),
        "closed_at": _moment(referral.closed_at),
        "beside_statutory_service": referral.is_beside_statutory,
    }


@sensitive_variables()
def _of_person(referral: Referral) -> Any:
    person = Person.objects.filter(referral=referral).first()
    try:
        return dataclasses.asdict(person.details) if person else None
    except CannotOpenError:
        return UNREADABLE


def _of_enquiry(enquiry: Enquiry) -> dict[str, Any]:
    return {
        "organisation": str(enquiry.organisation),
        "about": enquiry.title,
        "consent_given": enquiry.consent_how,
        "consent_at": _moment(enquiry.consent_at),
        "state": enquiry.state,
        "decline_reason": enquiry.decline_reason,
        "meeting_at": _moment(enquiry.meeting_at),
        "was_good": enquiry.was_good,
        "changed_at": _moment(enquiry.changed_at),
        "links_mailed_to": sorted({each.address for each in enquiry.links.all() if each.user_id is None}),
        "messages": [_of_message(each) for each in enquiry.messages.all()],
    }


@sensitive_variables()
def _of_message(message: Message) -> dict[str, Any]:
    try:
        words = message.text
    except CannotOpenError:
        words = UNREADABLE
    return {"at": _moment(message.at), "from": message.party, "about": message.act, "words": words}


def _of_line(line: LogLine) -> dict[str, Any]:
    """Without the names of single workers: the person is owed what was done, when, and by which organisation."""
    return {"at": _moment(line.at), "event": line.event, "party": line.party, "in_name_of": line.in_name_of}


def _moment(moment: datetime.datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else None
