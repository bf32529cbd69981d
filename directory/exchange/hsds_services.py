"""One HSDS `service` object with all that is nested in it → records. Pure.

Real feeds have nulls, numbers as text and keys of their own: what is of the wrong kind counts as missing, and only what
no service can be without (id, name, organisation) makes a record bad.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from directory.choices import Charge, ContactKind, Sector
from directory.exchange import hsds_parts as parts
from directory.exchange import plain
from directory.exchange.bodies import is_business_id, sector_by_name
from directory.exchange.hsds_values import LONGEST_ID, SPOKEN, Json, identity, number, objects, reference
from directory.exchange.matching import meant_by
from directory.exchange.records import (
    Bundle,
    ContactRecord,
    LinkRecord,
    NamedArea,
    OrganisationRecord,
    ServiceRecord,
    Status,
    Texts,
    UnreadableError,
    WordRecord,
)
from directory.exchange.wording import shorten, word
from portal.base import languages

LONGEST_TEXT, LONGEST_WORD, MOST_WORDS = 5000, 100, 200
OLDEST = 130
STATUSES = {
    "": Status.ACTIVE,  # required, and often missing
    "active": Status.ACTIVE,
    "temporarily closed": Status.ACTIVE,
    "inactive": Status.WITHDRAWN,
    "defunct": Status.WITHDRAWN,
}
FREE = {
    "maksuton", "maksutonta", "palvelu on maksuton", "ilmainen", "avgiftsfri", "avgiftsfritt", "gratis", "free",
    "free of charge", "no charge", "no cost", "no fee",
}  # fmt: skip
# Words of an organisation's legal status beside those of a name.
LEGAL_STATUSES = {"limited company": Sector.COMPANY, "company": Sector.COMPANY, "valtio": Sector.STATE}
# Where a record may say the language of its texts; the profile's own field first.
LANGUAGE_KEYS = ("x_fi_language", "language", "x_fi_languages_of_description")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")
_THREE_LETTERS = {"fin": "fi", "swe": "sv", "eng": "en"}
_NAMES_OF_LANGUAGES = {
    "suomi": "fi", "finnish": "fi", "finska": "fi", "ruotsi": "sv", "swedish": "sv", "svenska": "sv",
    "englanti": "en", "english": "en", "engelska": "en", "selkosuomi": "fi-simple", "selkokieli": "fi-simple",
}  # fmt: skip


def bundle_of(found: Any, where: str, language: str) -> tuple[Bundle, tuple[str, str]]:
    """(the records of a service object, its id and language). language: of its texts, unless it says its own.

    Raises UnreadableError with what is wrong, in words for a person.
    """
    if not isinstance(found, Mapping):
        raise UnreadableError("not a JSON object")
    language = language_of(found, language)
    source_id, key = identity("service", found.get("id"))
    status = STATUSES.get(plain.line(found.get("status")).casefold(), Status.UNPUBLISHED)
    title = plain.line(found.get("name"))
    if not title and status == Status.ACTIVE:
        raise UnreadableError("a service without a name")
    organisation = _organisation(found, where, language)
    organisation_id = organisation.source_id if organisation else _organisation_id(found)
    if not organisation_id and status == Status.ACTIVE:
        raise UnreadableError("no organisation: neither organization nor organization_id tells one")
    told = parts.Parts(where, language, source_id)
    told.read(found)
    youngest, oldest = _ages(found, told.remarks)
    service = ServiceRecord(
        source_id=source_id,
        uuid=key,
        file=where,
        language=language,
        titles={language: shorten(title, 150)} if title else {},
        organisation_id=organisation_id,
        status=status,
        changed_at=plain.utc(found.get("last_modified")),
        descriptions=_text(found.get("description"), language),
        instructions=_text(found.get("application_process"), language),
        requirements=_text(found.get("eligibility_description"), language),
        practical={language: _practical(found, told, language)},
        charge=_charge(found),
        charge_notes=_charge_notes(found, language),
        words={language: _other_names(found, title)},
        languages=tuple(_spoken(found.get("languages"))),
        channels=plain.unique(told.channels),
        named_areas=tuple(_areas(found)),
        terms=tuple(_terms(found)),
        age_min=youngest,
        age_max=oldest,
        notices=_notice(found, language),
        referring=_text(found.get("x_fi_how_to_refer"), language),
        places=tuple(told.served),
        hours=told.hours,
        exceptions=told.exceptions,
        contacts=tuple(told.contacts),
        documents=tuple(_documents(found, language)),
        links=(*_links(found.get("additional_urls"), language), *told.links),
        raw=parts.without_secret_places(found),
        remarks=tuple(told.remarks),
    )
    bodies = (organisation,) if organisation else ()
    records = (*bodies, *told.places, service) if status == Status.ACTIVE else (service,)
    return Bundle(records), (source_id, language)


# --- language ------------------------------------------------------------------------------------------------------
def language_of(found: Json, default: str) -> str:
    """The language of a record's texts. Raises UnreadableError when it names one that the site has not."""
    language = default
    for key in LANGUAGE_KEYS:
        value = found.get(key)
        if told := [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str) and each]:
            ours = [code for each in told if (code := language_code(each))]
            if not ours and all(_TAG.fullmatch(each.strip()) for each in told):
                raise UnreadableError(f"its texts are in a language that the site has not: {', '.join(told)[:100]}")
            if ours:
                language = default if default in ours else ours[0]
                break
    is_easy = found.get("x_fi_easy_language") is True and language == languages.FINNISH
    return languages.EASY_FINNISH if is_easy else language


