"""What an organisation's own page shows: its services, filtered, and its figures. Plain values; no writes."""

import datetime
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.choices import ReviewState
from directory.freshness import Freshness
from directory.models import Check, FactReport, Organisation, Review
from directory.states import State
from portal.accounts.models import User
from portal.workspace.keeping.presentation import LOOKS, KeptService

PER_PAGE = 20
# Fewer than this are seen at a glance.
FILTERS_FROM = 21

MINE, FILTER_STATE, FILTER_WORDS = "mine", "state", "q"


def filtered(kept: Sequence[KeptService], user: User, query: Any) -> list[KeptService]:
    """The services that the filters of an address (`request.GET`) ask for; unknown values ask for nothing."""
    state = query.get(FILTER_STATE, "")
    words = query.get(FILTER_WORDS, "").casefold().split()
    found = [each for each in kept if state not in set(State) or each.state == state]
    if query.get(MINE):
        found = [each for each in found if user in (each.row.owner, each.row.deputy)]
    titles = ((each, " ".join(row.title for row in each.rows).casefold()) for each in found)
    return [each for each, title in titles if all(word in title for word in words)]


def state_choices(kept: Sequence[KeptService], query: Any) -> list[dict[str, Any]]:
    """The states that there are, with how many services each has."""
    counts = Counter(each.state for each in kept)
    return [
        {"value": state, "look": look, "count": counts[state], "is_chosen": query.get(FILTER_STATE) == state}
        for state, look in LOOKS.items()
        if counts[state]
    ]


def figures(organisation: Organisation, kept: Sequence[KeptService], now: datetime.datetime) -> list[dict[str, str]]:
    """The organisation's figures as rows of the facts component. Nobody's searches are counted (docs/adr/0004)."""
    today = timezone.localdate(now)
    keys = [each.key for each in kept]
    shown = [each for each in kept if each.is_public]
    fresh = sum(each.freshness == Freshness.FRESH for each in shown)
    reports = FactReport.objects.filter(service__organisation=organisation)
    answered = reports.exclude(handled_at=None).count()
    rows = [
        (_("Public services"), str(len(shown))),
        (_("Up to date"), f"{fresh} / {len(shown)} ({round(100 * fresh / len(shown))} %)" if shown else ""),
        (_("Checked this year"), str(Check.objects.filter(key__in=keys, on__year=today.year).count())),
        (_("Readers' reports answered"), f"{answered} / {reports.count()}"),
        (_("From sending to approval"), _time_to_approval(organisation)),
    ]
    return [{"term": term, "text": text} for term, text in rows if text]


def _time_to_approval(organisation: Organisation) -> str:
    """The middle of the times that approving took."""
    approved = Review.objects.filter(organisation=organisation, state=ReviewState.APPROVED)
    waits = [decided - sent for sent, decided in approved.values_list("submitted_at", "decided_at") if decided]
    if not waits:
        return ""
    hours = median(wait.total_seconds() for wait in waits) / 3600
    if hours < 1:
        return _("under an hour")
    if hours < 48:
        count = round(hours)
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = round(hours / 24)
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
