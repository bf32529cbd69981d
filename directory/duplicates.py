"""What is probably in the directory twice: services and organisations that look alike. Finds, and writes nothing.

Comparing everything with everything is out of the question for ten thousand listings. Only what shares something rare
is compared: an organisation, a contact, a municipality, a register number. The rules are functions of plain records.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from urllib.parse import urlsplit
from uuid import UUID

import numpy as np
from django.db.models import Q
from rapidfuzz import fuzz, process

from directory.choices import ContactKind
from directory.models import (
    ContactWay,
    DuplicateKind,
    Merged,
    NotDuplicate,
    Organisation,
    Service,
    ServicePlace,
)

# How alike names must be, of 100: where an organisation is the same, where only a contact and a place are, and names of
# organisations in one municipality.
SAME_HOUSE, SAME_CONTACT, SAME_TOWN = 88, 60, 90
# A switchboard's number or a city's domain stands on very many: it tells nothing.
MOST_SHARING = 30
MOST_OF_A_DOMAIN = 5
# Domains of services where many organisations have their pages.
_PLATFORMS = ("facebook.com", "instagram.com", "yhdistysavain.fi", "wordpress.com", "google.com", "blogspot.com")
_FORMS = re.compile(r"\b(?:ry|r y|rf|r f|oy|ab|oyj|sr|rekisteröity yhdistys|registrerad förening)\b")


class Reason(StrEnum):
    """Why two are thought to be the same."""

    SAME_NAME = "same_name"
    SAME_CONTACT = "same_contact"
    SAME_NUMBER = "same_number"
    SAME_TOWN = "same_town"
    SAME_DOMAIN = "same_domain"


@dataclass(frozen=True)
class Listing:
    """What is compared of one language's row of a service."""

    key: UUID
    organisation: int
    language: str
    title: str
    contacts: frozenset[str] = frozenset()
    # Places, and municipalities served: either will do.
    places: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Body:
    """What is compared of an organisation."""

    key: UUID
    names: tuple[str, ...]
    number: str = ""
    town: str | None = None
    domain: str = ""
    parent: UUID | None = None


@dataclass(frozen=True)
class Pair:
    """Two that are probably one, the smaller UUID first; how alike their names are, of 100, and why."""

    a: UUID
    b: UUID
    likeness: int
    reasons: tuple[Reason, ...]


# --- rules -----------------------------------------------------------------------------------------------------------
def normal_name(name: str) -> str:
    """A name as it is compared: small letters, no punctuation, no "ry", words in one order, compounds in one piece."""
    text = re.sub(r"(?<=\w)[-\u2010\u2011](?=\w)", "", unicodedata.normalize("NFKC", name).casefold())
    text = re.sub(r"[\W_]+", " ", text)
    return " ".join(sorted((_FORMS.sub(" ", text) or text).split()))


def normal_contact(kind: str, value: str) -> str:
    """A contact as it is compared: a number without spaces and country code, an address in small letters."""
    if kind == ContactKind.PHONE:
        figures = re.sub(r"\D", "", value)
        return re.sub(r"^(?:00358|358|0)", "", figures)
    text = value.strip().casefold()
    return re.sub(r"^https?://(?:www\.)?", "", text).rstrip("/") if kind == ContactKind.WEB else text


def domain_of(website: str) -> str:
    """The domain of an address, or "" where it is a platform's."""
    host = (urlsplit(website).hostname or "").removeprefix("www.")
    return "" if any(host == each or host.endswith(f".{each}") for each in _PLATFORMS) else host


