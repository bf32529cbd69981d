"""The ways from public pages to referrals: addresses, a stage's form of guidance, who can be asked. Reads only."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import template

from directory.choices import Stage
from directory.models import Service
from referrals.guidance import GUIDANCE, MOST_ENQUIRIES, Guidance
from referrals.receiving import receiver_by_sender

register = template.Library()


@register.simple_tag(takes_context=True)
def referral_address(context: template.Context, keys: Sequence[UUID] = (), stage: str = "") -> str:
    """Where a worker begins a referral of these services (their UUIDs) at a stage of the path.

    "" while referrals are not in use, and when the services are more than one referral can ask.
    """
    frame = context.get("frame")
    start = frame.referral_url if frame else ""
    if not start or len(keys) > MOST_ENQUIRIES:
        return ""
    query = [("palvelu", str(key)) for key in keys] + ([("vaihe", stage)] if stage in Stage.values else [])
    return f"{start}?{urlencode(query)}" if query else start


@register.simple_tag
def guidance(stage: str) -> Guidance | None:
    """The form of guidance of a stage (its code); None when it is none."""
    return GUIDANCE[Stage(stage)] if stage in Stage.values else None


@register.simple_tag
def ways_to_ask(service: Service) -> dict[str, Any]:
    """Whether a worker, and whether the person, can ask this listing here, and why a worker cannot."""
    of_worker, of_person = receiver_by_sender(service)
    return {
        "worker": of_worker.can_be_asked,
        "person": of_person.can_be_asked,
        "obstacle": of_worker.obstacle.value if of_worker.obstacle else "",
    }
