"""What is asked before anything about a person may be written, in its order: one table. Pure: answers in, gates out.

The answers travel in the address: they tell nothing of who is meant. What is told of a person never does.
"""

from collections.abc import Mapping
from enum import StrEnum

from referrals.choices import ConsentHow


class Gate(StrEnum):
    """The steps, in their order, as their addresses call them."""

    EMERGENCY = "hata"
    STATUTORY = "lakisaateinen"
    CONSENT = "suostumus"
    DETAILS = "tiedot"
    CHECK = "tarkista"


NO, YES, TAKEN_CARE_OF = "ei", "kylla", "hoidettu"
# The names of the answers.
DANGER, NEED, KNOWS, HOW = "hata", "lakisaateinen", "tietaa", "suostumus"

# Which answers open a gate. What stands behind DETAILS and CHECK is the form about the person, and its own rules.
OPENED_BY: dict[Gate, dict[str, frozenset[str]]] = {
    Gate.EMERGENCY: {DANGER: frozenset({NO})},
    Gate.STATUTORY: {NEED: frozenset({NO, TAKEN_CARE_OF})},
    Gate.CONSENT: {KNOWS: frozenset({YES}), HOW: frozenset({ConsentHow.SPOKEN.value, ConsentHow.WRITTEN.value})},
    Gate.DETAILS: {},
    Gate.CHECK: {},
}
ORDER = tuple(Gate)
NAMES = tuple(name for asked in OPENED_BY.values() for name in asked)


def answers_in(query: Mapping[str, str]) -> dict[str, str]:
    """The answers among other things, in their order."""
    return {name: query[name] for name in NAMES if query.get(name)}


def missing_at(gate: Gate, answers: Mapping[str, str]) -> list[str]:
    """The names of the answers that do not open a gate yet."""
    return [name for name, good in OPENED_BY[gate].items() if answers.get(name, "") not in good]


def first_closed(gate: Gate, answers: Mapping[str, str]) -> Gate | None:
    """The first gate before this one that the answers do not open; None when the way here is free."""
    before = ORDER[: ORDER.index(gate)]
    return next((each for each in before if missing_at(each, answers)), None)


def following(gate: Gate) -> Gate:
    """The gate after this one. Raises IndexError after the last."""
    return ORDER[ORDER.index(gate) + 1]


def preceding(gate: Gate) -> Gate | None:
    """The gate before this one; None before the first."""
    place = ORDER.index(gate)
    return ORDER[place - 1] if place else None
