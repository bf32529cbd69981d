"""PTV's service channels: where and by which ways a service is reached. Pure: JSON → the parts of a record.

A channel is joined to a service by a connection, which can have hours and contact details of its own; they win.
"""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from directory.choices import Channel, ContactKind
from directory.exchange import plain
from directory.exchange import ptv_values as values
from directory.exchange.projection import to_wgs84
from directory.exchange.ptv_values import Json
from directory.exchange.records import (
    ContactRecord,
    ExceptionRecord,
    HoursRecord,
    LinkRecord,
    PlaceRecord,
    ServedPlace,
    Texts,
)
from directory.exchange.wording import shorten, word

DAYS = {
    name: number
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), start=1
    )
}
# v8–v11 words first, then those of v7.
WEEKLY = {"DaysOfTheWeek", "Standard", "OverMidnight", "Special"}
EXCEPTIONAL = {"Exceptional", "Exception"}
_PLACE_ADDRESSES = {"Single", "Street", "Other", "", None}
_MIDNIGHT = datetime.time(0, 0)


def channel_name(channel: Json) -> dict[str, str]:
    """A channel's names by language."""
    return values.one_line_texts(channel.get("serviceChannelNames"), "Name")


# --- hours ---------------------------------------------------------------------------------------------------------
def hours_of(entries: Any) -> tuple[tuple[HoursRecord, ...], tuple[ExceptionRecord, ...], list[str]]:
    """(weekly hours, exceptions, remarks) of a `serviceHours` list."""
    weekly: list[HoursRecord] = []
    exceptions: list[ExceptionRecord] = []
    remarks: list[str] = []
    for entry in values.items(entries):
        kind = entry.get("serviceHourType")
        notes = values.one_line_texts(entry.get("additionalInformation"))
        begins, ends = values.local_date(entry.get("validFrom")), values.local_date(entry.get("validTo"))
        if kind in EXCEPTIONAL or (kind in WEEKLY and entry.get("isClosed") and begins):
            exceptions += _exceptions(entry, begins, ends, notes, remarks)
        elif kind in WEEKLY:
            if entry.get("validForNow"):
                begins = ends = None
            weekly += _weekly(entry, begins, ends, notes, remarks)
        else:
            remarks.append(f"hours of an unknown type are left out: {kind}")
    return tuple(_distinct(weekly)), tuple(exceptions), remarks


def _distinct(found: Iterable[Any]) -> list[Any]:
    """Each once, in order; records with texts in them cannot be hashed."""
    kept: list[Any] = []
    for each in found:
        if each not in kept:
            kept.append(each)
    return kept


def _weekly(
    entry: Json, begins: datetime.date | None, ends: datetime.date | None, notes: Texts, remarks: list[str]
) -> list[HoursRecord]:
    def row(day: int, opens: datetime.time, closes: datetime.time) -> HoursRecord:
        return HoursRecord(day, opens, closes, begins, ends, bool(entry.get("isReservation")), notes)

    if entry.get("isClosed"):
        return []
    if entry.get("isAlwaysOpen"):
        return [row(day, _MIDNIGHT, _MIDNIGHT) for day in range(1, 8)]
    spans = values.items(entry.get("openingHour"))
    if not spans:
        remarks.append("hours without times are left out")
    found: list[HoursRecord] = []
    for span in spans:
        first, last = DAYS.get(span.get("dayFrom")), DAYS.get(span.get("dayTo") or span.get("dayFrom"))
        opens, closes = plain.clock(span.get("from")), plain.clock(span.get("to"))
        if first is None or last is None or opens is None or closes is None:
            remarks.append(f"hours that cannot be read are left out: {dict(span)}")
            continue
        days = [(first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1)]
        if entry.get("serviceHourType") in {"OverMidnight", "Special"} and len(days) > 1:
            # One span from the first day's opening to the last day's closing.
            if len(days) == 2 and closes <= opens:
                found.append(row(days[0], opens, closes))
                continue
            found.append(row(days[0], opens, _MIDNIGHT))
            found += [row(day, _MIDNIGHT, _MIDNIGHT) for day in days[1:-1]]
            if closes != _MIDNIGHT:
                found.append(row(days[-1], _MIDNIGHT, closes))
        else:
            found += [row(day, opens, closes) for day in days]
    return found


