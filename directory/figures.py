"""How fresh the directory is, in figures: where each listing stands, shares of any set of them, the trend of a year.

Reads and reckons; no HTML. The clock is an argument. Each function asks a fixed number of queries, however many there
are. What the figures mean, for people: ../docs/freshness.md.
"""

import datetime
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from directory.freshness import Freshness, Periods, freshness
from directory.models import Check, Service, ServiceQuerySet, StageChange, Upkeep
from directory.periods import periods_by_kind

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a listing stands on a day. A service in several languages is one listing."""

    key: UUID
    stage: Freshness
    counts_from: datetime.date
    kind: str
    organisation_id: int
    # Of the organisation's home municipality.
    county: str | None
    owner_id: int | None
    deputy_id: int | None


@dataclass
class Share:
    """How many listings there are at each stage."""

    stages: Counter[Freshness] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All of them."""
        return self.stages.total()

    @property
    def fresh(self) -> int:
        """Those that nobody need look at yet."""
        return self.stages[Freshness.FRESH]

    @property
    def percent(self) -> int | None:
        """The share of the fresh, in whole percents: 100 only when all are. None of an empty set."""
        return 100 * self.fresh // self.total if self.total else None


@dataclass(frozen=True)
class TrendPoint:
    """The share on a day."""

    on: datetime.date
    share: Share


# --- Today ------------------------------------------------------------------------------------------------------------
def listings_of(counties: Collection[str] | None, at: datetime.datetime) -> ServiceQuerySet:
    """The listings that somebody here answers for, of the organisations of these counties; None: of all.

    With those that freshness has hidden: their keepers mean them to be public.
    """
    services = Service.objects.offered(at).looked_after()
    return services if counties is None else services.filter(organisation__home_municipality__county__in=counties)


def standings(services: ServiceQuerySet, today: datetime.date) -> list[Standing]:
    """Where each of these listings stands, in two queries. Those of which no clock runs yet are left out."""
    periods = periods_by_kind()
    hidden = set(Upkeep.objects.hidden().values_list("key", flat=True))
    rows = services.order_by().values_list(
        "translation_key",
        "checked_on",
        "first_published_at",
        "kind",
        "organisation",
        "organisation__home_municipality__county",
        "owner",
        "deputy",
    )
    found: dict[UUID, Standing] = {}
    for key, checked_on, published_at, kind, *others in rows.iterator():
        counts_from = checked_on or (timezone.localdate(published_at) if published_at else None)
        if counts_from is None or (key in found and found[key].counts_from <= counts_from):
            # The other languages were published at other times: the first of them counts.
            continue
        stage = Freshness.HIDDEN if key in hidden else freshness(counts_from, today, _periods(periods, kind))
        found[key] = Standing(key, stage, counts_from, kind, *others)
    return list(found.values())


def elsewhere_kept(counties: Collection[str] | None, at: datetime.datetime) -> int:
    """How many public listings of other catalogues nobody here answers for: no clock of ours runs for them."""
    public = Service.objects.public(at)
    if counties is not None:
        public = public.filter(organisation__home_municipality__county__in=counties)
    ours = Service.objects.looked_after().order_by().values("translation_key")
    return public.exclude(translation_key__in=ours).order_by().values("translation_key").distinct().count()


def share_of(standing: Iterable[Standing]) -> Share:
    """The share of all of them."""
    return Share(Counter(each.stage for each in standing))


def shares_by(standing: Iterable[Standing], group_of: Callable[[Standing], Group]) -> dict[Group, Share]:
    """Group → its share."""
    found: dict[Group, Share] = defaultdict(Share)
    for each in standing:
        found[group_of(each)].stages[each.stage] += 1
    return dict(found)


def _periods(periods: dict[str, Periods], kind: str) -> Periods:
    return periods.get(kind) or periods[""]


# --- The year ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class History:
    """What is known of a listing's past. checks and hidings in their order; ends_on: the first day without it."""

    kind: str
    published_on: datetime.date | None
    ends_on: datetime.date | None
    checks: Sequence[datetime.date] = ()
    # (day, whether it was hidden from then on).
    hidings: Sequence[tuple[datetime.date, bool]] = ()

    def stage_on(self, day: datetime.date, periods: Periods) -> Freshness | None:
        """The stage at the end of a day; None when it was not offered then, or no clock ran."""
        if self.ends_on and day >= self.ends_on:
            return None
        known = bisect_right(self.checks, day)
        counts_from = self.checks[known - 1] if known else self.published_on
        if counts_from is None or counts_from > day:
            return None
        moved = bisect_right(self.hidings, day, key=lambda each: each[0])
        if moved and self.hidings[moved - 1][1]:
            return Freshness.HIDDEN
        return freshness(counts_from, day, periods)


def first_days(today: datetime.date, months: int = 12) -> list[datetime.date]:
    """The first days of this month and of those before it, the oldest first."""
    count = today.year * 12 + today.month - 1
    return [datetime.date(each // 12, each % 12 + 1, 1) for each in range(count - months + 1, count + 1)]


def trend(histories: Iterable[History], days: Iterable[datetime.date]) -> list[TrendPoint]:
    """The share on each of these days, as the checks and hidings of then and the periods of now make it."""
    periods = periods_by_kind()
    points = [TrendPoint(day, Share()) for day in days]
    for each in histories:
        own = _periods(periods, each.kind)
        for point in points:
            if stage := each.stage_on(point.on, own):
                point.share.stages[stage] += 1
    return points


def histories(counties: Collection[str] | None) -> list[History]:
    """The past of every listing that somebody here answers for, in three queries.

    One that has ended counts until then. That its whole organisation, or the listing, was closed or hidden by hand at
    some time is not remembered: those count as they are today.
    """
    services = Service.objects.looked_after().filter(
        Q(first_published_at__isnull=False) | Q(checked_on__isnull=False),
        live=True,
        organisation__live=True,
        organisation__is_hidden=False,
    )
    services = services.exclude(translation_key__in=Service.objects.filter(is_hidden=True).values("translation_key"))
    if counties is not None:
        services = services.filter(organisation__home_municipality__county__in=counties)
    rows = services.order_by("translation_key", "first_published_at").values_list(
        "translation_key", "kind", "first_published_at", "checked_on", "withdrawn_on", "ends_at"
    )
    checks: dict[UUID, set[datetime.date]] = defaultdict(set)
    for key, day in Check.objects.order_by().values_list("key", "on").iterator():
        checks[key].add(day)
    hidings: dict[UUID, list[tuple[datetime.date, bool]]] = defaultdict(list)
    moved = StageChange.objects.filter(Q(after=Freshness.HIDDEN) | Q(before=Freshness.HIDDEN)).order_by("on", "pk")
    for key, after, day in moved.values_list("key", "after", "on").iterator():
        hidings[key].append((day, after == Freshness.HIDDEN))
    found: dict[UUID, History] = {}
    for key, kind, published_at, checked_on, withdrawn_on, ends_at in rows.iterator():
        published_on = timezone.localdate(published_at) if published_at else None
        if key in found and (published_on is None or (found[key].published_on or published_on) <= published_on):
            continue
        if checked_on:
            # Of a check before the site wrote them down one by one.
            checks[key].add(checked_on)
        over_on = timezone.localdate(ends_at) + datetime.timedelta(days=1) if ends_at else None
        ends_on = min((day for day in (withdrawn_on, over_on) if day), default=None)
        found[key] = History(kind, published_on, ends_on, sorted(checks.get(key, ())), hidings.get(key, ()))
    return list(found.values())
