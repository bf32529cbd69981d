"""What a keeper's lists show: services with their one state, and what needs a person today. Plain values; no writes."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy

from directory.choices import ReviewState
from directory.freshness import Freshness
from directory.models import FactReport, Membership, Organisation, Review, Service, Upkeep
from directory.models.service import ServiceQuerySet
from directory.states import Facts, State, state_of
from portal.accounts.models import User
from portal.base import languages
from portal.workspace.keeping.form.steps import FIRST, SEND
from referrals.permissions import waiting_for


@dataclass(frozen=True)
class Look:
    """How a state is shown: a word, a colour (tone of a badge), a symbol of the sprite."""

    label: Any
    tone: str
    icon: str


LOOKS: dict[State, Look] = {
    State.PUBLIC: Look(pgettext_lazy("state of a listing", "Public"), "good", "check"),
    State.DUE: Look(pgettext_lazy("state of a listing", "To be checked"), "warn", "calendar"),
    State.OVERDUE: Look(pgettext_lazy("state of a listing", "Out of date"), "stop", "warn"),
    State.WAITING: Look(pgettext_lazy("state of a listing", "Waits for approval"), "info", "clock"),
    State.SENT_BACK: Look(pgettext_lazy("state of a listing", "Sent back"), "stop", "back"),
    State.DRAFT: Look(pgettext_lazy("state of a listing", "Draft"), "quiet", "list"),
    State.HIDDEN: Look(pgettext_lazy("state of a listing", "Hidden"), "stop", "close"),
    State.ENDED: Look(pgettext_lazy("state of a listing", "Ended"), "quiet", "flag"),
}


@dataclass(frozen=True)
class KeptService:
    """One service as its keepers see it: all its languages together."""

    row: Service
    rows: tuple[Service, ...]
    state: State
    freshness: Freshness
    is_public: bool
    # What the public would see it for, were it asked about now: a check helps it.
    is_to_check: bool
    is_hidden_for_silence: bool
    # What waits, or came back: the newest of its languages.
    review: Review | None = None
    # The languages with a draft that nobody has sent.
    unsent: tuple[str, ...] = ()

    @property
    def key(self) -> UUID:
        """The service's UUID."""
        return self.row.translation_key

    @property
    def look(self) -> Look:
        """The state in a word, a colour and a symbol."""
        return LOOKS[self.state]

    @property
    def lang(self) -> str:
        """The language of the title, when it is not the reader's."""
        return self.row.language if self.row.language != get_language() else ""

    @property
    def edit_url(self) -> str:
        """Where its form begins."""
        return step_url(self.row)

    @property
    def send_url(self) -> str:
        """Where the draft that nobody has sent is looked through and sent."""
        return step_url(next((row for row in self.rows if row.language in self.unsent), self.row), SEND)

    @property
    def language_names(self) -> list[str]:
        """The languages it is written in, as their readers call them."""
        return [languages.BY_CODE[row.language].endonym for row in self.rows if row.language in languages.BY_CODE]

    def is_of(self, user: User) -> bool:
        """Whether the person is its keeper or deputy, or nobody is who still comes here."""
        people = [person for person in (self.row.owner, self.row.deputy) if person and person.is_active]
        return not people or user in people


def step_url(row: Service, step: str = FIRST) -> str:
    """A step of the row's form: the one where it begins."""
    return reverse("workspace:service_step", args=[row.translation_key, row.language, step])


def in_reading_order(rows: Iterable[Service]) -> list[Service]:
    """The rows of one service, the reader's own language first."""
    order = languages.reading_order(get_language() or languages.FINNISH)
    return sorted(rows, key=lambda row: (order.index(row.language) if row.language in order else len(order), row.pk))