def _exceptions(
    entry: Json, begins: datetime.date | None, ends: datetime.date | None, notes: Texts, remarks: list[str]
) -> list[ExceptionRecord]:
    if begins is None:
        remarks.append("an exception to the hours without a day is left out")
        return []
    ends = max(begins, ends or begins)
    if entry.get("isClosed"):
        return [ExceptionRecord(begins, ends, notes=notes)]
    found = []
    for span in values.items(entry.get("openingHour")):
        opens, closes = plain.clock(span.get("from")), plain.clock(span.get("to"))
        if opens is not None and closes is not None:
            found.append(ExceptionRecord(begins, ends, opens, closes, notes))
    if not found:
        remarks.append("an exception to the hours without times is left out")
    return found


# --- places --------------------------------------------------------------------------------------------------------
def place_records(channel: Json, file: str) -> tuple[PlaceRecord, ...]:
    """The places of a ServiceLocation: one for each visiting address; the first has the channel's own id."""
    names = channel_name(channel)
    addresses = [
        each
        for each in values.items(channel.get("addresses"))
        if each.get("type") in {"Location", "Visiting", None} and each.get("subType") in _PLACE_ADDRESSES
    ]
    places = [_place(channel, names, address, number, file) for number, address in enumerate(addresses, start=1)]
    if not places:
        remark = "no visiting address that could be shown"
        return (PlaceRecord(str(channel["id"]), file, shorten(values.first_text(names), 150), remarks=(remark,)),)
    return tuple(places)


def _place(channel: Json, names: Texts, address: Json, number: int, file: str) -> PlaceRecord:
    other = address.get("otherAddress") if address.get("subType") == "Other" else None
    street = other if isinstance(other, Mapping) and not address.get("streetAddress") else address.get("streetAddress")
    street = street if isinstance(street, Mapping) else {}
    remarks: list[str] = []
    latitude, longitude = _point(street, remarks)
    municipality = street.get("municipality")
    postcode = str(street.get("postalCode") or "").strip()
    office = values.first_text(values.one_line_texts(street.get("postOffice")))
    road = values.first_text(values.one_line_texts(street.get("street")))
    return PlaceRecord(
        source_id=str(channel["id"]) if number == 1 else f"{channel['id']}/{number}",
        file=file,
        name=shorten(values.first_text(names), 150),
        street=shorten(f"{road} {plain.line(street.get('streetNumber'))}".strip(), 200),
        postcode=postcode if len(postcode) == 5 and postcode.isdigit() else "",
        post_office=shorten(office.title() if office.isupper() else office, 80),
        municipality=plain.code(municipality.get("code"), 3) if isinstance(municipality, Mapping) else "",
        latitude=latitude,
        longitude=longitude,
        directions=values.texts(street.get("additionalInformation")),
        accessibility=_accessibility(address.get("entrances")),
        remarks=tuple(remarks),
    )


def _point(street: Json, remarks: list[str]) -> tuple[float | None, float | None]:
    found = plain.numbers(street.get("latitude"), street.get("longitude"))
    if found is None:
        return None, None
    # Metres; degrees appear only in test systems and in hand-made files.
    latitude, longitude = to_wgs84(*found) if found[0] > 90 else (round(found[0], 6), round(found[1], 6))
    if plain.in_finland(latitude, longitude):
        return latitude, longitude
    remarks.append(f"the point {found[0]:g}, {found[1]:g} is not in Finland and is left out")
    return None, None


def _accessibility(entrances: Any) -> dict[str, str]:
    """The sentences about the entrances, one group a paragraph. Features are not guessed from sentences."""
    groups: dict[str, list[str]] = {}
    for entrance in values.items(entrances):
        contact = entrance.get("contactInfo")
        if isinstance(contact, Mapping) and "example.com" in f"{contact.get('email')}{contact.get('url')}":
            continue  # the API's own example
        for group in values.items(entrance.get("accessibilitySentences")):
            heads = values.one_line_texts(group.get("sentenceGroup"))
            said = [values.one_line_texts(each.get("sentence")) for each in values.items(group.get("sentences"))]
            for language in values.LANGUAGES:
                body = " ".join(each[language] for each in said if language in each)
                if body:
                    head = heads.get(language, "")
                    groups.setdefault(language, []).append(f"{head}: {body}" if head else body)
    return {language: "\n\n".join(found) for language, found in groups.items()}


