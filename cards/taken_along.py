"""What the reminder can take along from the visitor's own list: names, phones and addresses that anybody may know.

Reads only. Every fact comes through the public queryset, `public_contact_ways` and `public_places`: a secret address
cannot get on paper here.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language

from cards.live_search import own_list
from directory.choices import ContactKind
from directory.models import ContactWay, Service
from directory.presentation import foreign_language
from portal.base.languages import FINNISH
from portal.base.templatetags.components import phone


@dataclass(frozen=True)
class Listing:
    """A service as it is written on a reminder.

    lines: how to reach it, one fact on each. lang: the language of the texts when it is not the reader's, else "".
    """

    key: str
    title: str
    lines: list[str]
    is_sample: bool
    lang: str


def listings_on_own_list(request: HttpRequest | None) -> list[Listing]:
    """The public services on the visitor's list, in its order. What is no longer public is left out."""
    keys = own_list(request)
    if not keys:
        return []
    services = Service.objects.public().of_keys(keys).best_for(get_language() or FINNISH).with_page_facts()
    found = {service.uuid: service for service in services}
    return [_listing(found[key]) for key in keys if key in found]


def _listing(service: Service) -> Listing:
    ways = [_way(way) for way in service.public_contact_ways]
    addresses = [
        ", ".join(filter(None, [place.street, str(place.post_office or place.municipality or "")]))
        for place in service.public_places
        if place.street
    ]
    organisation = str(service.organisation)
    return Listing(
        key=str(service.uuid),
        title=service.title,
        lines=list(dict.fromkeys([organisation, *ways, *addresses])),
        is_sample=service.is_sample,
        lang=foreign_language(service),
    )


def _way(way: ContactWay) -> str:
    value = phone(way.value) if way.kind == ContactKind.PHONE else str(way.value)
    hours = f" ({way.hours})" if way.hours else ""
    return f"{way.label}: {value}{hours}" if way.label else f"{value}{hours}"
