"""Which referrals need the worker, and why. Pure: states and moments in, reasons out; no word about a person."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from referrals.choices import State

# A referral that nobody took up is at its end. It still stands first for so many days: something else can be found.
REFUSED_DAYS = 14


class Reason(StrEnum):
    """Why the worker is needed, the most pressing first."""

    QUESTION = "question"
    TIME = "time"
    SILENCE = "silence"
    REFUSED = "refused"
    NOT_COME = "not_come"


@dataclass(frozen=True)
class Standing:
    """How one enquiry stands."""

    state: State
    is_silent: bool = False


_BY_STATE = {State.ASKED: Reason.QUESTION, State.SUGGESTED: Reason.TIME, State.NOT_COME: Reason.NOT_COME}
_REFUSALS = frozenset({State.DECLINED, State.FULL, State.UNANSWERED})
# Ends that the person or the sender chose: nothing is missing.
_CHOSEN_ENDS = frozenset({State.CANCELLED, State.WITHDRAWN})


def reasons_of(
    standings: Iterable[Standing], *, closed_at: datetime.datetime | None, at: datetime.datetime
) -> list[Reason]:
    """Why a referral needs its worker now; an empty list when it does not.

    closed_at: when the last enquiry came to its end. A refusal counts once nobody else is asked any more.
    """
    known = list(standings)
    found = {_BY_STATE[each.state] for each in known if each.state in _BY_STATE}
    if any(each.is_silent for each in known):
        found.add(Reason.SILENCE)
    is_recent = closed_at is not None and closed_at > at - datetime.timedelta(days=REFUSED_DAYS)
    if is_recent and is_refused(each.state for each in known):
        found.add(Reason.REFUSED)
    return [each for each in Reason if each in found]


def is_refused(states: Iterable[State]) -> bool:
    """Whether everybody who was left to answer said no, or nothing."""
    left = set(states) - _CHOSEN_ENDS
    return bool(left) and left <= _REFUSALS
