"""How soon an organisation usually answers, for the page of each listing. Reads tallies; the directory tells it.

Told is half of the truth that people ask for, «usually within N working days»: the middle one of all that were answered
or should have been. An enquiry that was never answered waits for ever; where that is the middle, nothing is told.
"""

import datetime
import math
import statistics
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from directory.actions import set_reply_times
from referrals.figures.quarters import told_quarters
from referrals.models import Tally

QUARTERS = 4


def run(today: datetime.date) -> int:
    """Tell the usual reply time of every listing that has enough answers in the last quarters that may be told, and
    take it away from all others: how many have one. In between it does not move: each answer would tell itself."""
    quarters = told_quarters(today, QUARTERS)
    found = Tally.objects.filter(month__gte=quarters[-1].first_month, month__lte=quarters[0].last_month)
    replies: dict[UUID, list[int | None]] = {}
    for key, days in found.filter(Q(reply_days__isnull=False) | Q(was_silent=True)).values_list(
        "service_key", "reply_days"
    ):
        replies.setdefault(key, []).append(days)
    times = {key: usual for key, each in replies.items() if (usual := usual_reply(each)) is not None}
    set_reply_times(times, on=today)
    return len(times)


def run_today() -> int:
    """For the timetable."""
    return run(timezone.localdate())


def usual_reply(days: Collection[int | None]) -> int | None:
    """The median of working days to the first answer, rounded up; None in it: there was no answer.

    None when too few were answered, or half never.
    """
    if sum(each is not None for each in days) < settings.SMALLEST_GROUP_SHOWN:
        return None
    middle = statistics.median(math.inf if each is None else each for each in days)
    return None if math.isinf(middle) else math.ceil(middle)
