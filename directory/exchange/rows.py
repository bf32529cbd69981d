"""Our rows as the plain values of directory.exchange.shaping, and back: reads a row's fields, sets a row's fields.

Sets only in memory; who saves, and whether at all, is directory.exchange.importing's matter.
"""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from directory.choices import Scheme, Source
from directory.exchange.records import TermRecord
from directory.exchange.shaping import Values, Vocabulary
from directory.models import (
    ContactWay,
    County,
    Municipality,
    OpeningException,
    OpeningHours,
    Organisation,
    OrganisationContact,
    Place,
    Region,
    RequiredDocument,
    Service,
    ServiceLink,
    ServicePlace,
    Term,
)
from portal.base.fields import Multilingual

# Terms of a service: field → taxonomy.
TERMS = {
    "topics": Scheme.TOPIC,
    "target_groups": Scheme.TARGET_GROUP,
    "life_events": Scheme.LIFE_EVENT,
    "service_classes": Scheme.SERVICE_CLASS,
}
AREAS = {"municipalities": Municipality, "counties": County}
# Parts whose values are their own columns.
PLAIN_PARTS: dict[str, tuple[type, tuple[str, ...]]] = {
    "contact_ways": (ContactWay, ("kind", "value", "label", "hours", "price")),
    "required_documents": (RequiredDocument, ("name", "url")),
    "links": (ServiceLink, ("label", "url")),
    "opening_exceptions": (
        OpeningException,
        ("date_from", "date_to", "is_closed", "opens", "closes", "note"),
    ),
}
HOURS_COLUMNS = ("weekday", "opens", "closes", "valid_from", "valid_to", "by_appointment", "note")
# Kept up to date beside the fields, and no editor's to change.
ALWAYS = frozenset(("raw", "source_changed_at"))


# --- the vocabulary ------------------------------------------------------------------------------------------------
def read_vocabulary() -> Vocabulary:
    """The words and areas of the database."""
    related: dict[str, dict[str, list[str]]] = {Scheme.TOPIC: {}, Scheme.TARGET_GROUP: {}}
    for term in Term.objects.filter(scheme__in=related):
        for code in term.related_codes:
            related[term.scheme].setdefault(code, []).append(term.code)
    regions: dict[str, list[str]] = {code: [] for code in Region.objects.values_list("code", flat=True)}
    for code, region in Municipality.objects.values_list("code", "region_id"):
        regions[region].append(code)
    return Vocabulary(
        topics=related[Scheme.TOPIC],
        target_groups=related[Scheme.TARGET_GROUP],
        municipalities=frozenset(Municipality.objects.values_list("code", flat=True)),
        region_towns=regions,
        counties=frozenset(County.objects.values_list("code", flat=True)),
    )


def missing_terms(scheme: Scheme, terms: Iterable[TermRecord]) -> list[TermRecord]:
    """Terms that the taxonomy has not, each once."""
    wanted = {term.code: term for term in terms}
    have = set(Term.objects.filter(scheme=scheme, code__in=wanted).values_list("code", flat=True))
    return [term for code, term in sorted(wanted.items()) if code not in have]


def create_term(scheme: Scheme, term: TermRecord) -> Term:
    """A term as the source words it, after our own; under its broader term when that is here."""
    parent = Term.objects.filter(scheme=scheme, code=term.code.rpartition(".")[0]).first() if "." in term.code else None
    return Term.objects.create(
        scheme=scheme,
        code=term.code[:60],
        labels=Multilingual(term.labels or {"fi": term.code}),
        uri=term.uri[:300],
        parent=parent,
        related_codes=[term.code] if scheme == Scheme.TARGET_GROUP else [],
        order=999,
    )


# --- references ----------------------------------------------------------------------------------------------------
def _reference(row: Organisation | Place | None) -> str:
    """How another record is named in values: by the source's id, else by our key."""
    return "" if row is None else row.source_id or f"pk:{row.pk}"


def _one(model: type, reference: str, source: Source) -> Any:
    if reference.startswith("pk:"):
        return model.objects.get(pk=reference[3:])
    return model.objects.get(source=source, source_id=reference)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else value


