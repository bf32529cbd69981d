"""Our rows as the plain values of directory.exchange.shaping, and back: reads a row's fields, sets a row's fields.

Sets only in memory; who saves, and whether at all, is directory.exchange.importing's matter.
"""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import translation

from directory.choices import DATED_KINDS, SERVICE_LANGUAGES, Scheme
from directory.exchange.known import Known
from directory.exchange.matching import COUNTY, FACETS, MUNICIPALITY, REGION, Areas, Words, normal
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
from portal.base import languages
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
    """The words and areas of the database, and the choices that a source may name by their labels."""
    related: dict[str, dict[str, list[str]]] = {Scheme.TOPIC: {}, Scheme.TARGET_GROUP: {}}
    words = Words()
    for term in Term.objects.all():
        others = [word for words_of_language in term.alt_labels.values() for word in words_of_language]
        words.add_term(term.scheme, term.code, uri=term.uri, labels=term.labels.values(), others=others)
        for code in term.related_codes if term.scheme in related else ():
            related[term.scheme].setdefault(code, []).append(term.code)
    for code, ours in related[Scheme.TARGET_GROUP].items():
        for each in ours:
            words.add_code(Scheme.TARGET_GROUP, code, each)
    for facet in FACETS:
        for code, label in Service._meta.get_field(facet).flatchoices:
            # An event ends by itself, on a day that a word does not tell.
            if code and code != "unknown" and code not in DATED_KINDS:
                words.add_choice(facet, str(code), _in_every_language(label))
    municipalities = Municipality.objects.in_bulk()
    regions, counties = Region.objects.in_bulk(), County.objects.in_bulk()
    areas = Areas()
    for kind, found in ((MUNICIPALITY, municipalities), (REGION, regions), (COUNTY, counties)):
        for code, area in found.items():
            areas.add(kind, code, area.names)
    towns: dict[str, list[str]] = {code: [] for code in regions}
    for code, municipality in municipalities.items():
        towns[municipality.region_id].append(code)
    return Vocabulary(
        topics=related[Scheme.TOPIC],
        target_groups=related[Scheme.TARGET_GROUP],
        municipalities=frozenset(municipalities),
        region_towns=towns,
        counties=frozenset(counties),
        words=words,
        areas=areas,
        spoken={normal(name): code for code, label in SERVICE_LANGUAGES for name in _in_every_language(label)},
    )


def _in_every_language(label: Any) -> list[str]:
    """A label of ours in the languages of the site."""
    found = []
    for code in languages.CODES:
        with translation.override(code):
            found.append(str(label))
    return found


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


def _found(row: Any, what: str, name: str) -> Any:
    if row is None:
        raise LookupError(f"the {what} {name} is not known here")
    return row


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
def assign(row: Any, values: Values, known: Known) -> None:
    """Set fields of a row in memory. Raises LookupError when a value names a record that is not here."""
    for field, value in values.items():
        _assign(row, field, value, known)


def _assign(row: Any, field: str, value: Any, known: Known) -> None:
    def body(name: str) -> Organisation:
        return _found(known.organisation(name), "organisation", name)

    def place(name: str) -> Place:
        return _found(known.place(name), "place", name)

    if isinstance(row, Service):
        if field in TERMS:
            terms = (known.terms.get((TERMS[field], code)) for code in value)
            getattr(row, field).set([term for term in terms if term])
            return
        if field in AREAS:
            getattr(row, field).set([known.areas[AREAS[field]][code] for code in value])
            return
        if field in PLAIN_PARTS:
            model, columns = PLAIN_PARTS[field]
            _set_parts(
                row, field, value, lambda part: model(**{column: _typed(column, part[column]) for column in columns})
            )
            return
        if field == "opening_hours":
            _set_parts(row, field, value, lambda part: _hours(part, place(part["place"]) if part["place"] else None))
            return
        if field == "service_places":
            _set_parts(row, field, value, lambda name: ServicePlace(place=place(name)))
            return
        if field == "partners":
            row.partners.set([body(each) for each in value])
            return
        if field == "organisation":
            row.organisation = body(value)
            return
    if field == "contacts":
        _set_parts(row, field, value, lambda part: OrganisationContact(**part))
    elif field == "parent":
        row.parent = body(value) if value else None
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


def _hours(value: Values, place: Place | None) -> OpeningHours:
    return OpeningHours(place=place, **{column: _typed(column, value[column]) for column in HOURS_COLUMNS})


def _typed(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column in {"opens", "closes"}:
        return datetime.time.fromisoformat(value)
    return datetime.date.fromisoformat(value) if column in {"date_from", "date_to", "valid_from", "valid_to"} else value
