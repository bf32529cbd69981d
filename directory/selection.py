"""A chosen set of listings: a query string ↔ a value object ↔ the listings ↔ words. No HTTP, no rendering.

The same set is listed, asked about in a campaign, or written to. A value that no choice has is refused and never left
out: a set that silently grew would be written to.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.choices import Kind, NoticeStep
from directory.figures import Standing, listings_of, standings
from directory.filters import BadFilterError
from directory.freshness import Freshness
from directory.keepers import Keepers, Recipient, recipients
from directory.models import County, Organisation, ServiceQuerySet, Term

# Keepers are looked up for this many listings at a time: a database takes only so many values in one question.
STRETCH = 2000

STAGE_WORDS = {
    Freshness.FRESH: gettext_lazy("Up to date"),
    Freshness.DUE: gettext_lazy("Due for a check"),
    Freshness.OVERDUE: gettext_lazy("Overdue"),
    Freshness.STALE: gettext_lazy("Not checked for a long time"),
    Freshness.HIDDEN: gettext_lazy("Hidden, since nobody answered"),
}


@dataclass(frozen=True)
class Selection:
    """Which listings; "" and None choose nothing, so that an empty one means all of a person's areas."""

    # Codes of a county and of a topic, the slug of an organisation.
    area: str = ""
    organisation: str = ""
    kind: str = ""
    topic: str = ""
    stage: str = ""
    checked_before: datetime.date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Selection":
        """Of an address. Raises BadFilterError."""
        values = {each.name: query.get(each.name, "").strip() for each in fields(cls)}
        known = {
            "area": lambda value: County.objects.filter(pk=value).exists(),
            "organisation": lambda value: Organisation.objects.filter(slug=value).exists(),
            "kind": Kind.values.__contains__,
            "topic": lambda value: Term.objects.topics().filter(code=value).exists(),
            "stage": [each.value for each in Freshness].__contains__,
        }
        for name, is_known in known.items():
            if values[name] and ("\0" in values[name] or not is_known(values[name])):
                raise BadFilterError(name, values[name])
        before = values.pop("checked_before")
        try:
            day = datetime.date.fromisoformat(before) if before else None
        except ValueError as error:
            raise BadFilterError("checked_before", before) from error
        return cls(**values, checked_before=day)

    def query(self) -> str:
        """The address that chooses the same."""
        pairs = ((each.name, getattr(self, each.name)) for each in fields(self))
        return urlencode([(name, str(value)) for name, value in pairs if value])

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows it."""
        return self == Selection()

    def services(self, counties: Collection[str] | None, at: datetime.datetime) -> ServiceQuerySet:
        """The services that are meant, as far as their own facts say so, of these counties (None: of all)."""
        own = Q()
        if self.area:
            own &= Q(organisation__home_municipality__county=self.area)
        if self.organisation:
            own &= Q(organisation__slug=self.organisation)
        if self.kind:
            own &= Q(kind=self.kind)
        services = listings_of(counties, at).filter(own)
        if self.topic:
            about = Q(topics__code=self.topic) | Q(topics__parent__code=self.topic)
            services = services.filter(pk__in=listings_of(counties, at).filter(about).order_by().values("pk"))
        return services

    def listings(self, counties: Collection[str] | None, at: datetime.datetime) -> list[Standing]:
        """The listings that are meant, the longest unchecked first."""
        found = (
            each
            for each in standings(self.services(counties, at), timezone.localdate(at))
            if (not self.stage or each.stage == self.stage)
            and (self.checked_before is None or each.counts_from < self.checked_before)
        )
        return sorted(found, key=lambda each: (each.counts_from, each.key))

    def words(self) -> list[str]:
        """What was chosen, for the reader; one sentence when nothing was."""
        found = []
        if self.area:
            found.append(str(County.objects.get(pk=self.area)))
        if self.organisation:
            found.append(str(Organisation.objects.get(slug=self.organisation)))
        if self.kind:
            found.append(str(Kind(self.kind).label))
        if self.topic:
            found.append(str(Term.objects.topics().get(code=self.topic)))
        if self.stage:
            found.append(str(STAGE_WORDS[Freshness(self.stage)]))
        if self.checked_before:
            found.append(
                _("Not checked since %(day)s") % {"day": date_format(self.checked_before, "SHORT_DATE_FORMAT")}
            )
        return found or [_("Every listing")]


@dataclass(frozen=True)
class Reach:
    """Whom one reaches about a set of listings: each address once; and the listings where nobody can be reached."""

    recipients: list[Recipient]
    unreachable: list[Standing]


def reach_of(listings: Collection[Standing]) -> Reach:
    """The keeper of each, or whoever is asked first in the keeper's place."""
    rows = list(listings)
    found: dict[str, Recipient] = {}
    unreachable = []
    for start in range(0, len(rows), STRETCH):
        part = rows[start : start + STRETCH]
        keepers = Keepers(part)
        for each in part:
            tiers = keepers.tiers(each)
            if not tiers:
                unreachable.append(each)
            for recipient in recipients(tiers, NoticeStep.OWNER):
                # The person rather than the mailbox that has the same address.
                if recipient.address not in found or recipient.user:
                    found[recipient.address] = recipient
    return Reach(list(found.values()), unreachable)