# --- what a service gets from its channels -------------------------------------------------------------------------
@dataclasses.dataclass
class Parts:
    """What the channels of one service give, gathered."""

    places: list[ServedPlace] = dataclasses.field(default_factory=list)
    channels: list[str] = dataclasses.field(default_factory=list)
    contacts: list[ContactRecord] = dataclasses.field(default_factory=list)
    links: list[LinkRecord] = dataclasses.field(default_factory=list)
    documents: list[LinkRecord] = dataclasses.field(default_factory=list)
    practical: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    charge_notes: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    hours: tuple[HoursRecord, ...] = ()
    exceptions: tuple[ExceptionRecord, ...] = ()
    missing: list[str] = dataclasses.field(default_factory=list)
    remarks: list[str] = dataclasses.field(default_factory=list)


def parts_of(connections: Any, channels: Mapping[str, Json], places: Mapping[str, list[str]]) -> Parts:
    """The parts of a service. channels: by id; places: channel id → ids of its places."""
    parts = Parts()
    phone_hours: list[tuple[tuple[HoursRecord, ...], tuple[ExceptionRecord, ...]]] = []
    pages_only: list[str] = []
    for connection in values.items(connections):
        target = connection.get("serviceChannel")
        key = str(target.get("id") or "") if isinstance(target, Mapping) else ""
        channel = channels.get(key)
        if channel is None:
            parts.missing.append(f"channel {key or '?'} ({plain.line((target or {}).get('name'))})")
            continue
        names = channel_name(channel)
        if channel.get("publishingStatus") not in {"Published", None}:
            parts.remarks.append(f"channel {values.first_text(names)} is not published and is left out")
            continue
        kind = channel.get("serviceChannelType")
        weekly, exceptions, remarks = hours_of(connection.get("serviceHours"))
        if not weekly and not exceptions:
            weekly, exceptions, remarks = hours_of(channel.get("serviceHours"))
        parts.remarks += [f"{values.first_text(names)}: {remark}" for remark in remarks]
        if kind == "ServiceLocation":
            parts.channels.append(Channel.ON_SITE)
            for number, place in enumerate(places.get(key, [])):
                # Hours are the location's; told once, at its first address.
                parts.places.append(ServedPlace(place, *((weekly, exceptions) if number == 0 else ())))
        elif kind == "Phone":
            parts.channels.append(Channel.PHONE)
            phone_hours.append((weekly, exceptions))
        elif kind == "EChannel":
            parts.channels.append(Channel.WEB)
        elif kind == "WebPage":
            pages_only.append(Channel.WEB)
        elif kind != "PrintableForm":
            parts.remarks.append(f"channel of an unknown type is read for its contact ways only: {kind}")
        _contacts(parts, connection, channel, names, () if kind == "ServiceLocation" else weekly)
        if kind == "PrintableForm":
            _forms(parts, channel, names)
        _connection_texts(parts, connection, names)
    if not parts.channels:
        # A page that only tells about a service is no way to take part, unless it is the only one.
        parts.channels = pages_only
    _hours_of_phone(parts, phone_hours)
    return parts


def _hours_of_phone(parts: Parts, told: list[tuple[tuple[HoursRecord, ...], tuple[ExceptionRecord, ...]]]) -> None:
    """A service that has no place is open when its phone is answered, if its phones agree about it."""
    different = _distinct(weekly for weekly, _exceptions in told if weekly)
    if len(different) == 1 and not parts.places:
        parts.hours = different[0]
        parts.exceptions = next(exceptions for weekly, exceptions in told if weekly)


