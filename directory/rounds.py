"""What the daily run of freshness reads, and what it plans for each listing. No writes (directory.keeping).

A listing is a service in all its languages. Read in stretches of a few hundred, each in a fixed number of queries.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from directory.choices import Answer, CaseKind, NoticeStep
from directory.freshness import Decision, Freshness, Round, campaign_asks, decide
from directory.keepers import Keepers, Recipient, recipients
from directory.models import Campaign, CampaignService, Notice, NoticeItem, Service, Upkeep
from directory.periods import pace, periods_of

STRETCH = 400


@dataclass(frozen=True)
class Listing:
    """A service as the engine sees it. row_id: one of its rows, the oldest."""

    key: UUID
    row_id: int
    title: str
    kind: str
    counts_from: datetime.date
    organisation_id: int
    owner_id: int | None
    deputy_id: int | None


@dataclass(frozen=True)
class Move:
    """What becomes of one listing today. step: taken today, in a letter `to` somebody or by the queue (case)."""

    listing: Listing
    upkeep: Upkeep | None
    decision: Decision
    step: NoticeStep | None = None
    to: tuple[Recipient, ...] = ()
    case: CaseKind | None = None
    campaign: int | None = None

    @property
    def key(self) -> UUID:
        """The service's UUID."""
        return self.listing.key

    @property
    def is_same_round(self) -> bool:
        """Whether what is remembered belongs to the check that the clock counts from now."""
        return self.upkeep is not None and self.upkeep.counts_from == self.listing.counts_from

    @property
    def stage_before(self) -> str:
        """What the engine last found."""
        return self.upkeep.stage if self.upkeep else Freshness.FRESH.value

    @property
    def changes_stage(self) -> bool:
        """Whether the stage is another than before."""
        return self.stage_before != self.decision.stage

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be written."""
        is_over = self.upkeep is not None and not self.is_same_round
        return not (self.step or self.to or self.case or self.changes_stage or is_over)


def moves_of_day(at: datetime.datetime) -> list[Move]:
    """What is to be done on the day of `at`, in the order in which the listings have waited."""
    day = timezone.localdate(at)
    # Who got a letter today gets the next one tomorrow at the earliest.
    written = set(Notice.objects.filter(on=day).values_list("address", flat=True))
    campaigns = _open_campaigns(day)
    moves: list[Move] = []
    keys = sorted(_keys_to_look_at(at, day, campaigns))
    for start in range(0, len(keys), STRETCH):
        moves += _Planner(_listings(at, keys[start : start + STRETCH]), day, campaigns).moves()
    return [each for each in _one_letter_a_day(moves, written) if not each.is_idle]


def _keys_to_look_at(at: datetime.datetime, day: datetime.date, campaigns: dict[UUID, list[Campaign]]) -> set[UUID]:
    """What may be due, with what is due soon; what a round is open of; what a campaign asks about."""
    soon = day + datetime.timedelta(days=pace().together)
    due = Service.objects.offered(at).due_for_check(soon).order_by().values_list("translation_key", flat=True)
    return {*due.iterator(), *Upkeep.objects.order_by().values_list("key", flat=True).iterator(), *campaigns}


def _listings(at: datetime.datetime, keys: Iterable[UUID]) -> list[Listing]:
    rows = (
        Service.objects.offered(at)
        .looked_after()
        .of_keys(keys)
        .order_by("translation_key", "first_published_at", "pk")
        .only("title", "kind", "checked_on", "first_published_at", "translation_key", "organisation", "owner", "deputy")
    )
    found: dict[UUID, Listing] = {}
    for row in rows:
        published_on = timezone.localdate(row.first_published_at) if row.first_published_at else None
        counts_from = row.checked_on or published_on
        if counts_from and row.translation_key not in found:
            found[row.translation_key] = Listing(
                key=row.translation_key,
                row_id=row.pk,
                title=row.title,
                kind=row.kind,
                counts_from=counts_from,
                organisation_id=row.organisation_id,
                owner_id=row.owner_id,
                deputy_id=row.deputy_id,
            )
    return sorted(found.values(), key=lambda each: (each.counts_from, each.row_id))


def _open_campaigns(day: datetime.date) -> dict[UUID, list[Campaign]]:
    """Service → the campaigns that ask about it, the most urgent first."""
    campaigns = Campaign.objects.filter(ended_at=None, due_on__gte=day).in_bulk()
    by_key: dict[UUID, list[Campaign]] = defaultdict(list)
    chosen = CampaignService.objects.filter(campaign__in=campaigns).order_by("campaign__due_on", "pk")
    for campaign, key in chosen.values_list("campaign", "key"):
        by_key[key].append(campaigns[campaign])
    return by_key


class _Planner:
    """Plans for one stretch of listings."""

    def __init__(self, listings: list[Listing], day: datetime.date, campaigns: dict[UUID, list[Campaign]]) -> None:
        self.listings, self.day, self.campaigns = listings, day, campaigns
        keys = [each.key for each in listings]
        self.upkeep = Upkeep.objects.in_bulk(keys)
        self.keepers = Keepers(listings)
        self.items: dict[UUID, list[NoticeItem]] = defaultdict(list)
        for item in NoticeItem.objects.filter(key__in=keys).select_related("notice"):
            self.items[item.key].append(item)
        asked = NoticeItem.objects.filter(key__in=keys, notice__campaign__isnull=False).order_by()
        self.asked_by_campaign = {
            (key, campaign): on
            for key, campaign, on in asked.values_list("key", "notice__campaign").annotate(last=Max("notice__on"))
        }

    def moves(self) -> list[Move]:
        """One for each listing."""
        return [self._move(listing) for listing in self.listings]

    def _move(self, listing: Listing) -> Move:
        upkeep = self.upkeep.get(listing.key)
        now = self._round(listing, upkeep)
        decision = decide(now, self.day, periods_of(listing.kind), pace())
        move = Move(listing, upkeep, decision)
        campaign = self._campaign(listing, now)
        if decision.step is None and campaign is None:
            return move
        if decision.step is NoticeStep.AREA:
            return replace(move, step=decision.step, case=CaseKind.NO_ANSWER)
        tiers = self.keepers.tiers(listing)
        if not tiers:
            # Nobody to be early for: the queue hears of it on its day.
            step = None if decision.is_early else decision.step
            return replace(move, step=step, case=CaseKind.ORPHAN if step or campaign else None)
        step = decision.step or NoticeStep.OWNER
        return replace(move, step=decision.step, to=tuple(recipients(tiers, step)), campaign=campaign)

    def _round(self, listing: Listing, upkeep: Upkeep | None) -> Round:
        if upkeep is None or upkeep.counts_from != listing.counts_from:
            return Round(listing.counts_from, editing_since=self._editing_since(listing))
        last = [
            each
            for each in self.items[listing.key]
            if each.counts_from == upkeep.counts_from and each.step == upkeep.step is not None
        ]
        return Round(
            listing.counts_from,
            step=upkeep.step or 0,
            asked_on=upkeep.last_notice_on,
            went_nowhere=bool(last) and all(each.notice.bounced_at or each.answer == Answer.NOT_MINE for each in last),
            editing_since=self._editing_since(listing),
            is_hidden=upkeep.hidden_on is not None,
        )

    def _editing_since(self, listing: Listing) -> datetime.date | None:
        said = (
            timezone.localdate(each.answered_at)
            for each in self.items[listing.key]
            if each.answer == Answer.WILL_EDIT and each.answered_at and each.counts_from == listing.counts_from
        )
        return max(said, default=None)

    def _campaign(self, listing: Listing, now: Round) -> int | None:
        """The campaign that asks about the listing today, if any."""
        if now.editing_since and (self.day - now.editing_since).days < pace().editing:
            return None
        for campaign in self.campaigns.get(listing.key, ()):
            is_checked = listing.counts_from >= timezone.localdate(campaign.started_at)
            last = self.asked_by_campaign.get((listing.key, campaign.pk))
            if not is_checked and campaign_asks(last, self.day, campaign.due_on):
                return campaign.pk
        return None


# --- One letter a day -------------------------------------------------------------------------------------------------
def _one_letter_a_day(moves: list[Move], written: set[str]) -> Iterator[Move]:
    """The plan with every letter in it once: what cannot go with today's letter waits for tomorrow's."""
    sure = [_put_off(each, written) for each in moves]
    going = {each.address for move in sure if not move.decision.is_early or move.campaign for each in move.to}
    campaign_of: dict[str, int] = {}
    for move in sure:
        is_early = move.decision.is_early and not move.campaign
        if is_early and not {each.address for each in move.to} <= going:
            yield replace(move, step=None, to=())
        elif move.campaign:
            # A letter speaks of one campaign.
            if any(campaign_of.setdefault(each.address, move.campaign) != move.campaign for each in move.to):
                yield _without_campaign(move)
            else:
                yield move
        else:
            yield move


def _put_off(move: Move, written: set[str]) -> Move:
    if any(each.address in written for each in move.to):
        return replace(move, step=None, to=(), campaign=None)
    return move


def _without_campaign(move: Move) -> Move:
    if move.decision.step and not move.decision.is_early:
        return replace(move, campaign=None)
    return replace(move, step=None, to=(), campaign=None)
