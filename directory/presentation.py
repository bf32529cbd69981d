"""What the directory's templates show, gathered: one function per kind of thing. No HTML, no writes, no rules.

Everything read here comes through `public_places` and `public_contact_ways`: a secret address cannot get in.
"""

import datetime
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext

from directory import hours
from directory.choices import Capacity, Channel, Charge, CheckedHow, ContactKind, Sector, Source, Weekday
from directory.models import Organisation, Service

# directory.choices → the words of the contact_way component.
_CONTACT_TYPES = {ContactKind.ADDRESS_NOTE: "visit"}
_KEEPERS = {
    Sector.ASSOCIATION: gettext_lazy("by the association"),
    Sector.FOUNDATION: gettext_lazy("by the foundation"),
    Sector.PARISH: gettext_lazy("by the parish"),
    Sector.COMMUNITY: gettext_lazy("by the community"),
    Sector.MUNICIPALITY: gettext_lazy("by the municipality"),
    Sector.WELLBEING_SERVICES_COUNTY: gettext_lazy("by the wellbeing services county"),
    Sector.STATE: gettext_lazy("by the authority"),
    Sector.COMPANY: gettext_lazy("by the company"),
}


# --- small facts ---------------------------------------------------------------------------------------------------
def foreign_language(service: Service) -> str:
    """The language of the row when it is not the reader's, for `lang=`; else ""."""
    return service.language if service.language != get_language() else ""


def checked_by_words(service: Service) -> Any:
    """Who or what stands behind the check, as one says it of this kind of organisation."""
    if service.checked_how == CheckedHow.KEEPER:
        return _KEEPERS.get(service.organisation.sector, service.get_checked_how_display())
    return service.get_checked_how_display()


def checked_stamp(service: Service, today: datetime.date) -> dict[str, Any]:
    """When and how a person last checked the listing: inputs of the date_stamp component."""
    return {
        "on": service.checked_on,
        "by": str(checked_by_words(service)) if service.checked_on else "",
        "how": "",
        "state": service.freshness(today).value,
        "source": service.get_source_display() if service.source not in (Source.OWN, Source.SAMPLE) else "",
        "today": today,
    }


def area_words(service: Service, most: int = 3) -> str:
    """Where the service is for, in a few words: "Kuopio, Siilinjärvi and 4 more", "Whole country"."""
    if service.is_nationwide:
        return gettext("Whole country")
    names = [str(each) for each in service.municipalities.all()]
    if not names:
        names = [str(each) for each in service.counties.all()]
    if not names:
        places = (link.place for link in service.service_places.all())
        names = list(dict.fromkeys(str(place.municipality) for place in places if place.municipality))
        if any(link.place.is_secret for link in service.service_places.all()):
            names = []
    if len(names) <= most:
        return ", ".join(names)
    rest = len(names) - most
    more = ngettext("and %(count)d more", "and %(count)d more", rest) % {"count": rest}
    return f"{', '.join(names[:most])} {more}"


def age_words(service: Service) -> str:
    """The ages the service is for, or ""."""
    low, high = service.age_min, service.age_max
    if low is not None and high is not None:
        return gettext("%(low)d–%(high)d years old") % {"low": low, "high": high}
    if low is not None:
        return gettext("%(low)d years and older") % {"low": low}
    if high is not None:
        return gettext("Up to %(high)d years old") % {"high": high}
    return ""


def short_facts(service: Service) -> list[str]:
    """The facts by which people choose, as words for a list row."""
    facts = []
    if service.charge == Charge.FREE:
        facts.append(gettext("Free of charge"))
    if service.is_anonymous:
        facts.append(gettext("Without giving a name"))
    if service.needs_no_appointment:
        facts.append(gettext("No appointment needed"))
    if service.is_outside_office_hours:
        facts.append(gettext("Open in the evening or at weekends"))
    return facts


def listing_item(service: Service, today: datetime.date | None = None, distance: str = "") -> dict[str, Any]:
    """A service as a row of a list: the input `item` of the card_listing component."""
    today = today or timezone.localdate()
    capacity = service.current_capacity
    symbols = {code: str(label) for code, label in Channel.choices}
    return {
        "key": service.uuid,
        "title": service.title,
        "url": service.get_absolute_url(),
        "organisation": str(service.organisation),
        "summary": service.summary,
        "kind": service.get_kind_display(),
        "place": area_words(service),
        "distance": distance,
        "stages": [int(stage) for stage in service.stages],
        "channels": [{"code": code, "label": symbols.get(code, code)} for code in service.channels],
        "facts": short_facts(service),
        "capacity": capacity if capacity != Capacity.UNKNOWN else "",
        "capacity_until": service.capacity_until,
        "is_sample": service.is_sample,
        "lang": foreign_language(service),
        "temporary_notice": service.current_notice,
        "checked": checked_stamp(service, today),
    }