def _contacts(parts: Parts, connection: Json, channel: Json, names: Texts, hours: tuple[HoursRecord, ...]) -> None:
    own = connection.get("contactDetails")
    own = own if isinstance(own, Mapping) else {}
    group = str(channel["id"])
    phones = values.items(own.get("phoneNumbers")) or [
        *values.items(channel.get("phoneNumbers")),
        *values.items(channel.get("supportPhones")),
    ]
    for entry in phones:
        number = values.phone(entry)
        if entry.get("type") == "Fax" or not number:
            continue
        parts.contacts.append(
            ContactRecord(
                kind=ContactKind.PHONE,
                value=number,
                language=str(entry.get("language") or ""),
                group=group,
                labels=names,
                remark=plain.line(entry.get("additionalInformation")),
                price=plain.line(entry.get("chargeDescription")),
                is_free=entry.get("serviceChargeType") == "FreeOfCharge",
                is_text_message=entry.get("type") == "Sms",
                hours=hours,
            )
        )
    emails = values.items(own.get("emails")) or [
        *values.items(channel.get("emails")),
        *values.items(channel.get("supportEmails")),
    ]
    for entry in emails:
        if address := plain.email(entry.get("value")):
            language = str(entry.get("language") or "")
            remark = plain.line(entry.get("description"))
            parts.contacts.append(ContactRecord(ContactKind.EMAIL, address, language, group, names, remark))
    pages = values.items(channel.get("webPages")) or values.items(channel.get("urls"))
    is_contact = channel.get("serviceChannelType") == "EChannel"
    for entry in [*pages, *values.items(own.get("webPages"))]:
        language = str(entry.get("language") or "")
        address = plain.web_address(entry.get("url") or entry.get("value"))
        if not address:
            continue
        if is_contact and entry in pages:
            parts.contacts.append(ContactRecord(ContactKind.WEB, address, language, group, names, hours=hours))
        else:
            said = plain.line(entry.get("value")) if entry.get("url") else ""
            label = said or names.get(language) or values.first_text(names)
            parts.links.append(LinkRecord(address, shorten(label, 200), language, str(channel["id"])))


def _forms(parts: Parts, channel: Json, names: Texts) -> None:
    for entry in values.items(channel.get("channelUrls")):
        language = str(entry.get("language") or "")
        label = names.get(language) or values.first_text(names)
        if page := plain.web_address(entry.get("value") or entry.get("url")):
            parts.documents.append(LinkRecord(page, shorten(label, 200), language, str(channel["id"])))
    if not values.items(channel.get("channelUrls")):
        for language, name in names.items():
            parts.documents.append(LinkRecord("", shorten(name, 200), language, str(channel["id"])))
    for address in values.items(channel.get("deliveryAddresses")):
        for language in values.LANGUAGES:
            if language in names and (said := _delivery(address, language)):
                text = f"{word('return_form', language)} ({names[language]}): {said}"
                parts.practical.setdefault(language, []).append(text)


def _delivery(address: Json, language: str) -> str:
    def said(value: Any) -> str:
        found = values.one_line_texts(value)
        return found.get(language, "") or values.first_text(found)

    box, street = address.get("postOfficeBoxAddress"), address.get("streetAddress")
    target = box if isinstance(box, Mapping) else street if isinstance(street, Mapping) else {}
    road = f"{said(target.get('street'))} {plain.line(target.get('streetNumber'))}".strip()
    office = f"{plain.line(target.get('postalCode'))} {said(target.get('postOffice')).title()}".strip()
    receiver = said(address.get("receiver")) or said(address.get("formReceiver"))
    first = ", ".join(part for part in (receiver, said(target.get("postOfficeBox")), road, office) if part)
    more = said(target.get("additionalInformation")) or said(address.get("deliveryAddressInText"))
    return ". ".join(part.rstrip(".") for part in (first, more) if part) + "." if first or more else ""


def _connection_texts(parts: Parts, connection: Json, names: Texts) -> None:
    for language, text in values.texts(connection.get("description"), "Description").items():
        name = names.get(language) or values.first_text(names)
        parts.practical.setdefault(language, []).append(f"{name}: {text}")
    for language, text in values.texts(connection.get("description"), "ChargeTypeAdditionalInfo").items():
        parts.charge_notes.setdefault(language, []).append(text)


def served_by_place(places: Iterable[PlaceRecord]) -> dict[str, list[str]]:
    """Channel id → ids of its places, in order."""
    found: dict[str, list[str]] = {}
    for place in places:
        found.setdefault(place.source_id.partition("/")[0], []).append(place.source_id)
    return found
