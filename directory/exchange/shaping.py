"""Records → the values our rows shall have: by language and field, as plain JSON values. Pure; the words that exist
here (topics, groups, areas) come in as a `Vocabulary`.

JSON values, because that is what an import remembers of what it wrote: equal values mean that nobody changed a thing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from directory.choices import SERVICE_LANGUAGES, ContactKind, Kind
from directory.exchange.records import (
    ContactRecord,
    ExceptionRecord,
    HoursRecord,
    LinkRecord,
    OrganisationRecord,
    PlaceRecord,
    ServiceRecord,
    TermRecord,
    Texts,
)
from directory.exchange.wording import hours_line, shorten, word
from portal.base import languages

Values = dict[str, Any]
_LANGUAGE_CODES = [code for code, _label in SERVICE_LANGUAGES]
# Fields that are made of a service's channels, and fields that a general description can fill.
FROM_CHANNELS = frozenset(
    (
        "channels", "service_places", "opening_hours", "opening_exceptions", "contact_ways", "required_documents",
        "links", "practical_notes", "charge_note",
    )
)  # fmt: skip
FROM_GENERAL = frozenset(
    (
        "summary", "description", "eligibility", "how_to_join", "practical_notes", "charge", "charge_note", "keywords",
        "topics", "target_groups", "life_events", "service_classes",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """The words and areas that exist here.

    topics: service class → our topics; target_groups: the source's group → ours; region_towns: region → municipalities.
    """

    topics: Mapping[str, Sequence[str]] = field(default_factory=dict)
    target_groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    municipalities: frozenset[str] = frozenset()
    region_towns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    counties: frozenset[str] = frozenset()

    def topics_of(self, classes: Iterable[str]) -> list[str]:
        """Our topics for some service classes; a class without one has its parent's."""
        found: set[str] = set()
        for code in classes:
            found.update(self.topics.get(code) or self.topics.get(code.partition(".")[0], ()))
        return sorted(found)

    def groups_of(self, codes: Sequence[str]) -> list[str]:
        """Our target groups; a group without one keeps its code. A main group beside its sub-group says nothing."""
        told = [code for code in codes if not any(other.startswith(f"{code}.") for other in codes)]
        return sorted({ours for code in told for ours in self.target_groups.get(code, (code,))})


# --- organisations and places --------------------------------------------------------------------------------------
def organisation_values(record: OrganisationRecord, vocabulary: Vocabulary) -> Values:
    """The fields of an Organisation."""
    first = {
        kind: _in_order((each for each in record.contacts if each.kind == kind), languages.FINNISH)
        for kind in (ContactKind.PHONE, ContactKind.EMAIL, ContactKind.WEB)
    }
    shown = {kind: ways[0].value for kind, ways in first.items() if ways}
    further: dict[tuple[str, str], Values] = {}
    for way in _in_order(record.contacts, languages.FINNISH):
        if way.value != shown.get(ContactKind(way.kind)):
            label = shorten(way.remark, 120)
            further.setdefault((way.kind, way.value), {"kind": str(way.kind), "value": way.value, "label": label})
    return {
        "names": dict(record.names),
        "short_name": record.short_name,
        "business_id": record.business_id,
        "sector": str(record.sector),
        "description": dict(record.descriptions),
        "phone": shorten(shown.get(ContactKind.PHONE, ""), 40),
        "email": shown.get(ContactKind.EMAIL, ""),
        "website": shown.get(ContactKind.WEB, ""),
        "parent": record.parent_id,
        "home_municipality": record.municipality if record.municipality in vocabulary.municipalities else "",
        "contacts": list(further.values()),
    }


def place_values(record: PlaceRecord, vocabulary: Vocabulary) -> Values:
    """The fields of a Place."""
    return {
        "name": record.name,
        "street": record.street,
        "postcode": record.postcode,
        "post_office": record.post_office,
        "municipality": record.municipality if record.municipality in vocabulary.municipalities else "",
        "latitude": record.latitude,
        "longitude": record.longitude,
        "how_to_get_there": dict(record.directions),
        "accessibility_note": dict(record.accessibility),
    }


# --- services ------------------------------------------------------------------------------------------------------
def languages_of(record: ServiceRecord) -> list[str]:
    """The languages a service is told in, its first language first."""
    return [code for code in languages.CODES if record.titles.get(code)]


def service_values(record: ServiceRecord, vocabulary: Vocabulary) -> tuple[dict[str, Values], list[str]]:
    """(language → the fields of that row, remarks on what could not be told)."""
    facts, remarks = _facts(record, vocabulary)
    rows = {
        language: {**_texts(record, language), **facts, **_parts(record, language)} for language in languages_of(record)
    }
    return rows, remarks


def _texts(record: ServiceRecord, language: str) -> Values:
    title = record.titles[language]
    description = shorten(record.descriptions.get(language, ""), 5000)
    summary = " ".join((record.summaries.get(language) or _first_sentence(description) or title).split())
    return {
        "title": title,
        "summary": shorten(summary, 150),
        "description": description,
        "eligibility": record.requirements.get(language, ""),
        "how_to_join": record.instructions.get(language, ""),
        "practical_notes": "\n".join(record.practical.get(language, ())),
        "charge_note": record.charge_notes.get(language, ""),
        "keywords": "\n".join(record.words.get(language, ())),
    }


