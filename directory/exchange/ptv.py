"""PTV (Finnish Service Catalogue, open API v8–v11): a folder or file of JSON → records. Pure: no database or network.

A general description is the national text that a municipality's service leans on; it fills the gaps of the service.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from directory.choices import Charge, Payment, Production
from directory.exchange import plain
from directory.exchange import ptv_values as values
from directory.exchange.ptv_bodies import (
    STATUSES,
    general_descriptions,
    organisation_record,
    stubs_of,
)
from directory.exchange.ptv_channels import Parts, parts_of, place_records, served_by_place
from directory.exchange.ptv_values import Json
from directory.exchange.records import (
    AreaRecord,
    BadRecord,
    Batch,
    LinkRecord,
    OrganisationRecord,
    PlaceRecord,
    ServiceRecord,
    Status,
    TermRecord,
    UnreadableError,
)
from directory.exchange.wording import shorten, word

CHARGES = {
    "FreeOfCharge": Charge.FREE,
    "Free": Charge.FREE,
    "Chargeable": Charge.CHARGEABLE,
    "Charged": Charge.CHARGEABLE,
    "Other": Charge.VARIES,
}
PRODUCTIONS = {"SelfProducedServices": Production.OWN, "ProcuredServices": Production.CONTRACTED}
PRACTICAL = (
    ("DeadLine", "deadline"),
    ("ProcessingTime", "processing_time"),
    ("ValidityTime", "validity_time"),
)


# --- files ---------------------------------------------------------------------------------------------------------
def read(path: Path) -> Batch:
    """Everything in a folder (its sub-folders too) or in one JSON file. Files that are no good are told, not raised."""
    bad: list[BadRecord] = []
    found: dict[str, list[tuple[str, Json]]] = {"service": [], "channel": [], "organisation": [], "general": []}
    for file in sorted(path.rglob("*.json")) if path.is_dir() else [path]:
        name = str(file.relative_to(path)) if path.is_dir() else file.name
        for each in _objects(file, name, bad):
            kind = _kind(each)
            if kind is None:
                bad.append(BadRecord(name, "not a service, channel, organisation or general description"))
            else:
                found[kind].append((name, each))
    return _batch(found, bad)


def _objects(file: Path, name: str, bad: list[BadRecord]) -> Iterator[Json]:
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        bad.append(BadRecord(name, f"not readable as JSON: {error}"))
        return
    if isinstance(content, Mapping) and isinstance(content.get("itemList"), list):
        content = content["itemList"]
    for each in content if isinstance(content, list) else [content]:
        if isinstance(each, Mapping):
            yield each
        else:
            bad.append(BadRecord(name, "not a JSON object"))


def _kind(each: Json) -> str | None:
    if "serviceChannelType" in each or "serviceChannelNames" in each:
        return "channel"
    if "serviceNames" in each:
        return "service"
    if "organizationNames" in each:
        return "organisation"
    if "ReferenceCode" in each or ("names" in each and "descriptions" in each):
        return "general"
    return None


def _batch(found: dict[str, list[tuple[str, Json]]], bad: list[BadRecord]) -> Batch:
    def each_of(kind: str, build: Callable[[Json, str], Any]) -> list[Any]:
        built, seen = [], set()
        for file, each in found[kind]:
            try:
                record = build({**each, "id": _uuid(each.get("id"))}, file)
            except (UnreadableError, ValueError, TypeError, AttributeError, KeyError) as error:
                bad.append(BadRecord(file, str(error), str(each.get("id") or "")))
                continue
            if each["id"] in seen:
                bad.append(BadRecord(file, "the same id stands in another file too", str(each["id"])))
            else:
                built.append(record)
            seen.add(each["id"])
        return built

    channels: dict[str, Json] = {}
    places: list[PlaceRecord] = []
    for channel, records in each_of("channel", _channel):
        channels[channel["id"]] = channel
        places += records
    general = general_descriptions(each for _file, each in found["general"])
    organisations = each_of("organisation", organisation_record)
    by_channel = served_by_place(places)
    services = each_of("service", lambda each, file: service_record(each, file, channels, by_channel, general))
    known = {each.source_id for each in organisations}
    stubs: dict[str, OrganisationRecord] = {}
    for record in services:
        for stub in stubs_of(record.raw or {}, record.file):
            if stub.source_id not in known:
                stubs.setdefault(stub.source_id, stub)
    return Batch((*organisations, *stubs.values()), tuple(places), tuple(services), tuple(bad))


def _uuid(value: Any) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        raise UnreadableError(f"id is not a UUID: {value!r}") from None


def _channel(channel: Json, file: str) -> tuple[Json, tuple[PlaceRecord, ...]]:
    if not values.one_line_texts(channel.get("serviceChannelNames"), "Name"):
        raise UnreadableError("a channel without a name in Finnish, Swedish or English")
    is_place = channel.get("serviceChannelType") == "ServiceLocation"
    is_public = STATUSES.get(channel.get("publishingStatus")) == Status.ACTIVE
    return channel, place_records(channel, file) if is_place and is_public else ()


# --- services ------------------------------------------------------------------------------------------------------
def service_record(
    each: Json,
    file: str,
    channels: Mapping[str, Json],
    places: Mapping[str, list[str]],
    general: Mapping[str, Json],
) -> ServiceRecord:
    """A Service answer as a record, with its channels and its general description. Raises UnreadableError."""
    titles = values.one_line_texts(each.get("serviceNames"), "Name")
    if not titles:
        raise UnreadableError("a service without a name in Finnish, Swedish or English")
    leans_on = each.get("generalDescriptionId") or each.get("statutoryServiceGeneralDescriptionId")
    base = (general.get(str(leans_on)) or general.get(titles.get("fi", "").casefold()) or {}) if leans_on else {}
    parts = parts_of(each.get("serviceChannels"), channels, places)
    remarks = [*parts.remarks, *(f"{missing} is not among the input" for missing in parts.missing)]
    if left := sorted(values.other_languages(each.get("serviceNames"))):
        remarks.append(f"texts in {', '.join(left)} are left out")

    def text(kind: str) -> dict[str, str]:
        own = values.texts(each.get("serviceDescriptions"), kind)
        shared = values.texts(base.get("descriptions"), kind)
        return {language: own.get(language) or shared[language] for language in [*own, *shared] if language in titles}

    requirements = {**values.texts(base.get("requirements")), **values.texts(each.get("requirements"))}
    area = _area(each, remarks)
    charge = text("ChargeTypeAdditionalInfo")
    for language, notes in parts.charge_notes.items():
        charge[language] = "\n".join(plain.unique([charge.get(language, ""), *notes]))
    organisation, partners, production = _organisations(each)
    vouchers = each.get("serviceVouchersInUse")
    return ServiceRecord(
        source_id=each["id"],
        file=file,
        titles={language: shorten(title, 150) for language, title in titles.items()},
        organisation_id=organisation,
        status=STATUSES.get(each.get("publishingStatus"), Status.UNPUBLISHED),
        changed_at=plain.utc(each.get("modified")),
        summaries=text("Summary") or text("ShortDescription"),
        descriptions=text("Description"),
        instructions=text("UserInstruction") or text("ServiceUserInstruction"),
        requirements=requirements,
        practical=_practical(titles, text, parts, area),
        charge=CHARGES.get(str(each.get("serviceChargeType") or base.get("serviceChargeType")), ""),
        charge_notes=charge,
        words=_words(each, base, titles),
        languages=tuple(str(code).lower() for code in each.get("languages") or []),
        channels=plain.unique(parts.channels),
        payment=(Payment.SERVICE_VOUCHER,) if vouchers else (),
        production=production,
        partner_ids=partners,
        area=area,
        service_classes=_terms(each, base, "serviceClasses"),
        target_groups=_terms(each, base, "targetGroups"),
        life_events=_terms(each, base, "lifeEvents"),
        places=tuple(parts.places),
        hours=parts.hours,
        exceptions=parts.exceptions,
        contacts=tuple(parts.contacts),
        documents=tuple(parts.documents),
        links=(*parts.links, *_voucher_links(each if vouchers else {})),
        channels_missing=bool(parts.missing),
        gaps_unknown=bool(leans_on) and not base,
        raw=each,
        remarks=tuple(remarks),
    )


def _practical(
    titles: Mapping[str, str], text: Callable[[str], dict[str, str]], parts: Parts, area: AreaRecord
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {language: [] for language in titles}
    for kind, key in PRACTICAL:
        for language, said in text(kind).items():
            found[language].append(f"{word(key, language)}: {said}")
    for language in titles:
        found[language] += parts.practical.get(language, [])
        if area.without_aland:
            found[language].append(word("not_aland", language))
    return {language: plain.unique(said) for language, said in found.items()}


def _organisations(each: Json) -> tuple[str, tuple[str, ...], str]:
    """(id of the responsible one, ids of the others, whose activity it is)."""
    responsible, others, production = "", [], ""
    for entry in values.items(each.get("organizations")):
        body = entry.get("organization")
        key = str(body.get("id") or "").lower() if isinstance(body, Mapping) else ""
        if entry.get("roleType") == "Responsible" and key and not responsible:
            responsible = key
        elif key:
            others.append(key)
        if entry.get("roleType") == "Producer" and not production:
            production = PRODUCTIONS.get(str(entry.get("provisionType")), "")
    if not responsible:
        raise UnreadableError("no responsible organisation")
    return responsible, tuple(key for key in plain.unique(others) if key != responsible), production


def _terms(each: Json, base: Json, key: str) -> tuple[TermRecord, ...]:
    found: dict[str, TermRecord] = {}
    for entry in [*values.items(each.get(key)), *values.items(base.get(key))]:
        if code := plain.line(entry.get("code")):
            uri = plain.line(entry.get("newUri") or entry.get("uri"))
            found.setdefault(code, TermRecord(code, values.one_line_texts(entry.get("name")), uri))
    return tuple(found.values())


def _words(each: Json, base: Json, titles: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Keywords, ontology terms and other names: what people may search with, by language."""
    found: dict[str, list[str]] = {}
    for entry in values.items(each.get("serviceNames")):
        if entry.get("type") == "AlternativeName":
            found.setdefault(str(entry.get("language")), []).append(plain.line(entry.get("value")))
    for entry in values.items(each.get("keywords")):
        # Some keepers write several words into one keyword.
        words = [part.strip() for part in plain.line(entry.get("value")).split(",")]
        found.setdefault(str(entry.get("language")), []).extend(words)
    for term in [*values.items(each.get("ontologyTerms")), *values.items(base.get("ontologyTerms"))]:
        for language, label in values.one_line_texts(term.get("name")).items():
            found.setdefault(language, []).append(label)
    return {
        language: tuple(each for each in plain.unique(words) if each.casefold() != titles[language].casefold())
        for language, words in found.items()
        if language in titles
    }


