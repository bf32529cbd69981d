"""Records → the values our rows shall have: by language and field, as plain JSON values. Pure; the words that exist
here (topics, groups, areas) come in as a `Vocabulary`.

JSON values, because that is what an import remembers of what it wrote: equal values mean that nobody changed a thing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from directory.choices import SERVICE_LANGUAGES, ContactKind, Kind, Scheme
from directory.exchange.matching import COUNTY, FACETS, MUNICIPALITY, NATION, REGION, SINGLE, Areas, Key, Words, normal
from directory.exchange.plain import unique
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
    WordRecord,
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

    topics: service class → our topics; target_groups: the source's group → ours; region_towns: region → municipalities;
    words, areas: by any name; spoken: name of a language → its code.
    """

    topics: Mapping[str, Sequence[str]] = field(default_factory=dict)
    target_groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    municipalities: frozenset[str] = frozenset()
    region_towns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    counties: frozenset[str] = frozenset()
    words: Words = field(default_factory=Words)
    areas: Areas = field(default_factory=Areas)
    spoken: Mapping[str, str] = field(default_factory=dict)

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
    values = {
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
    return values if not record.language else _told(values)


def _told(values: Values) -> Values:
    """Of a mention inside another record, only what it says."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def place_values(record: PlaceRecord, vocabulary: Vocabulary) -> Values:
    """The fields of a Place. Whether it is secret is claimed only when it is: no import makes an address public."""
    municipality = record.municipality if record.municipality in vocabulary.municipalities else ""
    values = {
        "name": record.name,
        "street": record.street,
        "postcode": record.postcode,
        "post_office": record.post_office,
        "municipality": municipality or vocabulary.areas.town(record.town),
        "latitude": record.latitude,
        "longitude": record.longitude,
        "how_to_get_there": dict(record.directions),
        "accessibility_note": dict(record.accessibility),
    }
    if record.is_secret:
        # Wholly claimed: what was told before it became secret goes.
        return {**values, "is_secret": True}
    return values if not record.language else _told(values)


# --- services ------------------------------------------------------------------------------------------------------
def languages_of(record: ServiceRecord) -> list[str]:
    """The languages a service is told in, its first language first."""
    return [code for code in languages.CODES if record.titles.get(code)]


@dataclass(frozen=True)
class Shaped:
    """A service as its rows shall be: rows by language; what could not be told; what nothing here is called."""

    rows: Mapping[str, Values]
    remarks: Sequence[str]
    unknown_words: Sequence[str]
    unknown_areas: Sequence[str]


def service_values(record: ServiceRecord, vocabulary: Vocabulary) -> Shaped:
    """The fields of a service's rows. A word or an area that is not known here stays findable in the texts."""
    remarks: list[str] = []
    keys, words, unknown_words = _looked_up(record.terms, vocabulary)
    served, areas = _served(record, vocabulary, remarks)
    facts = {**_facts(record, vocabulary, keys, remarks), **served}
    for facet, codes in _choices(keys).items():
        facts[facet] = codes[0] if facet in SINGLE else list(dict.fromkeys([*facts.get(facet, ()), *codes]))
    rows = {
        language: {**_texts(record, language, words, areas), **facts, **_parts(record, language)}
        for language in languages_of(record)
    }
    return Shaped(rows, remarks, unknown_words, areas)


def _looked_up(terms: Sequence[WordRecord], vocabulary: Vocabulary) -> tuple[list[Key], list[str], list[str]]:
    """(terms and choices of ours, names that are to be searched for, the first name of each word that is none here).

    Another word for a term of ours says more than the term: «Talousneuvonta» of money. It stays findable.
    """
    keys: list[Key] = []
    words: list[str] = []
    unknown: list[str] = []
    for term in terms:
        if found := vocabulary.words.find(term):
            keys += found
            words += [name for name in term.names if vocabulary.words.is_other_label(name, found)]
        elif term.names:
            words += term.names
            unknown.append(term.names[0])
    return keys, words, unknown


def _texts(record: ServiceRecord, language: str, words: Sequence[str], areas: Sequence[str]) -> Values:
    title = record.titles[language]
    description = shorten(record.descriptions.get(language, ""), 5000)
    summary = " ".join((record.summaries.get(language) or _first_sentence(description) or title).split())
    practical = [*record.practical.get(language, ()), *(f"{word('area', language)}: {each}" for each in areas)]
    told = {
        "title": title,
        "summary": shorten(summary, 150),
        "description": description,
        "eligibility": record.requirements.get(language, ""),
        "how_to_join": record.instructions.get(language, ""),
        "practical_notes": "\n".join(practical),
        "charge_note": record.charge_notes.get(language, ""),
        "keywords": "\n".join(unique([*record.words.get(language, ()), *words])),
    }
    if record.notices.get(language):
        told["notice"] = shorten(record.notices[language], 500)
    if record.referring.get(language):
        told["how_to_refer"] = record.referring[language]
    return told


def _known(codes: Iterable[str], among: Iterable[str], what: str, remarks: list[str]) -> list[str]:
    allowed, wanted = set(among), set(codes)
    if lost := sorted(wanted - allowed):
        remarks.append(f"{what} unknown here: {', '.join(lost)}")
    return sorted(wanted & allowed)


def _served(record: ServiceRecord, vocabulary: Vocabulary, remarks: list[str]) -> tuple[Values, list[str]]:
    """(the fields of the area served, the names of areas that are not known here)."""
    area = record.area
    found: dict[str, set[str]] = {
        MUNICIPALITY: set(area.municipalities), REGION: set(area.regions), COUNTY: set(area.counties), NATION: set()
    }  # fmt: skip
    unknown: list[str] = []
    for named in record.named_areas:
        keys, lost = vocabulary.areas.find(named)
        unknown += lost
        for kind, code in keys:
            found[kind].add(code)
    regions = _known(found[REGION], vocabulary.region_towns, "region", remarks)
    towns = found[MUNICIPALITY] | {town for region in regions for town in vocabulary.region_towns[region]}
    served = {
        "is_nationwide": area.is_nationwide or bool(found[NATION]),
        "municipalities": _known(towns, vocabulary.municipalities, "municipality", remarks),
        "counties": _known(found[COUNTY], vocabulary.counties, "county", remarks),
    }
    return served, list(unique(unknown))


def _facts(record: ServiceRecord, vocabulary: Vocabulary, keys: Sequence[Key], remarks: list[str]) -> Values:
    def found(scheme: str) -> set[str]:
        return {code for taxonomy, code in keys if taxonomy == scheme}

    classes = {*_codes(record.service_classes), *found(Scheme.SERVICE_CLASS)}
    told = [vocabulary.spoken.get(normal(name), name) for name in record.languages]
    spoken = set(_known(told, _LANGUAGE_CODES, "language of service", remarks))
    facts: Values = {
        "organisation": record.organisation_id,
        "kind": str(Kind.SERVICE),
        "charge": str(record.charge),
        "payment": [str(code) for code in record.payment],
        "channels": [str(code) for code in record.channels],
        "languages": [code for code in _LANGUAGE_CODES if code in spoken],
        "production": str(record.production),
        "partners": sorted(record.partner_ids),
        "service_classes": sorted(classes),
        "life_events": sorted({*_codes(record.life_events), *found(Scheme.LIFE_EVENT)}),
        "topics": sorted({*vocabulary.topics_of(classes), *found(Scheme.TOPIC)}),
        "target_groups": sorted({*vocabulary.groups_of(_codes(record.target_groups)), *found(Scheme.TARGET_GROUP)}),
    }
    if record.age_min is not None or record.age_max is not None:
        facts |= {"age_min": record.age_min, "age_max": record.age_max}
    if len({place.place_id.partition("/")[0] for place in record.places}) > 1 and any(
        place.exceptions for place in record.places
    ):
        remarks.append("exceptions to the hours of one place among several are left out")
    return facts


def _choices(keys: Sequence[Key]) -> dict[str, list[str]]:
    """The facets that words of the source told; the others are no claim of the import."""
    told: dict[str, list[str]] = {}
    for facet, code in keys:
        if facet in FACETS:
            told.setdefault(facet, []).append(code)
    return told


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
