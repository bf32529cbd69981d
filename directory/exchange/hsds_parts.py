"""The parts of an HSDS service: places, hours, ways to make contact. Pure: JSON → parts of a record.

An address that is kept secret is left out here already, from the raw object too: what is not stored cannot leak.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from directory.choices import Channel, ContactKind
from directory.exchange import plain
from directory.exchange.hsds_values import Json, clock, date, number, objects, reference
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

DAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), start=1)}
LONGEST_NOTE = 150
_SECRET_KEYS = ("confidential", "is_confidential", "x_confidential", "is_secret", "x_fi_secret", "x_fi_secret_address")
_SECRET_WORDS = re.compile(r"\b(confidential|secret|salainen|salassa pidettävä|hemlig|sekretess)", re.IGNORECASE)
_CLOSED = re.compile(r"suljettu|kiinni|stängt|closed", re.IGNORECASE)
_APPOINTMENT = re.compile(r"ajanvarau|appointment|tidsbok|tidsbeställ", re.IGNORECASE)


# --- secret places -------------------------------------------------------------------------------------------------
def is_open(location: Json) -> bool:
    """Whether a location is one where people come: physical, or of no told type but with an address."""
    kind = plain.line(location.get("location_type")).casefold()
    return kind == "physical" or (not kind and any(_is_visited(each) for each in objects(location.get("addresses"))))


def _is_visited(address: Json) -> bool:
    return plain.line(address.get("address_type")).casefold() in {"physical", ""} and bool(
        plain.line(address.get("address_1"))
    )


def is_secret(location: Json) -> bool:
    """Whether a location (or a service at it) is told to be kept secret, by a key, a word or an attribute."""
    addresses = objects(location.get("addresses"))
    for each in (location, *addresses):
        if any(each.get(key) not in (None, False, "", 0, "false", "no") for key in _SECRET_KEYS):
            return True
        terms = [attribute.get("taxonomy_term") for attribute in objects(each.get("attributes"))]
        labels = [attribute.get("label") for attribute in objects(each.get("attributes"))]
        said = [each.get("location_type"), each.get("address_type"), each.get("address_1"), *labels]
        said += [term.get("name") for term in terms if isinstance(term, Mapping)]
        if any(_SECRET_WORDS.search(plain.line(text)) for text in said):
            return True
    return False


def without_secret_places(service: Json) -> Json:
    """The object as it came, less where a place is that is not open to all."""

    def place(location: Any, link: Json = MappingProxyType({})) -> Any:
        if not isinstance(location, Mapping) or (is_open(location) and not is_secret(location) and not is_secret(link)):
            return location
        return {key: location[key] for key in ("id", "name", "location_type", "url", "phones") if key in location}

    links, body = service.get("service_at_locations"), service.get("organization")
    told = dict(service)
    if isinstance(links, list):
        told["service_at_locations"] = [
            {**link, "location": place(link["location"], link)}
            if isinstance(link, Mapping) and "location" in link
            else link
            for link in links
        ]
    if isinstance(body, Mapping) and isinstance(body.get("locations"), list):
        told["organization"] = {**body, "locations": [place(each) for each in body["locations"]]}
    return told


# --- contact -------------------------------------------------------------------------------------------------------
def phones_of(holder: Json) -> Iterator[tuple[str, str]]:
    """(number, whose or what for) of each phone that can be called. Faxes cannot."""
    for entry in objects(holder.get("phones")):
        if plain.line(entry.get("type")).casefold() in {"fax", "pager"}:
            continue
        told = entry.get("number")
        typed = str(told) if type(told) is int else plain.line(told).strip("\"'")
        if typed := plain.phone_number(typed):
            yield shorten(typed, 40), plain.line(entry.get("description"))


class Parts:
    """What the parts of one service tell, gathered: `read` it, then take the fields."""

    def __init__(self, file: str, language: str, service_id: str) -> None:
        self._file, self._language, self._service_id = file, language, service_id
        self.places: list[PlaceRecord] = []
        self.served: list[ServedPlace] = []
        self.channels: list[str] = []
        self.contacts: list[ContactRecord] = []
        self.links: list[LinkRecord] = []
        self.practical: list[str] = []
        self.hours: tuple[HoursRecord, ...] = ()
        self.exceptions: tuple[ExceptionRecord, ...] = ()
        self.remarks: list[str] = []

    def read(self, service: Json) -> None:
        """Take in a service with all its parts."""
        self.hours, self.exceptions = self._hours(service.get("schedules"))
        self._contacts(service)
        if address := plain.email(service.get("email")):
            self._contact(ContactKind.EMAIL, address)
        if page := plain.web_address(service.get("url")):
            self._contact(ContactKind.WEB, page)
        for position, link in enumerate(objects(service.get("service_at_locations")), start=1):
            self._at_location(link, position)

    # --- places ---
    def _at_location(self, link: Json, position: int) -> None:
        location = link.get("location")
        location = location if isinstance(location, Mapping) else {}
        hours, exceptions = self._hours(link.get("schedules"))
        if not hours and not exceptions:
            hours, exceptions = self._hours(location.get("schedules"))
        self._contacts(link)
        self._contacts(location)
        secret = is_secret(link) or is_secret(location)
        if (said := plain.line(link.get("description"))) and not secret:
            self.practical.append(said)
        key = self._place(location, position, secret) if location else reference("location", link.get("location_id"))
        if key:
            self.channels.append(Channel.ON_SITE)
            self.served.append(ServedPlace(key, hours, exceptions))
        else:
            self.hours, self.exceptions = (*self.hours, *hours), (*self.exceptions, *exceptions)
            if page := plain.web_address(location.get("url")):
                self.channels.append(Channel.WEB)
                label = shorten(plain.line(location.get("name")) or page, 200)
                self.links.append(LinkRecord(page, label, self._language, group=page))

    def _place(self, location: Json, position: int, secret: bool) -> str:
        """The key of the place of a location, which is kept; "" when nobody comes there."""
        if not secret and not is_open(location):
            return ""
        key = reference("location", location.get("id")) or f"{self._service_id[:90]}/{position}"
        name = plain.line(location.get("name"))
        if secret:
            self.places.append(
                PlaceRecord(
                    key, self._file, shorten(name, LONGEST_NOTE) or "–", is_secret=True, language=self._language
                )
            )
            return key
        address: Json = next((each for each in objects(location.get("addresses")) if _is_visited(each)), {})
        street = ", ".join(plain.unique(plain.line(address.get(key)) for key in ("address_1", "address_2")))
        postcode, city = plain.line(address.get("postal_code")), plain.line(address.get("city"))
        latitude, longitude = self._point(location)
        told = [
            entry.get(part) for entry in objects(location.get("accessibility")) for part in ("description", "details")
        ]
        accessibility = "\n".join(plain.unique(plain.clean(each) for each in told))
        self.places.append(
            PlaceRecord(
                source_id=key,
                file=self._file,
                name=shorten(name or street or city or "–", LONGEST_NOTE),
                street=shorten(street, 200),
                postcode=postcode if re.fullmatch(r"[0-9]{5}", postcode) else "",
                post_office=shorten(city, 80),
                municipality=plain.code(address.get("x_fi_municipality_code"), 3),
                town=city,
                latitude=latitude,
                longitude=longitude,
                directions=self._text(location.get("transportation")),
                accessibility=self._text(accessibility),
                language=self._language,
            )
        )
        return key

    def _text(self, value: Any) -> Texts:
        text = shorten(plain.clean(value), 5000)
        return {self._language: text} if text else {}

    def _point(self, location: Json) -> tuple[float | None, float | None]:
        latitude, longitude = number(location.get("latitude")), number(location.get("longitude"))
        if latitude is None or longitude is None:
            return None, None
        if plain.in_finland(latitude, longitude):
            return round(latitude, 6), round(longitude, 6)
        self.remarks.append(f"the point {latitude:g}, {longitude:g} is not in Finland and is left out")
        return None, None

    # --- ways to make contact ---
    def _contacts(self, holder: Json) -> None:
        """The phones of a service or place, then those of its contacts: by role, for a name is nobody's business."""
        self._phones(holder, "")
        for contact in objects(holder.get("contacts")):
            role = plain.line(contact.get("title")) or plain.line(contact.get("department"))
            self._phones(contact, role)
            if address := plain.email(contact.get("email")):
                self._contact(ContactKind.EMAIL, address, role)

    def _phones(self, holder: Json, role: str) -> None:
        for entry in objects(holder.get("phones")):
            for told, description in phones_of({"phones": [entry]}):
                extension = number(entry.get("extension"))
                more = f"{word('extension', self._language)} {extension:g}" if extension is not None else ""
                remark = ", ".join(part for part in (role or description, more) if part)
                is_text = plain.line(entry.get("type")).casefold() in {"text", "sms"}
                self._contact(ContactKind.PHONE, told, remark, is_text=is_text)

    def _contact(self, kind: str, value: str, remark: str = "", *, is_text: bool = False) -> None:
        self.contacts.append(
            ContactRecord(kind, value, group=value, remark=shorten(remark, LONGEST_NOTE), is_text_message=is_text)
        )

    # --- hours ---
    def _hours(self, schedules: Any) -> tuple[tuple[HoursRecord, ...], tuple[ExceptionRecord, ...]]:
        """Weekly hours and exceptions; what cannot be one of them is told in words."""
        weekly: list[HoursRecord] = []
        exceptions: list[ExceptionRecord] = []
        for schedule in objects(schedules):
            note = plain.line(schedule.get("description")) or plain.line(schedule.get("notes"))
            if len(note) > LONGEST_NOTE:
                self.practical.append(note)
                note = ""
            if not self._schedule(schedule, note, weekly, exceptions):
                if note:
                    self.practical.append(note)
                else:
                    self.remarks.append("hours that cannot be read are left out")
        return tuple(_once(weekly)), tuple(_once(exceptions))

    def _schedule(
        self, schedule: Json, note: str, weekly: list[HoursRecord], exceptions: list[ExceptionRecord]
    ) -> bool:
        """Whether a schedule could be read into hours or exceptions."""
        opens, closes = clock(schedule.get("opens_at")), clock(schedule.get("closes_at"))
        begins = date(schedule.get("valid_from") or schedule.get("dtstart"))
        ends = date(schedule.get("valid_to") or schedule.get("until"))
        if begins and ends and ends < begins:
            return False
        notes = {self._language: note} if note else {}
        days, freq = _days(schedule.get("byday")), plain.line(schedule.get("freq")).upper()
        if not days and not freq and begins and ends:
            if opens and closes and begins == ends:
                exceptions.append(ExceptionRecord(begins, ends, opens, closes, notes))
                return True
            if not opens and not closes and _CLOSED.search(note):
                exceptions.append(ExceptionRecord(begins, ends, notes=notes))
                return True
        if opens is None or closes is None or freq not in {"", "WEEKLY", "DAILY"}:
            return False
        if number(schedule.get("interval")) not in {None, 1.0}:
            return False
        if freq == "DAILY":
            days = list(DAYS.values())
        elif freq == "WEEKLY" and not days and (first := date(schedule.get("dtstart"))):
            days = [first.isoweekday()]
        by_appointment = any(
            _APPOINTMENT.search(plain.line(schedule.get(key))) for key in ("attending_type", "notes", "description")
        )
        weekly += [HoursRecord(day, opens, closes, begins, ends, by_appointment, notes) for day in days or ()]
        return bool(days)


def _days(value: Any) -> list[int] | None:
    """ISO weekdays of a byday ("MO,TU"); None when it names none, or one of a month ("1MO")."""
    names = [each for each in re.split(r"[,;\s]+", plain.line(value).upper()) if each]
    days = [DAYS.get(name[:2]) for name in names]
    return sorted({day for day in days if day}) if days and all(days) else None


def _once(found: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for each in found:
        if each not in kept:
            kept.append(each)
    return kept