def language_code(told: str) -> str:
    """A language of the site by its tag or its name, or ""."""
    tag = plain.line(told).casefold().replace("_", "-")
    if tag in languages.CODES:
        return tag
    if tag in {"fi-x-selko", "fi-fi-simple"}:
        return languages.EASY_FINNISH
    first = tag.partition("-")[0]
    code = _THREE_LETTERS.get(first, first)
    return code if code in languages.CODES else _NAMES_OF_LANGUAGES.get(tag, "")


# --- who -----------------------------------------------------------------------------------------------------------
def _organisation_id(service: Json) -> str:
    """The id of the organisation, nested or not; "" when none is told."""
    body = service.get("organization")
    nested = reference("organization", body.get("id")) if isinstance(body, Mapping) else ""
    return nested or reference("organization", service.get("organization_id"))


def _organisation(service: Json, where: str, language: str) -> OrganisationRecord | None:
    """The organisation that is nested in a service; None when at most its id is told."""
    found = service.get("organization")
    if not isinstance(found, Mapping) or not (name := plain.line(found.get("name"))):
        return None
    source_id, key = identity("organization", _organisation_id(service) or f"name:{name}"[:LONGEST_ID])
    short = plain.line(found.get("alternate_name"))
    number = _business_id(found)
    return OrganisationRecord(
        source_id=source_id,
        uuid=key,
        file=where,
        language=language,
        names={language: shorten(name, 200)},
        sector=_sector(found, name),
        short_name=short if len(short) <= 60 else "",
        business_id=number,
        descriptions=_text(found.get("description"), language),
        contacts=tuple(_organisation_contacts(found)),
        parent_id=reference("organization", found.get("parent_organization_id")),
    )


def _sector(found: Json, name: str) -> str:
    status = plain.line(found.get("legal_status")).casefold()
    told = LEGAL_STATUSES.get(status) or (sector_by_name(status) if status else Sector.COMMUNITY)
    return told if told != Sector.COMMUNITY else sector_by_name(name)


def _business_id(found: Json) -> str:
    numbers = [entry.get("identifier") for entry in objects(found.get("organization_identifiers"))]
    told = (plain.line(number) for number in [*numbers, found.get("tax_id")])
    return next((number for number in told if len(number) == 9 and is_business_id(number)), "")


def _organisation_contacts(found: Json) -> Iterator[ContactRecord]:
    for typed, remark in parts.phones_of(found):
        yield ContactRecord(ContactKind.PHONE, typed, remark=remark)
    if address := plain.email(found.get("email")):
        yield ContactRecord(ContactKind.EMAIL, address)
    pages: list[tuple[Any, Any]] = [(found.get("website"), ""), (found.get("url"), "")]
    pages += [(entry.get("url"), entry.get("label")) for entry in objects(found.get("additional_websites"))]
    for page, label in pages:
        if address := plain.web_address(page):
            yield ContactRecord(ContactKind.WEB, address, remark=plain.line(label))


# --- texts ---------------------------------------------------------------------------------------------------------
def _text(value: Any, language: str) -> Texts:
    text = shorten(plain.clean(value), LONGEST_TEXT)
    return {language: text} if text else {}


def _practical(found: Json, told: parts.Parts, language: str) -> tuple[str, ...]:
    said = list(told.practical)
    if interpreting := plain.line(found.get("interpretation_services")):
        said.append(f"{word('interpreting', language)}: {interpreting}")
    return plain.unique(shorten(each, LONGEST_TEXT) for each in said)


def _notice(found: Json, language: str) -> Texts:
    is_closed = plain.line(found.get("status")).casefold() == "temporarily closed"
    said = [word("closed_for_now", language) if is_closed else "", plain.clean(found.get("alert"))]
    return _text("\n".join(part for part in said if part), language)


def _other_names(found: Json, title: str) -> tuple[str, ...]:
    name = plain.line(found.get("alternate_name"))
    return (shorten(name, LONGEST_WORD),) if name and name.casefold() != title.casefold() else ()


# --- price ---------------------------------------------------------------------------------------------------------
def _amounts(found: Json) -> list[float]:
    told = [number(entry.get("amount")) for entry in objects(found.get("cost_options"))]
    return [amount for amount in told if amount is not None]


def _charge(found: Json) -> str:
    amounts = _amounts(found)
    if amounts:
        return Charge.FREE if not any(amounts) else Charge.CHARGEABLE if all(amounts) else Charge.VARIES
    fees = plain.line(found.get("fees_description")).casefold().rstrip(".!")
    return Charge.FREE if fees in FREE else ""


