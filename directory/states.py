"""In which one state a listing is, for those who keep it: a table of precedence over plain facts. Pure.

What the public sees is `Service.objects.public()`; how fresh a listing is, `directory.freshness`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from directory.freshness import WARNS, Freshness


class State(StrEnum):
    """One word for a listing."""

    ENDED = "ended"
    HIDDEN = "hidden"
    SENT_BACK = "sent_back"
    WAITING = "waiting"
    DRAFT = "draft"
    OVERDUE = "overdue"
    DUE = "due"
    PUBLIC = "public"


@dataclass(frozen=True)
class Facts:
    """What the state follows from. Of a service in several languages: true when it is true of any."""

    is_live: bool
    freshness: Freshness
    # Withdrawn by its keeper, or its last day is past.
    is_over: bool = False
    # By the directory's editors, with its whole organisation, or since nobody answered for it.
    is_hidden: bool = False
    is_waiting: bool = False
    is_sent_back: bool = False


# The first that holds is the state. Above stand those in which nobody can find the listing, though it was public; then
# what its keeper must go on with; last how old its check is.
PRECEDENCE: tuple[tuple[State, Callable[[Facts], bool]], ...] = (
    (State.ENDED, lambda facts: facts.is_over),
    (State.HIDDEN, lambda facts: facts.is_hidden),
    (State.SENT_BACK, lambda facts: facts.is_sent_back),
    (State.WAITING, lambda facts: facts.is_waiting),
    (State.DRAFT, lambda facts: not facts.is_live),
    (State.OVERDUE, lambda facts: facts.freshness in WARNS),
    (State.DUE, lambda facts: facts.freshness is Freshness.DUE),
    (State.PUBLIC, lambda _facts: True),
)


def state_of(facts: Facts) -> State:
    """The one state of a listing."""
    return next(state for state, holds in PRECEDENCE if holds(facts))
