"""What a referral begins from: listings, stage, what is asked of them, the team. Query string ↔ plain values.

Nothing about a person passes here: all of it may stand in an address.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import get_language

from directory.choices import Stage
from directory.models import Service
from referrals.choices import Purpose
from referrals.guidance import MOST_ENQUIRIES, Guidance, guidance_of
from referrals.models import Team
from referrals.receiving import Receiver, receivers

LISTING, OFFERED, STAGE, PURPOSE, TEAM = "palvelu", "ehdolla", "vaihe", "tarkoitus", "tiimi"
# More than anybody compares; a longer address is cut.
MOST_OFFERED = 30


class Problem(StrEnum):
    """Why one cannot go on with a choice."""

    NOTHING_CHOSEN = "nothing_chosen"
    TOO_MANY = "too_many"
    CANNOT_BE_ASKED = "cannot_be_asked"
    NO_JOINT_MEETING = "no_joint_meeting"


@dataclass(frozen=True)
class Option:
    """A listing that was collected, whether it is chosen, and who would receive an enquiry about it."""

    receiver: Receiver
    is_chosen: bool

    @property
    def service(self) -> Service:
        """The listing."""
        return self.receiver.service


@dataclass(frozen=True)
class Choice:
    """What was chosen, and in whose name. keys: UUIDs of listings; stage: its code."""

    keys: tuple[UUID, ...]
    stage: str
    purpose: str
    team: Team

    @property
    def guidance(self) -> Guidance:
        """The stage's form of guidance."""
        return guidance_of(self.stage)

    @property
    def is_joint_meeting(self) -> bool:
        """Whether the actors are called together."""
        return self.purpose == Purpose.JOINT_MEETING

    def without(self, keys: Iterable[UUID]) -> "Choice":
        """The same, less these listings."""
        gone = set(keys)
        return replace(self, keys=tuple(key for key in self.keys if key not in gone))

    def pairs(self) -> list[tuple[str, str]]:
        """As parameters of an address."""
        return [
            *((LISTING, str(key)) for key in self.keys),
            (STAGE, self.stage),
            (PURPOSE, self.purpose),
            (TEAM, str(self.team.pk)),
        ]


def keys_in(query: QueryDict, *names: str) -> list[UUID]:
    """The UUIDs that an address gives under these names, in their order, each once; what is none is left out."""
    found: dict[UUID, None] = {}
    for name in names:
        for value in query.getlist(name)[:MOST_OFFERED]:
            try:
                found[UUID(value)] = None
            except ValueError:
                continue
    return list(found)


def choice_in(query: QueryDict, teams: Sequence[Team], options: Sequence[Option]) -> Choice:
    """What an address chooses, completed by what is usual for the options. teams: the worker's own, at least one."""
    keys = keys_in(query, LISTING)
    wanted = [each.service for each in options if each.is_chosen or not keys]
    stage, purpose = query.get(STAGE, ""), query.get(PURPOSE, "")
    return Choice(
        keys=tuple(keys),
        stage=stage if stage in Stage.values else usual_stage(wanted),
        purpose=purpose if purpose in Purpose.values else Purpose.REFERRAL.value,
        team=next((each for each in teams if str(each.pk) == query.get(TEAM)), teams[0]),
    )


def usual_stage(services: Iterable[Service]) -> str:
    """The stage that most of these are for; of two the earlier, without any the first."""
    counts = Counter(stage for service in services for stage in service.stages)
    return min(Stage.values, key=lambda stage: (-counts[stage], stage))


def options_of(query: QueryDict, collected: Sequence[UUID]) -> list[Option]:
    """The listings one can choose from: those of the address, or without any the visitor's own list."""
    chosen = keys_in(query, LISTING)
    keys = keys_in(query, LISTING, OFFERED) or list(collected)
    return [Option(each, each.service.translation_key in chosen) for each in receivers_of(keys)]


def receivers_of(keys: Sequence[UUID]) -> list[Receiver]:
    """Who would receive enquiries about these listings, in their order. What is not public any more is left out."""
    rows = Service.objects.public().of_keys(keys).best_for(get_language() or "").with_list_facts()
    rows = rows.select_related("organisation__home_municipality").prefetch_related("contact_ways", "topics")
    found = {each.service.translation_key: each for each in receivers(rows)}
    return [found[key] for key in keys if key in found]


def problems_of(choice: Choice, chosen: Sequence[Receiver]) -> list[Problem]:
    """Why nothing can be sent to these. chosen: the receivers of the choice, those that there still are."""
    found = []
    if not choice.keys:
        found.append(Problem.NOTHING_CHOSEN)
    if len(choice.keys) > MOST_ENQUIRIES:
        found.append(Problem.TOO_MANY)
    if len(chosen) < len(choice.keys) or not all(each.can_be_asked for each in chosen):
        found.append(Problem.CANNOT_BE_ASKED)
    if choice.is_joint_meeting and not choice.guidance.calls_together:
        found.append(Problem.NO_JOINT_MEETING)
    return found
