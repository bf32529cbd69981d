"""Which listings can be asked, and to which addresses of the organisation the word goes. Reads only.

Only an organisation that says in its listing that workers may refer, and that somebody can be reached at, is asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from directory.choices import Audience, ContactKind, Referral
from directory.keepers import Keepers, Recipient
from directory.models import ContactWay, Service
from portal.post.models import BouncedAddress
from referrals.guidance import own_stage
from referrals.models import Enquiry


class Obstacle(StrEnum):
    """Why a listing cannot be asked here; it can still be given along."""

    # The listing does not say that referrals are used.
    NO_REFERRALS = "no_referrals"
    # One comes there by a worker's referral only.
    NEEDS_WORKER = "needs_worker"
    NOBODY_REACHABLE = "nobody_reachable"
    # One comes there without a name (stage 2): the person has nothing to send.
    JUST_COMES = "just_comes"


@dataclass(frozen=True)
class Receiver:
    """A listing and who would receive an enquiry about it. obstacle: why it cannot be asked; None when it can."""

    service: Service
    recipients: tuple[Recipient, ...]
    obstacle: Obstacle | None = None

    @property
    def can_be_asked(self) -> bool:
        """Whether an enquiry can be sent."""
        return self.obstacle is None


def receivers(services: Iterable[Service], *, is_own: bool = False) -> list[Receiver]:
    """Who would receive an enquiry about each of these public rows, in their order. is_own: sent by the person."""
    services = list(services)
    keepers = Keepers(services)
    boxes = _workers_mail(services)
    return [_receiver(service, keepers, boxes, is_own) for service in services]


def receiver_by_sender(service: Service) -> tuple[Receiver, Receiver]:
    """Who would receive an enquiry about one public row: a worker's, and one that the person sends."""
    keepers, boxes = Keepers([service]), _workers_mail([service])
    return _receiver(service, keepers, boxes, False), _receiver(service, keepers, boxes, True)


def is_mailbox_of(address: str, enquiry: Enquiry) -> bool:
    """Whether an address is still a mailbox of the organisation, or of the listing, that was asked."""
    if address.lower() == enquiry.organisation.email.lower():
        return True
    ways = ContactWay.objects.filter(
        service__translation_key=enquiry.service_key,
        service__organisation=enquiry.organisation,
        kind=ContactKind.EMAIL,
        audience=Audience.WORKERS,
    )
    return address.lower() in {value.strip().lower() for value in ways.values_list("value", flat=True)}


def _receiver(service: Service, keepers: Keepers, boxes: dict[int, list[Recipient]], is_own: bool) -> Receiver:
    found = boxes.get(service.pk) or _first_people(keepers.tiers(service))
    wanted = (Referral.ALLOWED, Referral.NOT_USED) if is_own else (Referral.ALLOWED, Referral.NEEDED)
    obstacle = None
    if is_own and service.referral == Referral.NEEDED:
        obstacle = Obstacle.NEEDS_WORKER
    elif is_own and own_stage(service.stages) is None:
        obstacle = Obstacle.JUST_COMES
    elif service.referral not in wanted:
        obstacle = Obstacle.NO_REFERRALS
    elif not found:
        obstacle = Obstacle.NOBODY_REACHABLE
    return Receiver(service, tuple(found), obstacle)


def _first_people(tiers: list[list[Recipient]]) -> list[Recipient]:
    """Keeper and deputy, or whoever comes next: two tiers, so that one person's holiday stops nothing."""
    return [each for tier in tiers[:2] for each in tier]


def _workers_mail(services: list[Service]) -> dict[int, list[Recipient]]:
    """The addresses that listings give to workers for this very purpose."""
    found = {
        service.pk: [
            Recipient(way.value.strip().lower(), organisation=service.organisation_id)
            for way in service.contact_ways.all()
            if way.kind == ContactKind.EMAIL and way.audience == Audience.WORKERS and "@" in way.value
        ]
        for service in services
    }
    addresses = {each.address for recipients in found.values() for each in recipients}
    dead = set(BouncedAddress.objects.filter(email__in=addresses).values_list("email", flat=True))
    return {key: [each for each in recipients if each.address not in dead] for key, recipients in found.items()}