# --- reading -------------------------------------------------------------------------------------------------------
def read(row: Any, fields: Iterable[str]) -> Values:
    """The values of a row's fields."""
    return {field: _read(row, field) for field in fields}


def _read(row: Any, field: str) -> Any:
    if isinstance(row, Service):
        if field in TERMS:
            return sorted(term.code for term in getattr(row, field).all())
        if field in AREAS:
            return sorted(area.pk for area in getattr(row, field).all())
        if field in PLAIN_PARTS:
            columns = PLAIN_PARTS[field][1]
            return [{column: _plain(getattr(part, column)) for column in columns} for part in _parts(row, field)]
        if field == "opening_hours":
            return [
                {"place": _reference(part.place), **{column: _plain(getattr(part, column)) for column in HOURS_COLUMNS}}
                for part in _parts(row, field)
            ]
        if field == "service_places":
            return [_reference(part.place) for part in _parts(row, field)]
        if field == "partners":
            return sorted(_reference(each) for each in row.partners.all())
        if field == "organisation":
            return _reference(row.organisation)
    if field == "contacts":
        return [{"kind": part.kind, "value": part.value, "label": part.label} for part in _parts(row, field)]
    if field == "parent":
        return _reference(row.parent)
    if field in {"home_municipality", "municipality"}:
        return getattr(row, f"{field}_id") or ""
    value = getattr(row, field)
    if isinstance(value, Multilingual):
        return dict(value)
    return list(value) if isinstance(value, list) else _plain(value)


def _parts(row: Any, field: str) -> list[Any]:
    return sorted(getattr(row, field).all(), key=lambda part: part.sort_order or 0)


# --- setting -------------------------------------------------------------------------------------------------------
def assign(row: Any, values: Values, source: Source) -> None:
    """Set fields of a row in memory. Raises DoesNotExist when a value names a record that is not here."""
    for field, value in values.items():
        _assign(row, field, value, source)


def _assign(row: Any, field: str, value: Any, source: Source) -> None:
    if isinstance(row, Service):
        if field in TERMS:
            row_field = getattr(row, field)
            row_field.set(Term.objects.filter(scheme=TERMS[field], code__in=value))
            return
        if field in AREAS:
            getattr(row, field).set(AREAS[field].objects.filter(pk__in=value))
            return
        if field in PLAIN_PARTS:
            model, columns = PLAIN_PARTS[field]
            _set_parts(
                row, field, value, lambda part: model(**{column: _typed(column, part[column]) for column in columns})
            )
            return
        if field == "opening_hours":
            _set_parts(row, field, value, lambda part: _hours(part, source))
            return
        if field == "service_places":
            _set_parts(row, field, value, lambda place: ServicePlace(place=_one(Place, place, source)))
            return
        if field == "partners":
            row.partners.set([_one(Organisation, each, source) for each in value])
            return
        if field == "organisation":
            row.organisation = _one(Organisation, value, source)
            return
    if field == "contacts":
        _set_parts(row, field, value, lambda part: OrganisationContact(**part))
    elif field == "parent":
        row.parent = _one(Organisation, value, source) if value else None
    elif field in {"home_municipality", "municipality"}:
        setattr(row, f"{field}_id", value or None)
    elif field == "source_changed_at":
        row.source_changed_at = datetime.datetime.fromisoformat(value) if value else None
    else:
        setattr(row, field, Multilingual(value) if isinstance(getattr(row, field), Multilingual) else value)


def _set_parts(row: Any, field: str, values: list[Any], build: Callable[[Any], Any]) -> None:
    parts = [build(value) for value in values]
    for order, part in enumerate(parts):
        part.sort_order = order
    getattr(row, field).set(parts)


def _hours(value: Values, source: Source) -> OpeningHours:
    place = _one(Place, value["place"], source) if value["place"] else None
    return OpeningHours(place=place, **{column: _typed(column, value[column]) for column in HOURS_COLUMNS})


def _typed(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column in {"opens", "closes"}:
        return datetime.time.fromisoformat(value)
    return datetime.date.fromisoformat(value) if column in {"date_from", "date_to", "valid_from", "valid_to"} else value