def _voucher_links(each: Json) -> Iterator[LinkRecord]:
    for entry in values.items(each.get("serviceVouchers")):
        if address := plain.web_address(entry.get("url")):
            label = shorten(plain.line(entry.get("value")) or address, 200)
            yield LinkRecord(address, label, str(entry.get("language") or ""))


def _area(each: Json, remarks: list[str]) -> AreaRecord:
    kind = each.get("areaType")
    if kind in {"Nationwide", "WholeCountry"}:
        return AreaRecord(is_nationwide=True)
    if kind in {"NationwideExceptAlandIslands", "WholeCountryExceptAlandIslands"}:
        return AreaRecord(is_nationwide=True, without_aland=True)
    municipalities, regions, counties = [], [], []
    for area in values.items(each.get("areas")):
        listed = [plain.code(town.get("code"), 3) for town in values.items(area.get("municipalities"))]
        if area.get("type") in {"WellbeingServiceCounties", "WellbeingServicesCounty"}:
            counties.append(plain.code(area.get("code"), 2))
        elif any(listed):
            municipalities += listed
        elif area.get("type") in {"Region", "Province"}:
            regions.append(plain.code(area.get("code"), 2))
        elif area.get("type") == "Municipality":
            municipalities.append(plain.code(area.get("code"), 3))
        else:
            remarks.append(f"area of type {area.get('type')} without its municipalities is left out")
    return AreaRecord(
        municipalities=plain.unique(municipalities), regions=plain.unique(regions), counties=plain.unique(counties)
    )
