"""How long what is known about people is kept: one table, and the daily task that does what it says.

The task does what is due, not what was missed: run late, twice or after a year, it leaves the same behind. What cannot
be removed stops nothing else: the run goes on, and ends as a failed one.
Source: GDPR art. 5.1 e; the periods are the controller's to decide and stand in the privacy notice as they are here.
"""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals import audit, counting
from referrals.actors import SITE, Actor
from referrals.choices import LogEvent, MemberState
from referrals.models import LogLine, Referral, Tally, TeamMember

logger = logging.getLogger(__name__)


class NotAllRemovedError(Exception):
    """Something that had its time could not be removed; everything else was. The log of the program tells what."""


@dataclass(frozen=True)
class Rule:
    """What is removed, how many days after what.

    due: what happened before a moment, and so has had its time. remove: takes that away: how many, and how many not.
    """

    name: str
    days: int
    what: str | Promise
    counted_from: str | Promise
    due: Callable[[datetime.datetime], QuerySet[Any]]
    remove: Callable[[QuerySet[Any], datetime.datetime, datetime.datetime], tuple[int, int]]

    def before(self, now: datetime.datetime) -> datetime.datetime:
        """What happened before this moment has had its time."""
        return now - datetime.timedelta(days=self.days)


# --- What is due, and how it goes -------------------------------------------------------------------------------------
def _wipe_each(due: QuerySet[Referral], before: datetime.datetime, now: datetime.datetime) -> tuple[int, int]:
    removed = failed = 0
    for pk in list(due.values_list("pk", flat=True)):
        try:
            removed += _wipe(due, pk, by=SITE, at=now)
        except Exception as error:  # noqa: BLE001 one that cannot be removed must not keep the others here
            # The class alone: the words of an error can hold a value.
            logger.error("Referral %s was not removed: %s", pk, type(error).__name__)
            failed += 1
    return removed, failed


def _delete(due: QuerySet[Any], before: datetime.datetime, now: datetime.datetime) -> tuple[int, int]:
    return due.delete()[0], 0


def _prune(due: QuerySet[LogLine], before: datetime.datetime, now: datetime.datetime) -> tuple[int, int]:
    return audit.prune(before), 0


RULES = (
    Rule(
        "withdrawn",
        7,
        _("The whole referral with everything about the person"),
        _("The consent was withdrawn"),
        lambda before: Referral.objects.filter(withdrawn_at__lt=before),
        _wipe_each,
    ),
    Rule(
        "closed",
        60,
        _("The whole referral with everything about the person"),
        _("The last organisation's part came to its end"),
        lambda before: Referral.objects.filter(closed_at__lt=before),
        _wipe_each,
    ),
    Rule(
        "log",
        730,
        _("Lines of the log: who did or opened what and when; no word about the person"),
        _("The line was written"),
        lambda before: LogLine.objects.filter(at__lt=before),
        _prune,
    ),
    Rule(
        "places",
        730,
        _("That a worker was in a team, or asked to be"),
        _("The worker left the team, or was refused"),
        lambda before: TeamMember.objects.filter(
            state__in=(MemberState.ENDED, MemberState.REFUSED), decided_at__lt=before
        ),
        _delete,
    ),
    Rule(
        "tallies",
        5 * 365,
        _("What figures are counted from; no person, no worker, no day"),
        _("The month of sending"),
        lambda before: Tally.objects.filter(month__lt=timezone.localdate(before), enquiry=None),
        _delete,
    ),
)


# --- By itself --------------------------------------------------------------------------------------------------------
def days_kept() -> dict[str, int]:
    """For how many days things are kept, by the rule's name."""
    return {rule.name: rule.days for rule in RULES}


def removed_on(referral: Referral) -> datetime.datetime | None:
    """From when on nothing of a referral is kept; None while it is open."""
    days = days_kept()
    ends = [
        moment + datetime.timedelta(days=days[name])
        for name, moment in (("withdrawn", referral.withdrawn_at), ("closed", referral.closed_at))
        if moment is not None
    ]
    return min(ends, default=None)


def due(now: datetime.datetime) -> dict[str, int]:
    """What has had its time and is still here: how many, by rule. Changes nothing."""
    return {rule.name: rule.due(rule.before(now)).count() for rule in RULES}


def run(now: datetime.datetime) -> dict[str, int]:
    """Remove what has had its time: how many, by rule. Raises NotAllRemovedError after everything has been tried."""
    done: dict[str, int] = {}
    failures = 0
    for rule in RULES:
        before = rule.before(now)
        try:
            done[rule.name], failed = rule.remove(rule.due(before), before, now)
        except Exception as error:  # noqa: BLE001 one rule that fails must not stop the others
            logger.error("The rule %s of retention failed: %s", rule.name, type(error).__name__)
            failed = 1
        failures += failed
    if failures:
        raise NotAllRemovedError(f"{failures} failed")
    return done


def run_today() -> dict[str, int]:
    """For the timetable."""
    return run(timezone.now())


# --- One referral -----------------------------------------------------------------------------------------------------
def wipe(referral: Referral, *, by: Actor = SITE, at: datetime.datetime | None = None) -> None:
    """Remove a referral with its enquiries, words and links; the tallies and the log stay, without a person.

    Nobody is told: who has to be (GDPR art. 19) is for the caller to know before. Again: nothing happens.
    """
    _wipe(Referral.objects.all(), referral.pk, by=by, at=at or timezone.now())


def _wipe(among: QuerySet[Referral], pk: int, *, by: Actor, at: datetime.datetime) -> bool:
    with transaction.atomic():
        # Asked again under the lock: somebody may have opened it anew since it was found to be due.
        locked = among.select_for_update().filter(pk=pk).first()
        if locked is None:
            return False
        counting.count_removal(locked)
        uuid = locked.uuid
        locked.delete()
        audit.append(LogEvent.WIPE, Referral(uuid=uuid), by, at=at)
    return True