def kept_services(organisations: Iterable[Organisation], now: datetime.datetime) -> list[KeptService]:
    """Every service of these organisations, in the order of their titles: a fixed number of queries."""
    rows = Service.objects.filter(organisation__in=[each.pk for each in organisations])
    return kept_of(rows.defer("raw", "imported", "description", "organisation__raw", "organisation__imported"), now)


def kept_of(services: ServiceQuerySet, now: datetime.datetime) -> list[KeptService]:
    """The services of these rows, all languages of one together."""
    rows = services.select_related("organisation__home_municipality", "locale", "owner", "deputy")
    by_key: dict[UUID, list[Service]] = {}
    for row in rows:
        by_key.setdefault(row.translation_key, []).append(row)
    last = last_reviews(by_key)
    silent = set(Upkeep.objects.hidden().filter(key__in=list(by_key)).values_list("key", flat=True))
    kept = [_kept(in_reading_order(each), last, key in silent, now) for key, each in by_key.items()]
    return sorted(kept, key=lambda each: (each.row.title.casefold(), str(each.key)))


def last_reviews(keys: Iterable[UUID]) -> dict[int, Review]:
    """Row of a service (primary key) → its last review, decided or not."""
    reviews = Review.objects.filter(service__translation_key__in=list(keys)).order_by("submitted_at", "pk")
    return {review.service_id: review for review in reviews}


def _has_draft(row: Service) -> bool:
    return not row.live or row.has_unpublished_changes


def is_sent_back(row: Service, review: Review | None) -> bool:
    """Whether the keeper is to go on with what came back: nothing was sent or published since."""
    return review is not None and review.state == ReviewState.SENT_BACK and _has_draft(row)


def is_unsent(row: Service, review: Review | None) -> bool:
    """Whether there is a draft that nobody has sent, or something newer than what was sent."""
    if not _has_draft(row) or is_sent_back(row, review):
        return False
    return review is None or review.state != ReviewState.WAITING


def _kept(rows: list[Service], last: dict[int, Review], is_silent: bool, now: datetime.datetime) -> KeptService:
    row, today = rows[0], timezone.localdate(now)
    fresh = row.freshness(today)
    is_live = any(each.live for each in rows)
    is_over = row.withdrawn_on is not None or (row.ends_at is not None and row.ends_at < now)
    is_closed_away = any(each.is_hidden for each in rows) or not row.organisation.is_public
    told = [(each, last[each.pk]) for each in rows if each.pk in last]
    back = [review for each, review in told if is_sent_back(each, review)]
    waiting = [review for _each, review in told if review.state == ReviewState.WAITING]
    is_hidden = is_closed_away or is_silent
    facts = Facts(
        is_live=is_live,
        freshness=fresh,
        is_over=is_over,
        is_hidden=is_live and is_hidden,
        is_waiting=bool(waiting),
        is_sent_back=bool(back),
    )
    return KeptService(
        row=row,
        rows=tuple(rows),
        state=state_of(facts),
        freshness=fresh,
        is_public=is_live and not is_over and not is_hidden,
        is_to_check=is_live and not is_over and not is_closed_away and fresh != Freshness.FRESH,
        is_hidden_for_silence=is_silent,
        review=max(back or waiting, key=lambda review: review.submitted_at, default=None),
        unsent=tuple(each.language for each in rows if is_unsent(each, last.get(each.pk)) and not is_over),
    )


