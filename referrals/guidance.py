"""Each stage of the pathway has its own form of guidance; what that means for a referral. Pure.

Source: PATHWAY («Hyvinvointilähete is stage 1's form of guidance; each other stage has its own»; docs of the domain).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.choices import Stage


@dataclass(frozen=True)
class Guidance:
    """The form of guidance of a stage.

    name: what the worker and the person call it. sends_data: whether anything about a person may be sent at all.
    """

    stage: Stage
    name: str | Promise
    idea: str | Promise
    sends_data: bool = True
    # The actors can be called together instead.
    calls_together: bool = False


GUIDANCE: dict[Stage, Guidance] = {
    Stage.ONE: Guidance(
        Stage.ONE,
        _("Wellbeing referral"),
        _("The person misses meaningful things to do, and is guided to an organisation's activity."),
    ),
    Stage.TWO: Guidance(
        Stage.TWO,
        _("Meeting places, on the spot and online"),
        _("The person can come without a name. Nothing about them is asked or sent: give the options along."),
        sends_data=False,
    ),
    Stage.THREE: Guidance(
        Stage.THREE,
        _("Guidance and advice in conversation"),
        _("The person looks at the situation together with an organisation's adviser."),
        calls_together=True,
    ),
    Stage.FOUR: Guidance(
        Stage.FOUR,
        _("A part of the care or service chain and of the client plan"),
        _("Peer support, professional guidance or a service for a focused need, written into the plan."),
        calls_together=True,
    ),
    Stage.FIVE: Guidance(
        Stage.FIVE,
        _("Shared clientship"),
        _("Several helpers agree on who does what, together with the person."),
        calls_together=True,
    ),
}

# One referral asks at most so many organisations: each of them gives the person their time.
MOST_ENQUIRIES = 5
# How far ahead a meeting can be agreed.
MOST_DAYS_AHEAD = 366


def guidance_of(stage: str) -> Guidance:
    """The form of guidance of a stage (its code). Raises ValueError for an unknown one."""
    return GUIDANCE[Stage(stage)]


def own_stage(stages: Sequence[str]) -> Stage | None:
    """At which stage a person's own referral goes to a listing of these stages: the first at which anything is sent.

    None: one only comes there. A listing that tells no stage is asked as a wellbeing referral is.
    """
    sending = [stage for stage in Stage if GUIDANCE[stage].sends_data and stage.value in (stages or [Stage.ONE])]
    return next(iter(sending), None)
