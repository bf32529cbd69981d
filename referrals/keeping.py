"""What happens by itself to enquiries: reminding the organisation, telling the sender of silence, closing what rests.

The daily task does what is due by today's dates; a day missed is made good by the next, and nothing is done twice.
"""

import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from referrals import audit, counting, letters
from referrals.actions import ChangedMeanwhileError, act
from referrals.actions.acting import lock
from referrals.actors import SITE
from referrals.choices import Act, LogEvent, State
from referrals.models import Enquiry
from referrals.states import OPEN, NotNowError
from referrals.working_days import is_working_day, working_days_between


class Kept(NamedTuple):
    """What a run did."""

    nudged: int = 0
    silent: int = 0
    lapsed: int = 0


def run(now: datetime.datetime) -> Kept:
    """Do what is due. Letters only go on working days; what waits too long is closed on any day."""
    lapsed = sum(_lapse(enquiry, now) for enquiry in _resting(now))
    if not is_working_day(timezone.localdate(now)):
        return Kept(lapsed=lapsed)
    waiting = list(Enquiry.objects.filter(state=State.SENT, silence_told_at=None).select_related("referral"))
    nudged = sum(_nudge(enquiry, now) for enquiry in waiting if _has_waited(enquiry, "nudge", now))
    silent = sum(_tell_silence(enquiry, now) for enquiry in waiting if _has_waited(enquiry, "silence", now))
    return Kept(nudged, silent, lapsed)


def run_today() -> dict[str, int]:
    """For the timetable."""
    return run(timezone.now())._asdict()


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
    locked = lock(enquiry)
    if locked.state != State.SENT or locked.nudged_at is not None:
        return False
    locked.nudged_at = now
    locked.save(update_fields=["nudged_at"])
    letters.send_links(locked, letters.recipients_of(locked), why="nudge", at=now)
    audit.append(LogEvent.NUDGE, locked.referral, SITE, at=now, enquiry=locked)
    return True


@transaction.atomic
def _tell_silence(enquiry: Enquiry, now: datetime.datetime) -> bool:
    locked = lock(enquiry)
    # Nobody is called silent who was not reminded on an earlier day.
    is_reminded = locked.nudged_at is not None and timezone.localdate(locked.nudged_at) < timezone.localdate(now)
    if locked.state != State.SENT or locked.silence_told_at is not None or not is_reminded:
        return False
    locked.silence_told_at = now
    locked.save(update_fields=["silence_told_at"])
    counting.count_silence(locked)
    letters.tell_sender(locked, f"silence-{locked.version}")
    audit.append(LogEvent.SILENCE, locked.referral, SITE, at=now, enquiry=locked)
    return True


def _lapse(enquiry: Enquiry, now: datetime.datetime) -> bool:
    try:
        act(enquiry, Act.LAPSE, by=SITE, version=enquiry.version, at=now)
    except (ChangedMeanwhileError, NotNowError):
        # Somebody has moved it since it was read.
        return False
    return True