def _charge_notes(found: Json, language: str) -> Texts:
    said = [plain.clean(found.get("fees_description"))]
    for entry in objects(found.get("cost_options")):
        amount = number(entry.get("amount"))
        price = f"{amount:g} {plain.line(entry.get('currency')).upper()}".strip() if amount else ""
        details = (plain.line(entry.get("option")), price, plain.line(entry.get("amount_description")))
        said.append(", ".join(part for part in details if part))
    return _text("\n".join(plain.unique(said)), language)


# --- for whom ------------------------------------------------------------------------------------------------------
def _ages(found: Json, remarks: list[str]) -> tuple[int | None, int | None]:
    ages: list[int | None] = []
    for key in ("minimum_age", "maximum_age"):
        age = number(found.get(key))
        if age is not None and not 0 <= age <= OLDEST:
            remarks.append(f"{key} is left out: {age:g}")
            age = None
        ages.append(None if age is None else math.floor(age))
    youngest, oldest = ages
    if youngest is not None and oldest is not None and youngest > oldest:
        remarks.append(f"ages are left out: from {youngest} to {oldest}")
        youngest = oldest = None
    return youngest, oldest


def _spoken(value: Any) -> Iterator[str]:
    for entry in objects(value):
        told = plain.line(entry.get("code")) or plain.line(entry.get("name"))
        if told:
            yield SPOKEN.get(told.casefold(), told.casefold())


def _areas(found: Json) -> Iterator[NamedArea]:
    at_places = [
        area for each in objects(found.get("service_at_locations")) for area in objects(each.get("service_areas"))
    ]
    for area in [*objects(found.get("service_areas")), *at_places]:
        name = plain.line(area.get("name"))
        if not name and area.get("extent_type") in {"text", None}:
            name = plain.line(area.get("extent")) or plain.line(area.get("description"))
        code = area.get("x_fi_area_code")
        yield NamedArea(
            shorten(name, 200),
            plain.line(area.get("x_fi_area_type")),
            str(code).strip() if isinstance(code, str | int) else "",
            plain.line(area.get("uri")),
        )


# --- words ---------------------------------------------------------------------------------------------------------
def _terms(found: Json) -> Iterator[WordRecord]:
    """What the attributes say, each word once; the stage of the pathway, a field of the profile, among them."""
    stage = found.get("x_fi_pathway_stage")
    for each in stage if isinstance(stage, list) else [stage]:
        if isinstance(each, str | int) and not isinstance(each, bool):
            yield WordRecord((str(each),), taxonomy="stage")
    at_places = [
        each for place in objects(found.get("service_at_locations")) for each in objects(place.get("attributes"))
    ]
    told: set[WordRecord] = set()
    for attribute in [*objects(found.get("attributes")), *at_places][:MOST_WORDS]:
        record = _word(attribute)
        if (record.names or record.uri or record.code) and record not in told:
            told.add(record)
            yield record


def _word(attribute: Json) -> WordRecord:
    term = attribute.get("taxonomy_term")
    term = term if isinstance(term, Mapping) else {"name": term} if isinstance(term, str) else {}
    detail = term.get("taxonomy_detail")
    detail = detail if isinstance(detail, Mapping) else {}
    label = plain.line(attribute.get("label"))
    names = [plain.line(name) for key in ("name", *_NAME_KEYS) for name in _strings(term.get(key))]
    if not any(names):
        names.append(plain.line(attribute.get("value")))
    # A label may name the taxonomy ("Teema") or be one more name of the word.
    if not meant_by(label):
        names.append(label)
    taxonomy = [detail.get("name"), detail.get("uri"), term.get("taxonomy"), attribute.get("link_type"), label]
    return WordRecord(
        plain.unique(shorten(name, LONGEST_WORD) for name in names),
        code=plain.line(term.get("code"))[:LONGEST_WORD],
        uri=plain.line(term.get("term_uri"))[:500],
        taxonomy=next((text for each in taxonomy if meant_by(text := plain.line(each))), ""),
    )


_NAME_KEYS = ("names", "labels", "label", "translations", "name_fi", "name_sv", "name_en", "alternate_name")


def _strings(value: Any) -> Iterator[str]:
    """Every text in a text, a list of texts or a table of texts by language."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, Mapping):
                yield from (text for key in ("name", "value", "label") for text in _strings(each.get(key)))
            elif isinstance(each, str):
                yield each
    elif isinstance(value, Mapping):
        yield from (each for each in value.values() if isinstance(each, str))


# --- links ---------------------------------------------------------------------------------------------------------
def _links(value: Any, language: str) -> Iterator[LinkRecord]:
    for entry in objects(value):
        if address := plain.web_address(entry.get("url")):
            label = shorten(plain.line(entry.get("label")) or address, 200)
            yield LinkRecord(address, label, language, group=address)


def _documents(found: Json, language: str) -> Iterator[LinkRecord]:
    for entry in objects(found.get("required_documents")):
        address = plain.web_address(entry.get("uri"))
        if label := shorten(plain.line(entry.get("document")) or address, 200):
            yield LinkRecord(address, label, language, group=label)