# --- today -----------------------------------------------------------------------------------------------------------
@dataclass
class Today:
    """What needs a person now. `others`: how many things of the same organisations wait for somebody else."""

    to_check: list[KeptService] = field(default_factory=list)
    to_answer: list[FactReport] = field(default_factory=list)
    sent_back: list[Review] = field(default_factory=list)
    approved: list[Review] = field(default_factory=list)
    waiting: list[Review] = field(default_factory=list)
    unsent: list[KeptService] = field(default_factory=list)
    # How many referrals wait for an answer; what they are is told in their own room alone.
    referrals: int = 0
    others: int = 0

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has to be done."""
        return self.count == 0

    @property
    def count(self) -> int:
        """How many things there are to do."""
        return len(self.to_check) + len(self.to_answer) + len(self.sent_back) + len(self.unsent) + self.referrals


# A decision that nobody has marked as read is news for so long.
NEWS_DAYS = 30


def today_of(
    user: User, organisations: Sequence[Organisation], kept: Sequence[KeptService], now: datetime.datetime
) -> Today:
    """What needs this person today, among the services of their organisations."""
    mine = {each.key: each for each in kept if each.is_of(user)}
    reports = list(
        FactReport.objects.filter(service__organisation__in=[each.pk for each in organisations], handled_at=None)
        .select_related("service", "service__locale")
        .order_by("reported_at", "pk")
    )
    reviews = list(
        Review.objects.filter(organisation__in=[each.pk for each in organisations])
        .exclude(state=ReviewState.REPLACED)
        .select_related("service__locale", "organisation")
        .order_by("submitted_at", "pk")
    )
    sent_back, waiting, approved = _reviews_of(user, reviews, mine, now)
    to_check = [each for each in kept if each.is_to_check]
    unsent = [each for each in kept if each.unsent]
    today = Today(
        # What has waited longest comes first.
        to_check=sorted(
            (each for each in to_check if each.key in mine),
            key=lambda each: (each.row.counts_from or datetime.date.min, each.row.title.casefold()),
        ),
        to_answer=[report for report in reports if report.service.translation_key in mine],
        sent_back=sent_back,
        approved=approved,
        waiting=waiting,
        unsent=[each for each in unsent if each.key in mine],
        referrals=waiting_for(user),
    )
    today.others = (len(to_check) + len(reports) + len(unsent)) - (
        len(today.to_check) + len(today.to_answer) + len(today.unsent)
    )
    return today


def _reviews_of(
    user: User, reviews: Sequence[Review], mine: dict[UUID, KeptService], now: datetime.datetime
) -> tuple[list[Review], list[Review], list[Review]]:
    """(sent back, waiting, approved and not yet read) of what the person sent or keeps."""
    last: dict[tuple[int, int | None], Review] = {(each.organisation_id, each.service_id): each for each in reviews}
    sent_back, waiting, approved = [], [], []
    for review in last.values():
        service = review.service
        if review.submitted_by_id != user.pk and service is not None and service.translation_key not in mine:
            continue
        row = service or review.organisation
        if review.state == ReviewState.WAITING:
            waiting.append(review)
        elif review.state == ReviewState.SENT_BACK and (not row.live or row.has_unpublished_changes):
            sent_back.append(review)
        elif review.state == ReviewState.APPROVED and _is_news(review, now):
            approved.append(review)
    return sent_back, waiting, approved


def _is_news(review: Review, now: datetime.datetime) -> bool:
    is_recent = review.decided_at is not None and now - review.decided_at < datetime.timedelta(days=NEWS_DAYS)
    return is_recent and review.seen_at is None


def organisations_of(user: User) -> list[tuple[Organisation, Membership]]:
    """The organisations that a person is a member of, with what they are there."""
    memberships = Membership.objects.of(user).select_related("organisation__home_municipality")
    found = [(membership.organisation, membership) for membership in memberships]
    return sorted(found, key=lambda pair: str(pair[0]).casefold())


def home_context(user: User, now: datetime.datetime) -> dict[str, Any]:
    """Everything the first page of the workspace shows."""
    found = organisations_of(user)
    organisations = [organisation for organisation, _membership in found]
    kept = kept_services(organisations, now) if organisations else []
    return {
        "today": today_of(user, organisations, kept, now) if organisations else Today(),
        "day": timezone.localdate(now),
        "organisations": [
            {
                "organisation": organisation,
                "role": membership.get_role_display(),
                "services": [each for each in kept if each.row.organisation_id == organisation.pk],
            }
            for organisation, membership in found
        ],
    }
