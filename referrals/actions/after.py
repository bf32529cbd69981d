"""What is done with a referral beside its enquiries: a colleague takes it over, a new code, the person's one answer."""

import dataclasses
import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from referrals import audit, counting
from referrals.actions.sending import sender_of
from referrals.actors import PERSON
from referrals.choices import Good, LogEvent, State
from referrals.codes import hash_of, new_code
from referrals.locking import lock_enquiry, lock_referral_of_team
from referrals.models import Enquiry, Person, Referral
from referrals.permissions import is_in_team

# The question makes sense once the person has been there.
RATED_STATES = frozenset({State.ARRIVED, State.CONTINUES, State.CLOSED, State.NOT_COME})


@transaction.atomic
def take_over(referral: Referral, *, by: Any, at: datetime.datetime | None = None) -> Referral:
    """A colleague of the team keeps the referral from now on. Raises PermissionDenied, Referral.DoesNotExist."""
    locked = _of_team(referral, by)
    if locked.keeper_id != by.pk:
        locked.keeper = by
        locked.save(update_fields=["keeper"])
        audit.append(LogEvent.TAKE_OVER, locked, sender_of(locked, by), at=at or timezone.now())
    return locked


@sensitive_variables()
@transaction.atomic
def new_code_for(referral: Referral, *, by: Any, at: datetime.datetime | None = None) -> str:
    """A new code for the person; the old one opens nothing any more. Raises PermissionDenied, Person.DoesNotExist."""
    locked = _of_team(referral, by)
    person = Person.objects.select_for_update().get(referral=locked)
    code = new_code()
    person.details = dataclasses.replace(person.details, code=code)
    person.save()
    locked.code_hash = hash_of(code)
    locked.save(update_fields=["code_hash"])
    audit.append(LogEvent.NEW_CODE, locked, sender_of(locked, by), at=at or timezone.now())
    return code


@transaction.atomic
def rate(enquiry: Enquiry, *, good: str, at: datetime.datetime | None = None) -> Enquiry:
    """The person's answer to the one question, or another one instead. Raises ValueError, PermissionDenied,
    Referral.DoesNotExist."""
    locked = lock_enquiry(enquiry)
    if locked.state not in RATED_STATES:
        raise PermissionDenied("not yet, or not any more")
    locked.was_good = Good(good)
    locked.save(update_fields=["was_good"])
    counting.count_rating(locked)
    audit.append(LogEvent.RATE, locked.referral, PERSON, at=at or timezone.now(), enquiry=locked)
    return locked


def _of_team(referral: Referral, user: Any) -> Referral:
    locked = lock_referral_of_team(referral)
    if not is_in_team(user, locked.team):
        raise PermissionDenied("not a member of this team")
    return locked
