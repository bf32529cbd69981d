"""How long what is known about people is kept: one table, and the daily task that does what it says.

The task does what is due, not what was missed: run late, twice or after a year, it leaves the same behind.
Source: GDPR art. 5.1 e; the periods are the controller's to decide and stand in the privacy notice as they are here.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals import audit
from referrals.actors import SITE, Actor
from referrals.choices import LogEvent
from referrals.models import Referral, Tally

_CHUNK = 200


@dataclass(frozen=True)
class Rule:
    """What is removed, how many days after what."""

    name: str
    days: int
    what: str | Promise
    counted_from: str | Promise
    carry_out: Callable[[datetime.datetime], int]

    def before(self, now: datetime.datetime) -> datetime.datetime:
        """What happened before this moment has had its time."""
        return now - datetime.timedelta(days=self.days)


def _closed(before: datetime.datetime) -> int:
    return _wipe_all(Referral.objects.filter(closed_at__lt=before))


def _withdrawn(before: datetime.datetime) -> int:
    return _wipe_all(Referral.objects.filter(withdrawn_at__lt=before))


def _old_tallies(before: datetime.datetime) -> int:
    return Tally.objects.filter(month__lt=timezone.localdate(before), enquiry=None).delete()[0]


RULES = (
    Rule(
        "withdrawn",
        7,
        _("The whole referral with everything about the person"),
        _("The person withdrew the consent"),
        _withdrawn,
    ),
    Rule(
        "closed",
        60,
        _("The whole referral with everything about the person"),
        _("The last enquiry came to its end"),
        _closed,
    ),
    Rule(
        "log",
        730,
        _("Lines of the log: who did or opened what and when; no word about the person"),
        _("The line was written"),
        audit.prune,
    ),
    Rule(
        "tallies",
        5 * 365,
        _("What figures are counted from; no person, no worker, no day"),
        _("The month of sending"),
        _old_tallies,
    ),
)


def run(now: datetime.datetime) -> dict[str, int]:
    """Remove what has had its time: how many, by rule."""
    return {rule.name: rule.carry_out(rule.before(now)) for rule in RULES}


def run_today() -> dict[str, int]:
    """For the timetable."""
    return run(timezone.now())


def wipe(referral: Referral, *, by: Actor = SITE, at: datetime.datetime | None = None) -> None:
    """Remove a referral with its enquiries, words and links; the tallies and the log stay, without a person."""
    with transaction.atomic():
        locked = Referral.objects.select_for_update().filter(pk=referral.pk).first()
        if locked is None:
            return
        audit.append(LogEvent.WIPE, locked, by, at=at or timezone.now())
        locked.delete()


def _wipe_all(referrals) -> int:
    count = 0
    for referral in referrals.order_by("pk").iterator(chunk_size=_CHUNK):
        wipe(referral)
        count += 1
    return count
