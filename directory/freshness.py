"""How fresh a listing is, and what is to be done about it: pure functions of dates. No database, no mail, no clock.

A date is moved only when a person has checked the listing (../docs/architecture.md); an edit or an import is no check.
All that is due is decided from dates and from what was done already, so a run that was missed is made good by the next.
In words, for people: ../docs/freshness.md. The numbers: FRESHNESS_… in the settings, read by directory.periods.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from directory.choices import NoticeStep


class Freshness(StrEnum):
    """The stages of a listing, in their order."""

    FRESH = "fresh"
    DUE = "due"
    OVERDUE = "overdue"
    STALE = "stale"
    # Off the public side: its day has passed and nobody answered, however often we asked.
    HIDDEN = "hidden"


# From overdue on the public page says that the listing may be out of date.
WARNS = frozenset({Freshness.OVERDUE, Freshness.STALE, Freshness.HIDDEN})


@dataclass(frozen=True)
class Periods:
    """Days since the last check after which a listing is due, overdue, stale and hidden."""

    due: int
    overdue: int
    stale: int
    hidden: int

    def __post_init__(self) -> None:
        if not 0 < self.due < self.overdue < self.stale < self.hidden:
            raise ValueError(f"periods out of order: {self}")


@dataclass(frozen=True)
class Pace:
    """How the questions are spaced, in days.

    gap: between two steps of one listing, at least. last_call: from the regional queue to the hiding, at least.
    editing: the peace that «I will edit it» buys. together: a listing that is due this soon is asked about with the
    others of the same keeper, so that a person's letters do not come one by one.
    """

    gap: int
    last_call: int
    editing: int
    together: int


@dataclass(frozen=True)
class Round:
    """What was done since the check, or the first publication, that the clock counts from."""

    counts_from: datetime.date
    # The last step that was taken, and when; 0 before the first.
    step: int = 0
    asked_on: datetime.date | None = None
    # Every letter of that step came back, or was answered «not mine any more»: the same as no answer, at once.
    went_nowhere: bool = False
    # When a keeper last said «I will edit it».
    editing_since: datetime.date | None = None
    is_hidden: bool = False


@dataclass(frozen=True)
class Decision:
    """Where a listing stands, and the step to take today. is_early: only together with others of the same keeper."""

    stage: Freshness
    step: NoticeStep | None = None
    is_early: bool = False


def freshness(counts_from: datetime.date, today: datetime.date, periods: Periods) -> Freshness:
    """The stage that follows from dates alone. Never HIDDEN: that takes questions too (decide)."""
    age = (today - counts_from).days
    if age >= periods.stale:
        return Freshness.STALE
    if age >= periods.overdue:
        return Freshness.OVERDUE
    if age >= periods.due:
        return Freshness.DUE
    return Freshness.FRESH


def decide(now: Round, today: datetime.date, periods: Periods, pace: Pace) -> Decision:
    """What is to be done today. Steps are taken in order and none is left out, however late the run is."""
    stage = freshness(now.counts_from, today, periods)
    if now.is_hidden or _is_to_be_hidden(now, today, periods, pace):
        return Decision(Freshness.HIDDEN)
    if now.step == NoticeStep.AREA or _is_being_edited(now, today, pace):
        return Decision(stage)
    step = NoticeStep(now.step + 1)
    day = _day_of(step, now, periods, pace)
    if today >= day:
        return Decision(stage, step)
    is_early = step == NoticeStep.OWNER and today >= day - datetime.timedelta(days=pace.together)
    return Decision(stage, step if is_early else None, is_early)


def _day_of(step: NoticeStep, now: Round, periods: Periods, pace: Pace) -> datetime.date:
    if now.asked_on and now.went_nowhere:
        return now.asked_on + datetime.timedelta(days=1)
    days = {
        NoticeStep.OWNER: periods.due,
        NoticeStep.DEPUTY: periods.overdue,
        NoticeStep.ORGANISATION: periods.stale,
        NoticeStep.AREA: max(periods.stale, periods.hidden - pace.last_call),
    }
    day = now.counts_from + datetime.timedelta(days=days[step])
    return max(day, now.asked_on + datetime.timedelta(days=pace.gap)) if now.asked_on else day


def _is_being_edited(now: Round, today: datetime.date, pace: Pace) -> bool:
    return now.editing_since is not None and (today - now.editing_since).days < pace.editing


def _is_to_be_hidden(now: Round, today: datetime.date, periods: Periods, pace: Pace) -> bool:
    """The day has passed, and every step was taken, the last call a month ago: nobody is hidden unasked."""
    if now.step != NoticeStep.AREA or now.asked_on is None or _is_being_edited(now, today, pace):
        return False
    since_last_call = (today - now.asked_on).days
    return (today - now.counts_from).days >= periods.hidden and since_last_call >= max(pace.gap, pace.last_call)


def campaign_asks(last_asked_on: datetime.date | None, today: datetime.date, due_on: datetime.date) -> bool:
    """Whether a campaign asks about a listing today: once at its start, and once more in the week before its day."""
    if today > due_on:
        return False
    last_week = due_on - datetime.timedelta(days=7)
    return last_asked_on is None or last_asked_on < last_week <= today
