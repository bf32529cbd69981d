"""The outside shape that every exchange format maps to: plain frozen values. No database, no format, no rule of ours.

Texts are `language code → text`. What a format says in its own words (classes, groups) is kept as its codes.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

Texts = Mapping[str, str]


class Status(StrEnum):
    """What the source says about a record."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    UNPUBLISHED = "unpublished"


class UnreadableError(ValueError):
    """A record lacks what no record can be without."""


@dataclass(frozen=True)
class BadRecord:
    """What could not be read: from which file (and where in it), and why."""

    file: str
    reason: str
    source_id: str = ""


@dataclass(frozen=True)
class HoursRecord:
    """One span of one ISO weekday. Closing before opening is over midnight."""

    weekday: int
    opens: datetime.time
    closes: datetime.time
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    by_appointment: bool = False
    notes: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class ExceptionRecord:
    """Days when the weekly hours do not hold; without times it is closed."""

    date_from: datetime.date
    date_to: datetime.date
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    notes: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class ContactRecord:
    """A way to make contact. kind: a code of directory.choices.ContactKind. language: "" when it is for every reader.

    group: ways with the same group are one way in several languages.
    """

    kind: str
    value: str
    language: str = ""
    group: str = ""
    labels: Texts = field(default_factory=dict)
    remark: str = ""
    price: str = ""
    is_free: bool = False
    is_text_message: bool = False
    hours: tuple[HoursRecord, ...] = ()


@dataclass(frozen=True)
class LinkRecord:
    """An address on the web with its text: a page that tells more, or a form. group: as in ContactRecord."""

    url: str
    label: str
    language: str = ""
    group: str = ""


@dataclass(frozen=True)
class TermRecord:
    """A word of one of the source's taxonomies."""

    code: str
    labels: Texts
    uri: str = ""


@dataclass(frozen=True)
class WordRecord:
    """A word of a taxonomy that need not be ours: by names (best first), code and address. Who imports looks for it."""

    names: tuple[str, ...]
    code: str = ""
    uri: str = ""
    taxonomy: str = ""


@dataclass(frozen=True)
class OrganisationRecord:
    """A body that offers services.

    language: "" when the record tells in every language of its source, else the one it is written in; such a record
    is a mention inside another one and claims only what it says.
    """

    source_id: str
    file: str
    names: Texts
    sector: str
    status: Status = Status.ACTIVE
    short_name: str = ""
    business_id: str = ""
    descriptions: Texts = field(default_factory=dict)
    contacts: tuple[ContactRecord, ...] = ()
    parent_id: str = ""
    municipality: str = ""
    # Known by its name alone, from a record that points at it.
    is_stub: bool = False
    # When the source's id is none.
    uuid: str = ""
    language: str = ""
    raw: Mapping[str, Any] | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceRecord:
    """An address with its point in WGS84. town: the municipality's name, when its code is not told; language: as in
    OrganisationRecord."""

    source_id: str
    file: str
    name: str
    street: str = ""
    postcode: str = ""
    post_office: str = ""
    municipality: str = ""
    latitude: float | None = None
    longitude: float | None = None
    directions: Texts = field(default_factory=dict)
    accessibility: Texts = field(default_factory=dict)
    town: str = ""
    is_secret: bool = False
    language: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServedPlace:
    """A place where a service is given, with the hours that hold there."""

    place_id: str
    hours: tuple[HoursRecord, ...] = ()
    exceptions: tuple[ExceptionRecord, ...] = ()


@dataclass(frozen=True)
class NamedArea:
    """An area as the source names it. kind and code: of Statistics Finland, when the source knows them."""

    name: str
    kind: str = ""
    code: str = ""
    uri: str = ""


