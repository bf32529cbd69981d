"""What happens by itself to enquiries: reminding the organisation, telling the sender of silence, closing what rests.

The daily task does what is due by today's dates; a day missed is made good by the next, and nothing is done twice.
"""

import datetime
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from referrals import audit, counting, letters
from referrals.actions import ChangedMeanwhileError, act
from referrals.actors import SITE
from referrals.choices import Act, LogEvent, State
from referrals.locking import lock_enquiry
from referrals.models import Enquiry, Referral
from referrals.states import OPEN, NotNowError
from referrals.working_days import is_working_day, working_days_between


class Kept(NamedTuple):
    """What a run did."""

    nudged: int = 0
    silent: int = 0
    lapsed: int = 0


def run(now: datetime.datetime) -> Kept:
    """Do what is due. Letters only go on working days; what waits too long is closed on any day."""
    lapsed = _do(_lapse, _resting(now), now)
    if not is_working_day(timezone.localdate(now)):
        return Kept(lapsed=lapsed)
    waiting = list(Enquiry.objects.filter(state=State.SENT, silence_told_at=None).select_related("referral"))
    nudged = _do(_nudge, [each for each in waiting if _has_waited(each, "nudge", now)], now)
    silent = _do(_tell_silence, [each for each in waiting if _has_waited(each, "silence", now)], now)
    return Kept(nudged, silent, lapsed)


def run_today() -> dict[str, int]:
    """For the timetable."""
    return run(timezone.now())._asdict()


def _do(what: Callable[[Enquiry, datetime.datetime], bool], found: list[Enquiry], now: datetime.datetime) -> int:
    done = 0
    for enquiry in found:
        # One may have been removed since it was read.
        with suppress(Enquiry.DoesNotExist, Referral.DoesNotExist):
            done += what(enquiry, now)
    return done


def _has_waited(enquiry: Enquiry, period: str, now: datetime.datetime) -> bool:
    days = working_days_between(timezone.localdate(enquiry.waits_since), timezone.localdate(now))
    return days >= settings.REFERRAL_PERIODS[period]


def _resting(now: datetime.datetime) -> list[Enquiry]:
    """Open enquiries that nobody has moved for too long. A meeting that is still to come is waited for."""
    found = []
    for enquiry in Enquiry.objects.filter(state__in=OPEN).select_related("referral"):
        period = "unanswered" if enquiry.state == State.SENT else "forgotten"
        since = max(filter(None, (enquiry.waits_since, enquiry.meeting_at)))
        if since <= now - datetime.timedelta(days=settings.REFERRAL_PERIODS[period]):
            found.append(enquiry)
    return found


@transaction.atomic
def _nudge(enquiry: Enquiry, now: datetime.datetime) -> bool:
    locked = lock_enquiry(enquiry)
    if locked.state != State.SENT or locked.nudged_at is not None:
        return False
    locked.nudged_at = now
    locked.save(update_fields=["nudged_at"])
    letters.send_links(locked, letters.recipients_of(locked), why=letters.NUDGE, at=now)
    audit.append(LogEvent.NUDGE, locked.referral, SITE, at=now, enquiry=locked)
    return True


@transaction.atomic
def _tell_silence(enquiry: Enquiry, now: datetime.datetime) -> bool:
    locked = lock_enquiry(enquiry)
    # Nobody is called silent who was not reminded on an earlier day.
    is_reminded = locked.nudged_at is not None and timezone.localdate(locked.nudged_at) < timezone.localdate(now)
    if locked.state != State.SENT or locked.silence_told_at is not None or not is_reminded:
        return False
    _call_silent(locked, now)
    return True


@transaction.atomic
def note_bounce(uuid: UUID, *, lost: str, at: datetime.datetime) -> bool:
    """A letter about an enquiry came back from an address. When letters reach nobody else, the sender hears it at once,
    as of silence: waiting longer helps nobody."""
    enquiry = Enquiry.objects.filter(uuid=uuid).first()
    if enquiry is None:
        return False
    locked = lock_enquiry(enquiry)
    if locked.state != State.SENT or locked.silence_told_at is not None or letters.reachable(locked, lost=lost):
        return False
    _call_silent(locked, at)
    return True


def _call_silent(locked: Enquiry, now: datetime.datetime) -> None:
    locked.silence_told_at = now
    locked.save(update_fields=["silence_told_at"])
    counting.count_silence(locked)
    letters.tell_sender(locked, f"{letters.SILENCE}-{locked.version}")
    audit.append(LogEvent.SILENCE, locked.referral, SITE, at=now, enquiry=locked)


def _lapse(enquiry: Enquiry, now: datetime.datetime) -> bool:
    try:
        act(enquiry, Act.LAPSE, by=SITE, version=enquiry.version, at=now)
    except (ChangedMeanwhileError, NotNowError):
        # Somebody has moved it since it was read.
        return False
    return True
