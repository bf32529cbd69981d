"""Gathers automatic evidence (directory.evidence) into Finding rows, beside the human date. Never a check.

What is found stands from the day it was first seen until it is gone. Dead links come from above, from whoever opens
links (portal.content.links); the rest is gathered here once a day.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from directory.choices import ContactKind, FindingKind
from directory.evidence import is_business_id_wrong, is_phone_wrong
from directory.models import ContactWay, Finding, Service
from portal.post.models import BouncedAddress

_LENGTH = 500


@transaction.atomic
def put_findings(kind: FindingKind, found: Iterable[tuple[UUID, str]], *, on: datetime.date) -> int:
    """Take down all that is wrong of one kind: (service, what). What was there and is not any more goes. How many."""
    now = {(key, what[:_LENGTH]) for key, what in found}
    there = {(each.key, each.what): each.pk for each in Finding.objects.filter(kind=kind)}
    Finding.objects.filter(pk__in=[pk for pair, pk in there.items() if pair not in now]).delete()
    Finding.objects.bulk_create(
        Finding(key=key, kind=kind, what=what, found_on=on) for key, what in sorted(now - set(there))
    )
    return len(now)


def refresh(at: datetime.datetime | None = None) -> dict[str, int]:
    """Look at every listing's numbers, business IDs and addresses: kind → how many findings. The daily job."""
    day = timezone.localdate(at)
    found: dict[FindingKind, set[tuple[UUID, str]]] = defaultdict(set)
    for key, kind, what in _suspicions(at):
        found[kind].add((key, what))
    kinds = (FindingKind.PHONE_SHAPE, FindingKind.BUSINESS_ID, FindingKind.MAIL_BOUNCES)
    return {kind.value: put_findings(kind, found[kind], on=day) for kind in kinds}


def _suspicions(at: datetime.datetime | None) -> Iterator[tuple[UUID, FindingKind, str]]:
    offered = Service.objects.offered(at).order_by()
    returned = set(BouncedAddress.objects.values_list("email", flat=True))
    ways = ContactWay.objects.filter(service__in=offered, kind__in=(ContactKind.PHONE, ContactKind.EMAIL)).order_by()
    for key, kind, value in ways.values_list("service__translation_key", "kind", "value").iterator():
        if kind == ContactKind.PHONE and is_phone_wrong(value):
            yield key, FindingKind.PHONE_SHAPE, value
        elif kind == ContactKind.EMAIL and value.lower() in returned:
            yield key, FindingKind.MAIL_BOUNCES, value
    # What is wrong of an organisation is shown with each of its services: that is where its people look.
    facts = offered.values_list(
        "translation_key", "organisation__phone", "organisation__email", "organisation__business_id"
    )
    for key, phone, email, business_id in facts.iterator():
        if phone and is_phone_wrong(phone):
            yield key, FindingKind.PHONE_SHAPE, phone
        if email.lower() in returned:
            yield key, FindingKind.MAIL_BOUNCES, email
        if business_id and is_business_id_wrong(business_id):
            yield key, FindingKind.BUSINESS_ID, business_id
