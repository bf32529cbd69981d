"""From tallies to what is told of a quarter: reckoned once, by a daily job, and never changed. The only writer."""

import datetime
from collections.abc import Iterable
from fractions import Fraction

from django.conf import settings
from django.utils import timezone

from referrals.choices import DeclineReason, Good, Origin, Purpose, State
from referrals.figures.quarters import Quarter, told_quarters
from referrals.figures.tables import Enquired, Told, told_of
from referrals.models import Tally, ToldQuarter

# Being full is an act of its own; in the figures it stands among the reasons.
FULL = "full"
# The kinds of enquiries: who wrote them, and the joint meetings.
BY_WORKER, OWN, MEETING = "worker", "own", "meeting"


def run(today: datetime.date) -> list[str]:
    """Reckon the quarters that may be told and are not told yet: their codes.

    Of a quarter without any tally nothing is written: it is as if it had not been.
    """
    known = set(ToldQuarter.objects.values_list("quarter", flat=True))
    return [quarter.code for quarter in told_quarters(today) if quarter.code not in known and _tell(quarter, today)]


def run_today() -> list[str]:
    """For the timetable."""
    return run(timezone.localdate())


def figures_of(tallies: Iterable[Tally]) -> Told:
    """What may be told of these tallies, all of one period."""
    return told_of(map(_enquired, tallies), smallest=settings.SMALLEST_GROUP_SHOWN)


def _tell(quarter: Quarter, today: datetime.date) -> bool:
    tallies = list(Tally.objects.filter(month__gte=quarter.first_month, month__lte=quarter.last_month))
    if not tallies:
        return False
    figures = figures_of(tallies).as_json()
    # Of two runs at once the second finds what the first has written.
    ToldQuarter.objects.get_or_create(quarter=quarter.code, defaults={"told_on": today, "figures": figures})
    return True


def _enquired(tally: Tally) -> Enquired:
    return Enquired(
        area=tally.county,
        stage=tally.stage,
        kind=_kind(tally),
        organisation=str(tally.organisation_id),
        topics=tuple(dict.fromkeys(tally.topics)),
        is_accepted=tally.was_accepted,
        has_arrived=tally.has_arrived,
        went_on=tally.went_on,
        declined_for=_declined_for(tally),
        was_silent=tally.was_silent,
        was_rated=bool(tally.was_good),
        was_good=tally.was_good == Good.YES,
        reply_days=tally.reply_days,
        people=Fraction(1, max(tally.asked_with, 1)),
    )


def _kind(tally: Tally) -> str:
    if tally.purpose == Purpose.JOINT_MEETING:
        return MEETING
    return OWN if tally.origin == Origin.OWN else BY_WORKER


def _declined_for(tally: Tally) -> str:
    if tally.state == State.FULL:
        return FULL
    return (tally.decline_reason or DeclineReason.OTHER.value) if tally.state == State.DECLINED else ""