def _facts(record: ServiceRecord, vocabulary: Vocabulary) -> tuple[Values, list[str]]:
    remarks: list[str] = []

    def known(codes: Iterable[str], among: Iterable[str], what: str) -> list[str]:
        allowed, wanted = set(among), set(codes)
        if lost := sorted(wanted - allowed):
            remarks.append(f"{what} unknown here: {', '.join(lost)}")
        return sorted(wanted & allowed)

    area = record.area
    known(area.regions, vocabulary.region_towns, "region")
    towns = {
        *area.municipalities,
        *(town for region in area.regions for town in vocabulary.region_towns.get(region, ())),
    }
    classes = _codes(record.service_classes)
    spoken = set(known(record.languages, _LANGUAGE_CODES, "language of service"))
    facts = {
        "organisation": record.organisation_id,
        "kind": str(Kind.SERVICE),
        "charge": str(record.charge),
        "payment": [str(code) for code in record.payment],
        "channels": [str(code) for code in record.channels],
        "languages": [code for code in _LANGUAGE_CODES if code in spoken],
        "production": str(record.production),
        "partners": sorted(record.partner_ids),
        "is_nationwide": area.is_nationwide,
        "municipalities": known(towns, vocabulary.municipalities, "municipality"),
        "counties": known(area.counties, vocabulary.counties, "county"),
        "service_classes": sorted(classes),
        "life_events": sorted(_codes(record.life_events)),
        "topics": vocabulary.topics_of(classes),
        "target_groups": vocabulary.groups_of(_codes(record.target_groups)),
    }
    if len({place.place_id.partition("/")[0] for place in record.places}) > 1 and any(
        place.exceptions for place in record.places
    ):
        remarks.append("exceptions to the hours of one place among several are left out")
    return facts, remarks


def _parts(record: ServiceRecord, language: str) -> Values:
    hours = [_hours(row, "", language) for row in record.hours]
    for place in record.places:
        hours += [_hours(row, place.place_id, language) for row in place.hours]
    exceptions = list(record.exceptions)
    # An exception holds for the whole service here: of several places it would close them all.
    if len({place.place_id.partition("/")[0] for place in record.places}) == 1:
        exceptions += [each for place in record.places for each in place.exceptions]
    return {
        "service_places": list(dict.fromkeys(place.place_id for place in record.places)),
        "opening_hours": hours,
        "opening_exceptions": [_exception(each, language) for each in exceptions],
        "contact_ways": contact_values(record.contacts, language),
        "required_documents": [
            {"name": each.label, "url": each.url} for each in _in_one_language(record.documents, language)
        ],
        "links": [{"label": each.label, "url": each.url} for each in _in_one_language(record.links, language)],
    }


def contact_values(contacts: Sequence[ContactRecord], language: str) -> list[Values]:
    """The contact ways for a reader of a language: each number and address once.

    Phone and e-mail are shown whoever they were written for, a web page only in the reader's language if it has one.
    """
    spoken = [each for each in contacts if each.kind != ContactKind.WEB]
    pages = _in_one_language([each for each in contacts if each.kind == ContactKind.WEB], language)
    found: dict[tuple[str, str], Values] = {}
    for way in [*_in_order(spoken, language), *pages]:
        label = _text(way.labels, language)
        if way.is_text_message:
            label = f"{label} ({word('text_message', language)})"
        label = " – ".join(part for part in (label, way.remark) if part)
        price = way.price or (word("free", language) if way.is_free else "")
        found.setdefault(
            (way.kind, way.value),
            {
                "kind": str(way.kind),
                "value": way.value,
                "label": shorten(label, 150),
                "hours": shorten(hours_line(way.hours, language), 300),
                "price": shorten(price, 150),
            },
        )
    return list(found.values())


def _hours(row: HoursRecord, place: str, language: str) -> Values:
    return {
        "place": place,
        "weekday": row.weekday,
        "opens": row.opens.isoformat("minutes"),
        "closes": row.closes.isoformat("minutes"),
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "by_appointment": row.by_appointment,
        "note": shorten(_text(row.notes, language), 150),
    }


def _exception(row: ExceptionRecord, language: str) -> Values:
    return {
        "date_from": row.date_from.isoformat(),
        "date_to": row.date_to.isoformat(),
        "is_closed": row.opens is None,
        "opens": row.opens.isoformat("minutes") if row.opens else None,
        "closes": row.closes.isoformat("minutes") if row.closes else None,
        "note": shorten(_text(row.notes, language), 150),
    }


# --- small things --------------------------------------------------------------------------------------------------
def _codes(terms: Iterable[TermRecord]) -> list[str]:
    return [term.code for term in terms]


def _text(texts: Texts, language: str) -> str:
    return next((texts[code] for code in languages.reading_order(language) if texts.get(code)), "")


def _rank(each: ContactRecord | LinkRecord, language: str) -> int:
    order = languages.reading_order(language)
    return order.index(each.language) if each.language in order else len(order) if each.language else 0


def _in_order(found: Iterable[ContactRecord], language: str) -> list[ContactRecord]:
    """Those for the reader first, the others after."""
    return sorted(found, key=lambda each: _rank(each, language) > 0)


def _in_one_language(found: Sequence[Any], language: str) -> list[Any]:
    """Of each group only what is in the best language for the reader; each address once."""
    best: dict[str, int] = {}
    for each in found:
        best[each.group] = min(best.get(each.group, 99), _rank(each, language))
    once: dict[str, Any] = {}
    for each in found:
        if _rank(each, language) == best[each.group]:
            address = each.url or each.label if isinstance(each, LinkRecord) else each.value
            once.setdefault(address, each)
    return list(once.values())


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0] if text else ""
