"""Listings that no reachable person answers for, and why. Reads only; the queue of them: directory.actions.keepers."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from directory.choices import CaseKind
from directory.figures import Standing, standings
from directory.keepers import ANSWERING_ROLES, Keepers
from directory.models import Case, Membership
from directory.selection import STRETCH, Selection
from portal.accounts.models import User
from portal.post.models import BouncedAddress


class Reason(StrEnum):
    """Why nobody can be reached."""

    # Neither the listing nor its organisation has a keeper with an open account.
    NOBODY = "nobody"
    # There are such, and their mail comes back.
    BOUNCED = "bounced"


@dataclass(frozen=True)
class Orphan:
    """A listing without a person. case: the open one about it, if any."""

    standing: Standing
    reason: Reason
    # The organisation's shared mailbox is still there: it is asked, but it is no person.
    has_mailbox: bool
    case: Case | None

    @property
    def key(self) -> UUID:
        """The service's UUID."""
        return self.standing.key


CASE_KINDS = (CaseKind.ORPHAN, CaseKind.NOT_MINE, CaseKind.NO_ANSWER)


def orphans(
    counties: Collection[str] | None, at: datetime.datetime, selection: Selection | None = None
) -> list[Orphan]:
    """The listings of these counties (None: of all) without a reachable person, the longest unchecked first."""
    chosen = selection or Selection()
    rows = sorted(
        standings(chosen.services(counties, at), timezone.localdate(at)), key=lambda each: (each.counts_from, each.key)
    )
    alone: list[tuple[Standing, bool]] = []
    for start in range(0, len(rows), STRETCH):
        part = rows[start : start + STRETCH]
        keepers = Keepers(part)
        alone += [(each, bool(keepers.tiers(each))) for each in part if not keepers.has_person(each)]
    found: list[Orphan] = []
    for start in range(0, len(alone), STRETCH):
        stretch = alone[start : start + STRETCH]
        reasons = _reasons([each for each, _has_mailbox in stretch])
        open_cases = Case.objects.open().filter(kind__in=CASE_KINDS, key__in=[each.key for each, _has in stretch])
        cases = {case.key: case for case in open_cases.order_by("-opened_at")}
        found += [Orphan(each, reasons[each.key], has_mailbox, cases.get(each.key)) for each, has_mailbox in stretch]
    return found


def _reasons(alone: Iterable[Standing]) -> dict[UUID, Reason]:
    rows = list(alone)
    members: dict[int, set[int]] = defaultdict(set)
    organisations = {each.organisation_id for each in rows}
    answering = Membership.objects.filter(organisation__in=organisations, role__in=ANSWERING_ROLES)
    for organisation, user in answering.order_by().values_list("organisation", "user"):
        members[organisation].add(user)
    named = {
        each.key: {person for person in (each.owner_id, each.deputy_id) if person} | members[each.organisation_id]
        for each in rows
    }
    people = User.objects.filter(pk__in=set().union(*named.values()), is_active=True, closed_at=None)
    address_of = {pk: email.lower() for pk, email in people.values_list("pk", "email")}
    returned = set(BouncedAddress.objects.filter(email__in=address_of.values()).values_list("email", flat=True))
    bounced = {pk for pk, address in address_of.items() if address in returned}
    return {key: Reason.BOUNCED if people & bounced else Reason.NOBODY for key, people in named.items()}
