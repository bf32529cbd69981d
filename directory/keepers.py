"""Whom to ask about a listing: keeper, deputy, organisation, its mailbox; those of them who can be reached. Reads only.

Reachable: the account is open, and mail to the address does not come back. When nobody is, the listing is the regional
queue's: that is for the callers to say (directory.keeping, directory.actions.keepers).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from directory.choices import NoticeStep, Role
from directory.models import Membership, Organisation
from portal.accounts.models import User
from portal.post.models import BouncedAddress


@dataclass(frozen=True)
class Recipient:
    """A person, or an organisation's shared mailbox, to whom a question can be sent."""

    address: str
    user: int | None = None
    # Of a mailbox: whose it is.
    organisation: int | None = None


class Kept(Protocol):
    """What is asked of a listing: a Service, or the part of one that was read."""

    owner_id: int | None
    deputy_id: int | None
    organisation_id: int


ANSWERING_ROLES = (Role.OWNER, Role.DEPUTY)


class Keepers:
    """The keepers of many listings, read in four queries."""

    def __init__(self, listings: Iterable[Kept]) -> None:
        listings = list(listings)
        organisations = {each.organisation_id for each in listings}
        named = {person for each in listings for person in (each.owner_id, each.deputy_id) if person}
        members = (
            Membership.objects.filter(organisation__in=organisations, role__in=ANSWERING_ROLES)
            .order_by("pk")
            .values_list("organisation", "user")
        )
        self._members: dict[int, list[int]] = defaultdict(list)
        for organisation, user in members:
            self._members[organisation].append(user)
            named.add(user)
        people = User.objects.filter(pk__in=named, is_active=True, closed_at=None)
        boxes = Organisation.objects.filter(pk__in=organisations).exclude(email="").values_list("pk", "email")
        found = [
            *(Recipient(user.email.lower(), user=user.pk) for user in people),
            *(Recipient(email.lower(), organisation=pk) for pk, email in boxes),
        ]
        returned = BouncedAddress.objects.filter(email__in={each.address for each in found})
        dead = set(returned.values_list("email", flat=True))
        reachable = [each for each in found if each.address not in dead]
        self._people = {each.user: each for each in reachable if each.user}
        self._boxes = {each.organisation: each for each in reachable if each.organisation}

    def tiers(self, listing: Kept) -> list[list[Recipient]]:
        """Who can be asked about a listing: the keeper, the deputy, the organisation's people, its mailbox.

        Each is there once, in the first tier that they belong to; a tier where nobody is reachable is left out.
        """
        seen: set[str] = set()
        tiers = []
        for tier in self._all_tiers(listing):
            reachable = list(dict.fromkeys(each for each in tier if each and each.address not in seen))
            seen |= {each.address for each in reachable}
            if reachable:
                tiers.append(reachable)
        return tiers

    def _all_tiers(self, listing: Kept) -> Iterator[list[Recipient | None]]:
        yield [self._people.get(listing.owner_id or 0)]
        yield [self._people.get(listing.deputy_id or 0)]
        yield [self._people.get(user) for user in self._members[listing.organisation_id]]
        yield [self._boxes.get(listing.organisation_id)]

    def has_person(self, listing: Kept) -> bool:
        """Whether a person, and not only a mailbox, can be reached."""
        return any(each.user for tier in self.tiers(listing) for each in tier)


def recipients(tiers: list[list[Recipient]], step: NoticeStep) -> list[Recipient]:
    """Whom a step goes to: the first tier that can be reached, the first two, all. The last one is the queue's."""
    reach = {NoticeStep.OWNER: 1, NoticeStep.DEPUTY: 2, NoticeStep.ORGANISATION: len(tiers), NoticeStep.AREA: 0}
    return [each for tier in tiers[: reach[step]] for each in tier]
