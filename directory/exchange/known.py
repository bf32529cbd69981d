"""The rows that a stretch of an import meets, read in a few queries instead of a few for each record."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations

from directory.choices import Source
from directory.exchange.records import Bundle, OrganisationRecord, PlaceRecord, Record, ServiceRecord
from directory.models import County, Municipality, Organisation, Place, Service, Term

SERVICE_PARTS = [relation.get_accessor_name() for relation in get_all_child_relations(Service)]
SERVICE_WORDS = [field.name for field in get_all_child_m2m_relations(Service)]


class Known:
    """Organisations, places and services by what a source calls them; terms and areas by code.

    `prepare` reads what some bundles will ask for. What was not prepared is read when it is asked for.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.terms: dict[tuple[str, str], Term] = {(term.scheme, term.code): term for term in Term.objects.all()}
        self.areas: dict[type, dict[str, Any]] = {model: model.objects.in_bulk() for model in (Municipality, County)}
        self._organisations: dict[str, Organisation | None] = {}
        self._places: dict[str, Place | None] = {}
        self._services: dict[str, list[Service]] = {}

    def prepare(self, bundles: Iterable[Bundle]) -> None:
        """Read the rows that these bundles name, and forget those of earlier ones."""
        records = [record for bundle in bundles for record in bundle.records]
        bodies = {name for record in records for name in _bodies(record)}
        places = {name for record in records for name in _places(record)}
        keys = {key_of(record) for record in records if isinstance(record, ServiceRecord)}
        self._organisations = dict.fromkeys(bodies) | {row.source_id: row for row in self._find_organisations(bodies)}
        self._places = dict.fromkeys(places) | {row.source_id: row for row in self._find_places(places)}
        self._services = {key: [] for key in keys}
        for row in self._find_services(keys):
            self._services[str(row.translation_key)].append(row)

    def _find_organisations(self, names: Iterable[str]) -> QuerySet[Organisation]:
        found = Organisation.objects.filter(source=self._source, source_id__in=names)
        return found.select_related("parent").prefetch_related("contacts")

    def _find_places(self, names: Iterable[str]) -> QuerySet[Place]:
        return Place.objects.filter(source=self._source, source_id__in=names)

    def _find_services(self, keys: Iterable[str]) -> QuerySet[Service]:
        found = Service.objects.filter(translation_key__in=keys)
        return found.select_related("organisation", "locale").prefetch_related(
            *SERVICE_PARTS, *SERVICE_WORDS, "service_places__place", "opening_hours__place"
        )

    # --- what a source names ---
    def organisation(self, name: str) -> Organisation | None:
        """The organisation that the source calls so."""
        if name not in self._organisations:
            self._organisations[name] = self._find_organisations([name]).first()
        return self._organisations[name]

    def place(self, name: str) -> Place | None:
        """The place that the source calls so."""
        if name not in self._places:
            self._places[name] = self._find_places([name]).first()
        return self._places[name]

    def services(self, key: str) -> list[Service]:
        """The rows of a service, in every language and of every origin."""
        if key not in self._services:
            self._services[key] = list(self._find_services([key]))
        return self._services[key]

    # --- what the import does ---
    def add(self, row: Organisation | Place | Service) -> None:
        """A row that was just made."""
        if isinstance(row, Organisation):
            self._organisations[row.source_id] = row
        elif isinstance(row, Place):
            self._places[row.source_id] = row
        else:
            self.services(str(row.translation_key)).append(row)

    def forget(self, records: Iterable[Record]) -> None:
        """What these records touched came to nothing: the rows in memory are no longer as in the database."""
        for record in records:
            for name in _bodies(record):
                self._organisations.pop(name, None)
            for name in _places(record):
                self._places.pop(name, None)
            if isinstance(record, ServiceRecord):
                self._services.pop(key_of(record), None)


def key_of(record: OrganisationRecord | ServiceRecord) -> str:
    """The UUID that a record's row has here, or "" when its id is none."""
    try:
        return str(uuid.UUID(record.uuid or record.source_id))
    except ValueError:
        return ""


def _bodies(record: Record) -> Iterable[str]:
    if isinstance(record, OrganisationRecord):
        return [record.source_id, *([record.parent_id] if record.parent_id else [])]
    return [record.organisation_id, *record.partner_ids] if isinstance(record, ServiceRecord) else []


def _places(record: Record) -> Iterable[str]:
    if isinstance(record, PlaceRecord):
        return [record.source_id]
    return [place.place_id for place in record.places] if isinstance(record, ServiceRecord) else []
