"""The outside shape that every exchange format maps to: plain frozen values. No database, no format, no rule of ours.

Texts are `language code → text`. What a format says in its own words (classes, groups) is kept as its codes.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Texts = Mapping[str, str]


class Status(StrEnum):
    """What the source says about a record."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True)
class BadRecord:
    """What could not be read: from which file, and why."""

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
class OrganisationRecord:
    """A body that offers services."""

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
    raw: Mapping[str, Any] | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceRecord:
    """An address with its point in WGS84."""

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
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServedPlace:
    """A place where a service is given, with the hours that hold there."""

    place_id: str
    hours: tuple[HoursRecord, ...] = ()
    exceptions: tuple[ExceptionRecord, ...] = ()


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
    channels_missing: bool = False
    gaps_unknown: bool = False
    raw: Mapping[str, Any] | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Batch:
    """Everything one reading found, organisations first."""

    organisations: tuple[OrganisationRecord, ...] = ()
    places: tuple[PlaceRecord, ...] = ()
    services: tuple[ServiceRecord, ...] = ()
    bad: tuple[BadRecord, ...] = ()
