"""PTV organisations and general descriptions, and the statuses of both. Pure: JSON → records."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from directory.choices import ContactKind, Sector
from directory.exchange import plain
from directory.exchange import ptv_values as values
from directory.exchange.bodies import is_business_id, sector_by_name
from directory.exchange.ptv_values import Json
from directory.exchange.records import ContactRecord, OrganisationRecord, Status, UnreadableError

STATUSES = {
    "Published": Status.ACTIVE,
    None: Status.ACTIVE,  # the open API gives only what is published
    "Archived": Status.WITHDRAWN,
    "OldPublished": Status.WITHDRAWN,
    "Withdrawn": Status.WITHDRAWN,
    "Deleted": Status.WITHDRAWN,
    "Removed": Status.WITHDRAWN,
}
SECTORS = {"State": Sector.STATE, "Municipality": Sector.MUNICIPALITY, "Company": Sector.COMPANY}
# The texts of the older list of national descriptions: its key → the API's type.
OLD_DESCRIPTIONS = {
    "ShortDescription": "Summary",
    "Description": "Description",
    "UserInstructions": "UserInstruction",
    "ChargeTypeAdditionalInfo": "ChargeTypeAdditionalInfo",
    "DeadLineAdditionalInfo": "DeadLine",
    "ProcessingTimeAdditionalInfo": "ProcessingTime",
    "ValidityTimeAdditionalInfo": "ValidityTime",
}


# --- organisations -------------------------------------------------------------------------------------------------
def organisation_record(each: Json, file: str) -> OrganisationRecord:
    """An Organization answer as a record. Raises UnreadableError."""
    names = values.one_line_texts(each.get("organizationNames"), "Name")
    if not names:
        raise UnreadableError("an organisation without a name in Finnish, Swedish or English")
    others = values.one_line_texts(each.get("organizationNames"), "AlternativeName")
    remarks = []
    number = plain.line(each.get("businessCode"))
    if number and not is_business_id(number):
        remarks.append(f"the business ID {number} has a wrong check digit and is left out")
        number = ""
    municipality = each.get("municipality")
    short_name = values.first_text(others)
    return OrganisationRecord(
        source_id=each["id"],
        file=file,
        names=names,
        sector=SECTORS.get(str(each.get("organizationType"))) or sector_by_name(" ".join(names.values())),
        status=STATUSES.get(each.get("publishingStatus"), Status.UNPUBLISHED),
        short_name=short_name if len(short_name) <= 60 else "",
        business_id=number,
        descriptions=values.texts(each.get("organizationDescriptions"), "Description", "Summary"),
        contacts=tuple(_organisation_contacts(each)),
        parent_id=str(each.get("parentOrganizationId") or ""),
        municipality=plain.code(municipality.get("code"), 3) if isinstance(municipality, Mapping) else "",
        raw=each,
        remarks=tuple(remarks),
    )


def _organisation_contacts(each: Json) -> Iterator[ContactRecord]:
    for entry in values.items(each.get("phoneNumbers")):
        if entry.get("type") != "Fax" and (number := values.phone(entry)):
            remark = plain.line(entry.get("additionalInformation"))
            yield ContactRecord(ContactKind.PHONE, number, str(entry.get("language") or ""), remark=remark)
    for entry in values.items(each.get("emails")):
        if address := plain.email(entry.get("value")):
            remark = plain.line(entry.get("description"))
            yield ContactRecord(ContactKind.EMAIL, address, str(entry.get("language") or ""), remark=remark)
    for entry in values.items(each.get("webPages")):
        if address := plain.web_address(entry.get("url")):
            remark = plain.line(entry.get("value"))
            yield ContactRecord(ContactKind.WEB, address, str(entry.get("language") or ""), remark=remark)
    for entry in values.items(each.get("addresses")):
        street = entry.get("streetAddress")
        if entry.get("type") in {"Visiting", "Location"} and isinstance(street, Mapping):
            road = values.first_text(values.one_line_texts(street.get("street")))
            office = values.first_text(values.one_line_texts(street.get("postOffice"))).title()
            town = f"{plain.line(street.get('postalCode'))} {office}".strip()
            told = f"{road} {plain.line(street.get('streetNumber'))}".strip()
            if road:
                remark = values.first_text(values.one_line_texts(street.get("additionalInformation")))
                yield ContactRecord(ContactKind.ADDRESS_NOTE, f"{told}, {town}".strip(", "), remark=remark)


def stubs_of(service: Json, file: str) -> Iterator[OrganisationRecord]:
    """Organisations that a service only points at: their names are known, and nothing else."""
    for entry in values.items(service.get("organizations")):
        body = entry.get("organization")
        if isinstance(body, Mapping) and body.get("id") and plain.line(body.get("name")):
            name = plain.line(body["name"])
            key = str(body["id"]).lower()
            yield OrganisationRecord(key, file, {"fi": name}, sector_by_name(name), is_stub=True)


# --- general descriptions ------------------------------------------------------------------------------------------
def general_descriptions(found: Iterable[Json]) -> dict[str, Json]:
    """By id and by Finnish name: the older list has no ids."""
    known: dict[str, Json] = {}
    for each in found:
        general = _modern(each) if "ReferenceCode" in each else each
        for key in (general.get("id"), values.one_line_texts(general.get("names")).get("fi", "").casefold()):
            if key:
                known.setdefault(str(key), general)
    return known


def _modern(old: Json) -> Json:
    def entries(key: str, kind: str) -> list[dict[str, Any]]:
        return [{"language": each.get("Lang"), "value": each.get("Label"), "type": kind} for each in old.get(key) or []]

    def terms(key: str) -> list[dict[str, Any]]:
        return [
            {
                "code": str(each.get("Key") or "").rpartition(":")[2] if "ptvl" in str(each.get("Key")) else None,
                "uri": each.get("Key"),
                "name": [{"language": "fi", "value": each.get("Value")}],
            }
            for each in old.get(key) or []
        ]

    return {
        "id": old.get("id"),
        "names": entries("Name", "Name"),
        "descriptions": [entry for key, kind in OLD_DESCRIPTIONS.items() for entry in entries(key, kind)],
        "requirements": entries("ServiceRestrictions", "Requirement"),
        "serviceClasses": terms("ServiceClass"),
        "targetGroups": terms("TargetGroup"),
        "lifeEvents": terms("LifeEvent"),
        "ontologyTerms": terms("OntologyTerm"),
        "serviceChargeType": None,
    }