@dataclass(frozen=True)
class AreaRecord:
    """Whom a service is for, by where they live. Codes of Statistics Finland."""

    is_nationwide: bool = False
    without_aland: bool = False
    municipalities: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServiceRecord:
    """Something a person can come to or get.

    channels_missing: the source names channels that did not come along, so what is made of channels is not whole.
    gaps_unknown: a general description that would fill empty texts did not come along.
    language: "" when the record tells in every language of its source, else the one it is written in.
    terms, named_areas: what has to be looked up here first. age_min, age_max, notices, referring: told by some sources.
    """

    source_id: str
    file: str
    titles: Texts
    organisation_id: str
    status: Status = Status.ACTIVE
    changed_at: datetime.datetime | None = None
    summaries: Texts = field(default_factory=dict)
    descriptions: Texts = field(default_factory=dict)
    instructions: Texts = field(default_factory=dict)
    requirements: Texts = field(default_factory=dict)
    practical: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    charge: str = ""
    charge_notes: Texts = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    production: str = ""
    partner_ids: tuple[str, ...] = ()
    area: AreaRecord = AreaRecord()
    service_classes: tuple[TermRecord, ...] = ()
    target_groups: tuple[TermRecord, ...] = ()
    life_events: tuple[TermRecord, ...] = ()
    places: tuple[ServedPlace, ...] = ()
    hours: tuple[HoursRecord, ...] = ()
    exceptions: tuple[ExceptionRecord, ...] = ()
    contacts: tuple[ContactRecord, ...] = ()
    documents: tuple[LinkRecord, ...] = ()
    links: tuple[LinkRecord, ...] = ()
    terms: tuple[WordRecord, ...] = ()
    named_areas: tuple[NamedArea, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    notices: Texts = field(default_factory=dict)
    referring: Texts = field(default_factory=dict)
    # When the source's id is none.
    uuid: str = ""
    language: str = ""
    channels_missing: bool = False
    gaps_unknown: bool = False
    raw: Mapping[str, Any] | None = None
    remarks: tuple[str, ...] = ()


Record = OrganisationRecord | PlaceRecord | ServiceRecord


@dataclass(frozen=True)
class Bundle:
    """Records that are imported together or not at all: what one object of the source tells, in the order of need."""

    records: tuple[Record, ...] = ()
    bad: tuple[BadRecord, ...] = ()


class Reading(Protocol):
    """A source while it is read. total and done: how much there is, and was read so far, in `unit`."""

    unit: str
    total: int

    @property
    def done(self) -> int: ...

    def __iter__(self) -> Iterator[Bundle]: ...


@dataclass(frozen=True)
class Batch:
    """Everything one reading found, for a source whose objects have to be put together before one can be told."""

    organisations: tuple[OrganisationRecord, ...] = ()
    places: tuple[PlaceRecord, ...] = ()
    services: tuple[ServiceRecord, ...] = ()
    bad: tuple[BadRecord, ...] = ()

    def bundles(self) -> tuple[Bundle, ...]:
        """Each record for itself: organisations first (parents before children), then places and services."""
        records: tuple[Record, ...] = (*_parents_first(self.organisations), *self.places, *self.services)
        return (*(Bundle(bad=(each,)) for each in self.bad), *(Bundle((each,)) for each in records))


def _parents_first(organisations: Iterable[OrganisationRecord]) -> list[OrganisationRecord]:
    """In an order in which every parent of the batch comes before its children; a ring is left as it came."""
    left, done, ordered = list(organisations), set(), []
    ids = {each.source_id for each in left}
    while left:
        ready = [each for each in left if each.parent_id not in ids or each.parent_id in done] or left
        ordered += ready
        done |= {each.source_id for each in ready}
        left = [each for each in left if each.source_id not in done]
    return ordered


class Whole:
    """A Reading of a batch that is in memory already."""

    unit = "record"

    def __init__(self, batch: Batch) -> None:
        self._bundles = batch.bundles()
        self.total, self.done = len(self._bundles), 0

    def __iter__(self) -> Iterator[Bundle]:
        for bundle in self._bundles:
            self.done += 1
            yield bundle