def listing_items(services: Iterable[Service], on_list: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """Rows of a list, each telling whether it is on the reader's own list."""
    kept, today = set(on_list), timezone.localdate()
    return [{**listing_item(service, today), "on_list": service.uuid in kept} for service in services]


# --- opening hours -------------------------------------------------------------------------------------------------
def _time(value: datetime.time) -> str:
    return time_format(value, "H.i") if get_language() != "en" else time_format(value, "H:i")


def _span_words(row) -> str:
    words = gettext("all day") if row.opens == row.closes else f"{_time(row.opens)}–{_time(row.closes)}"
    if row.by_appointment:
        words += f" ({gettext('by appointment')})"
    return f"{words} {row.note}".strip() if row.note else words


def opening_hours(service: Service, now: datetime.datetime) -> list[dict[str, Any]]:
    """Opening hours grouped by place: inputs of the opening_hours component, the service's own hours first.

    now: an aware moment. A place with a secret address lends its hours but not its name.
    """
    local = timezone.localtime(now).replace(tzinfo=None)
    exceptions = [each for each in service.opening_exceptions.all() if each.date_to >= local.date()]
    # Hours of another season would stand beside those that hold this week.
    week = [local.date() + datetime.timedelta(days=offset) for offset in range(7)]
    rows = sorted(
        (row for row in service.opening_hours.all() if any(row.holds_on(day) for day in week)),
        key=lambda row: (row.place_id or 0, row.weekday, row.opens),
    )
    groups: list[dict[str, Any]] = []
    for place_id, group in groupby(rows, key=lambda row: row.place_id):
        spans = list(group)
        own = [each for each in exceptions if each.place_id in (None, place_id)]
        place = spans[0].place
        groups.append(
            {
                "caption": "" if place is None or place.is_secret else place.name,
                "rows": [
                    {
                        "day": str(Weekday(day).label),
                        "times": ", ".join(_span_words(row) for row in spans if row.weekday == day)
                        or gettext("closed"),
                        "is_today": day == local.isoweekday(),
                    }
                    for day in range(1, 8)
                ],
                "now": _open_words(hours.open_state(local, spans, own), local),
                "exceptions": [_exception_row(each) for each in own if each.place_id is not None],
            }
        )
    # Those that hold everywhere are told once, and none is lost when its place has no hours of its own.
    shown = {row.place_id for row in rows}
    general = [_exception_row(each) for each in exceptions if each.place_id is None or each.place_id not in shown]
    if general and not groups:
        groups.append({"caption": "", "rows": [], "now": None, "exceptions": []})
    if general:
        groups[0]["exceptions"] = general + groups[0]["exceptions"]
    return groups


def _exception_row(exception) -> dict[str, Any]:
    return {"day": exception.date_from, "text": _exception_words(exception)}


def _exception_words(exception) -> str:
    words = gettext("closed") if exception.is_closed else f"{_time(exception.opens)}–{_time(exception.closes)}"
    if exception.date_to != exception.date_from:
        until = date_format(exception.date_to, "SHORT_DATE_FORMAT")
        words = gettext("%(words)s, until %(day)s") % {"words": words, "day": until}
    return f"{words}. {exception.note}" if exception.note else words


def _open_words(state: hours.OpenState | None, now: datetime.datetime) -> dict[str, Any] | None:
    if state is None:
        return None
    if state.is_open:
        # What goes on through the night and the next day is simply open.
        if state.closes_at is None or state.closes_at - now > datetime.timedelta(hours=23):
            return {"is_open": True, "text": gettext("Open now")}
        return {
            "is_open": True,
            "text": gettext("Open now, closes at %(time)s") % {"time": _time(state.closes_at.time())},
        }
    if state.opens_at is None:
        return {"is_open": False, "text": gettext("Closed now")}
    clock = _time(state.opens_at.time())
    if state.opens_at.date() == now.date():
        text = gettext("Closed now, opens today at %(time)s") % {"time": clock}
    elif state.opens_at.date() == now.date() + datetime.timedelta(days=1):
        text = gettext("Closed now, opens tomorrow at %(time)s") % {"time": clock}
    else:
        day = str(Weekday(state.opens_at.isoweekday()).label)
        # English writes its weekdays with a capital, Finnish and Swedish do not.
        day = day if get_language() == "en" else day.lower()
        text = gettext("Closed now, opens on %(day)s at %(time)s") % {"day": day, "time": clock}
    return {"is_open": False, "text": text}


# --- replies -------------------------------------------------------------------------------------------------------
def reply_words(days: int | None) -> str:
    """How soon an organisation usually answers, from working days; "" when that is not told."""
    if days is None:
        return ""
    if days < 1:
        return gettext("Usually answers within the same working day")
    return ngettext("Usually answers in %(count)d working day", "Usually answers in %(count)d working days", days) % {
        "count": days
    }


# --- one service ---------------------------------------------------------------------------------------------------
def contact_ways(service: Service) -> list[dict[str, Any]]:
    """The contact ways that are for everybody: inputs of the contact_way component."""
    return [
        {
            "type": _CONTACT_TYPES.get(way.kind, way.kind),
            "value": way.value,
            "label": way.label,
            "hours": way.hours,
            "price": way.price,
        }
        for way in service.public_contact_ways
    ]


def map_url(place) -> str:
    """A map on another site, opened only when pressed. OpenStreetMap: no account, no tracking."""
    if not place.has_point:
        return ""
    lat, lon = f"{place.latitude:.5f}", f"{place.longitude:.5f}"
    return f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=16/{lat}/{lon}"


def service_facts(service: Service) -> list[dict[str, Any]]:
    """Facts of the service as terms: inputs of the facts component. Empty ones are left out."""
    rows = [
        (gettext("Price"), [service.get_charge_display() if service.charge else "", service.charge_note], "euro"),
        (gettext("How to take part"), service.get_channels_display(), ""),
        (gettext("Languages of service"), service.get_languages_display(), "language"),
        (gettext("Alone or in a group"), [service.get_grouping_display() if service.grouping else ""], ""),
        (gettext("Whom you meet"), service.get_meets_display(), ""),
        (gettext("Age"), [age_words(service)], ""),
        (gettext("Conditions"), [service.eligibility], ""),
        (gettext("Area"), [area_words(service, most=12)], "place"),
        (gettext("Accessibility"), service.get_accessibility_display(), ""),
        (gettext("Good to know"), [*short_facts(service)[1 if service.charge == Charge.FREE else 0 :]], ""),
        (gettext("Interpreter"), [gettext("An interpreter can be had") if service.has_interpreter else ""], ""),
        (gettext("Outreach"), [gettext("We come to where people are") if service.is_outreach else ""], ""),
        (gettext("Practical matters"), [service.practical_notes], ""),
        (gettext("Whose activity"), [service.get_production_display() if service.production else ""], ""),
        (gettext("A public body can pay by"), service.get_payment_display(), ""),
        (gettext("Done together with"), [str(each) for each in service.partners.all() if each.is_public], ""),
    ]
    facts = []
    for term, texts, symbol in rows:
        told = [str(text) for text in texts if text]
        if told:
            facts.append(
                {"term": term, "icon": symbol, **({"items_list": told} if len(told) > 1 else {"text": told[0]})}
            )
    return facts


def service_context(service: Service, now: datetime.datetime) -> dict[str, Any]:
    """Everything the service page shows."""
    today = timezone.localdate(now)
    return {
        "service": service,
        "item": listing_item(service, today),
        "foreign_language": foreign_language(service),
        "checked": checked_stamp(service, today),
        "may_be_outdated": service.may_be_outdated,
        "hours": opening_hours(service, now),
        "places": [{"place": place, "map_url": map_url(place)} for place in service.public_places],
        "contact_ways": contact_ways(service),
        "facts": service_facts(service),
        "topics": list(service.topics.all()),
        "target_groups": list(service.target_groups.all()),
        "long_description": [pair for long in service.long_description.all() for pair in long.filled()],
        "is_sample": service.is_sample,
    }


def organisation_context(organisation: Organisation, services: Sequence[Service]) -> dict[str, Any]:
    """Everything the organisation page shows; `services` are public and best for the reader."""
    return {
        "organisation": organisation,
        "parent": organisation.parent if organisation.parent and organisation.parent.is_public else None,
        "services": services,
        "items": listing_items(services),
        "is_sample": organisation.is_sample,
    }


# --- a message for a client ----------------------------------------------------------------------------------------
def list_message(services: Sequence[Service], address: str) -> str:
    """The text of a message that carries a list to a person. Made here, never by the browser.

    address: absolute address of the shared list. It names services and public contact ways, and no person.
    """
    lines = [pgettext("message", "Hello! Here are the options we looked at:"), ""]
    for service in services:
        lines.append(f"• {service.title} ({service.organisation})")
        first = next((way for way in service.public_contact_ways if way.kind == ContactKind.PHONE), None)
        if first:
            lines.append(f"  {first.value}")
    lines += ["", gettext("See them all:"), address]
    return "\n".join(lines)


def shared_list_path(token: str) -> str:
    """The path of a list that is shared by its address."""
    return reverse("directory:shared_list", kwargs={"token": token})