class _Found:
    """Pairs as they are found: each once, with the best likeness and every reason."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[UUID, UUID], tuple[int, set[Reason]]] = {}

    def add(self, one: UUID, other: UUID, likeness: float, reason: Reason) -> None:
        if one == other:
            return
        pair = NotDuplicate.ordered(one, other)
        best, reasons = self._pairs.get(pair, (0, set()))
        self._pairs[pair] = (max(best, round(likeness)), reasons | {reason})

    def pairs(self) -> list[Pair]:
        """The likeliest first."""
        found = [Pair(a, b, likeness, tuple(sorted(reasons))) for (a, b), (likeness, reasons) in self._pairs.items()]
        return sorted(found, key=lambda pair: (-len(pair.reasons), -pair.likeness, pair.a.hex, pair.b.hex))


def _alike(names: Sequence[str], least: int) -> Iterator[tuple[int, int, int]]:
    """(position, position, likeness) of the names that are alike, each pair once. In stretches: memory stays small."""
    stretch = 500
    for start in range(0, len(names), stretch):
        scores = process.cdist(
            names[start : start + stretch], names[start:], scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8
        )
        for row, column in np.argwhere(scores >= least):
            if column > row:
                yield start + int(row), start + int(column), int(scores[row, column])


def likely_services(listings: Iterable[Listing]) -> list[Pair]:
    """Of one organisation under nearly one name; or of any with a contact, a place and much of the name in common."""
    rows = list(listings)
    found = _Found()
    houses: dict[tuple[int, str], list[Listing]] = defaultdict(list)
    contacts: dict[str, list[Listing]] = defaultdict(list)
    for row in rows:
        houses[row.organisation, row.language].append(row)
        for contact in row.contacts:
            contacts[contact].append(row)
    for house in houses.values():
        for a, b, likeness in _alike([row.title for row in house], SAME_HOUSE):
            found.add(house[a].key, house[b].key, likeness, Reason.SAME_NAME)
    for sharing in contacts.values():
        if len({row.key for row in sharing}) > MOST_SHARING:
            continue
        for one, other in combinations(sharing, 2):
            # Within an organisation the same number is the rule.
            if one.organisation == other.organisation or one.language != other.language:
                continue
            if not one.places & other.places:
                continue
            if near := fuzz.ratio(one.title, other.title, score_cutoff=SAME_CONTACT):
                found.add(one.key, other.key, near, Reason.SAME_CONTACT)
    return found.pairs()


def likely_organisations(bodies: Iterable[Body]) -> list[Pair]:
    """With one register number; or nearly one name in one municipality; or a domain of their own in common."""
    rows = list(bodies)
    found = _Found()
    numbers, domains, towns = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in rows:
        if row.number:
            numbers[row.number].append(row)
        if row.domain:
            domains[row.domain].append(row)
        towns[row.town].extend((name, row) for name in set(row.names))
    for sharing, reason, most in (
        *((each, Reason.SAME_NUMBER, MOST_SHARING) for each in numbers.values()),
        *((each, Reason.SAME_DOMAIN, MOST_OF_A_DOMAIN) for each in domains.values()),
    ):
        if len(sharing) > most:
            continue
        for one, other in combinations(sharing, 2):
            # A local branch has its mother's domain and often her number.
            if one.key == other.parent or other.key == one.parent or (one.parent and one.parent == other.parent):
                continue
            near = max(fuzz.ratio(first, second) for first in one.names for second in other.names)
            found.add(one.key, other.key, near, reason)
    for town in towns.values():
        for a, b, likeness in _alike([name for name, _row in town], SAME_TOWN):
            found.add(town[a][1].key, town[b][1].key, likeness, Reason.SAME_TOWN)
    return found.pairs()


# --- reading ---------------------------------------------------------------------------------------------------------
def _without_decided(kind: DuplicateKind, pairs: list[Pair]) -> list[Pair]:
    decided = set(NotDuplicate.objects.filter(kind=kind).values_list("a", "b"))
    return [pair for pair in pairs if (pair.a, pair.b) not in decided]


def find_services(counties: list | None) -> list[Pair]:
    """Likely duplicates among the services of these counties' organisations (None: all), without what is decided."""
    rows = Service.objects.filter(
        organisation__in=Organisation.objects.in_areas(counties).filter(is_hidden=False), withdrawn_on=None
    )
    return _without_decided(DuplicateKind.SERVICE, likely_services(_listings(rows)))


def like_service(service: Service) -> list[UUID]:
    """The services that one of these may double: for whoever is about to approve it."""
    texts = ContactWay.objects.filter(service__translation_key=service.translation_key).values("value")
    sharing = ContactWay.objects.filter(value__in=texts).values("service")
    rows = Service.objects.filter(Q(organisation=service.organisation_id) | Q(pk__in=sharing), withdrawn_on=None)
    own = service.translation_key
    pairs = _without_decided(DuplicateKind.SERVICE, likely_services(_listings(rows)))
    return [pair.b if pair.a == own else pair.a for pair in pairs if own in (pair.a, pair.b)]


def _listings(rows) -> Iterator[Listing]:
    """The rows as they are compared: five queries, however many there are."""
    contacts: dict[int, set[str]] = defaultdict(set)
    places: dict[int, set[str]] = defaultdict(set)
    chosen = rows.order_by().values("pk")
    for pk, kind, value in ContactWay.objects.filter(service__in=chosen).values_list("service", "kind", "value"):
        if normal := normal_contact(kind, value):
            contacts[pk].add(normal)
    for pk, place in ServicePlace.objects.filter(service__in=chosen).values_list("service", "place"):
        places[pk].add(f"place {place}")
    towns = Service.municipalities.through.objects.filter(service__in=chosen)
    for pk, town in towns.values_list("service", "municipality"):
        places[pk].add(f"town {town}")
    facts = rows.order_by("pk").values_list("pk", "translation_key", "organisation", "locale__language_code", "title")
    for pk, key, organisation, language, title in facts.iterator():
        yield Listing(key, organisation, language, normal_name(title), frozenset(contacts[pk]), frozenset(places[pk]))


def find_organisations(counties: list | None) -> list[Pair]:
    """Likely duplicates among the organisations of these counties (None: all), without what is decided."""
    merged = Merged.objects.filter(kind=DuplicateKind.ORGANISATION).values("dropped")
    rows = Organisation.objects.in_areas(counties).filter(is_hidden=False).exclude(uuid__in=merged)
    facts = rows.order_by("pk").values_list(
        "uuid", "names", "short_name", "business_id", "home_municipality", "website", "parent__uuid"
    )
    bodies = (
        Body(
            key=key,
            names=tuple(filter(None, (normal_name(name) for name in (*names.values(), short) if name))) or ("",),
            number=number,
            town=town,
            domain=domain_of(website),
            parent=parent,
        )
        for key, names, short, number, town, website, parent in facts.iterator()
    )
    return _without_decided(DuplicateKind.ORGANISATION, likely_organisations(bodies))
