"""Options side by side: the same facts of a few services as the rows of one table. Plain values for the template.

Reads through the same functions as the pages of services: a secret address cannot get in here either.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from directory.choices import Referral
from directory.models import Service
from directory.presentation import (
    age_words,
    area_words,
    checked_stamp,
    contact_ways,
    listing_item,
    opening_hours,
    reply_words,
)

# So many columns can be read at once.
MOST = 4


def comparison(
    services: Sequence[Service], now: datetime.datetime, reply_days: Mapping[UUID, int] | None = None
) -> dict[str, Any]:
    """The table: `options` are its columns; each of `rows` has a term and one cell for each option.

    A cell has its `option` and what is `told`, as its row's `kind` says: "texts" (a list of paragraphs), "capacity",
    "contacts" or "checked". A row that is empty for all is left out.
    reply_days: in how many working days these services usually answer, of those for which it is told.
    """
    local, days = timezone.localtime(now), reply_days or {}
    options = [listing_item(each, local.date()) for each in services]

    def row(term: str, kind: str, told: Callable[[Service], Any]) -> dict[str, Any]:
        pairs = zip(options, services, strict=True)
        return {"term": term, "kind": kind, "cells": [{"option": one, "told": told(service)} for one, service in pairs]}

    def texts(term: str, told: Callable[[Service], list[Any]]) -> dict[str, Any]:
        return row(term, "texts", lambda service: [str(text) for text in told(service) if text])

    rows = [
        texts(gettext("What it is"), lambda each: [each.get_kind_display(), each.summary]),
        texts(gettext("For whom"), _for_whom),
        row(gettext("Is there room?"), "capacity", _room),
        texts(gettext("Usual reply time"), lambda each: [reply_words(days.get(each.uuid))]),
        texts(gettext("Where"), _where),
        texts(gettext("When"), lambda each: _when(each, local)),
        texts(gettext("Price"), lambda each: [each.get_charge_display() if each.charge else "", each.charge_note]),
        texts(gettext("How to join"), _how_to_join),
        row(gettext("Contact"), "contacts", contact_ways),
        texts(gettext("Languages"), _languages),
        texts(gettext("Accessibility"), _accessibility),
        texts(gettext("Support to arrive"), _arriving),
        row(gettext("Checked"), "checked", lambda each: checked_stamp(each, local.date())),
    ]
    return {
        "options": options,
        "rows": [each for each in rows if any(cell["told"] for cell in each["cells"])],
    }


def _room(service: Service) -> dict[str, Any]:
    note = service.capacity_note if service.current_capacity == service.capacity else ""
    return {"state": service.current_capacity, "until": service.capacity_until, "note": note}


def _for_whom(service: Service) -> list[Any]:
    groups = ", ".join(str(group) for group in service.target_groups.all())
    return [service.for_whom or groups, age_words(service), service.eligibility]


def _where(service: Service) -> list[Any]:
    """The area, the public places, and how it reaches a person from afar."""
    rows: list[Any] = [area_words(service)]
    for place in service.public_places:
        if place.is_secret:
            rows.append(gettext("The address is kept secret. You get it when you contact the service."))
        else:
            town = place.post_office or str(place.municipality or "")
            rows.append(", ".join(part for part in (place.name, place.street, town) if part))
    return [*rows, ", ".join(str(label) for label in service.get_channels_display())]


def _when(service: Service, now: datetime.datetime) -> list[Any]:
    """The day of an event, or the week in as few lines as it takes."""
    rows: list[Any] = []
    if service.starts_at:
        rows.append(date_format(timezone.localtime(service.starts_at), "SHORT_DATETIME_FORMAT"))
    if service.enrol_by:
        day = date_format(service.enrol_by, "SHORT_DATE_FORMAT")
        rows.append(gettext("Enrol by %(day)s") % {"day": day})
    for group in opening_hours(service, now):
        if group["now"]:
            rows.append(group["now"]["text"])
        if group["rows"]:
            rows.append("\n".join([*([f"{group['caption']}:"] if group["caption"] else []), *_week(group["rows"])]))
        rows += [f"{date_format(each['day'], 'SHORT_DATE_FORMAT')}: {each['text']}" for each in group["exceptions"]]
    if service.needs_no_appointment:
        rows.append(gettext("No appointment needed"))
    return rows


def _week(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Days with the same times in one line; days when it is closed are left out."""
    lines = []
    for times, same in groupby(rows, key=lambda row: row["times"]):
        days = [str(row["day"]) for row in same]
        if times == gettext("closed"):
            continue
        last = days[-1] if get_language() == "en" else days[-1].lower()
        lines.append(f"{days[0]} {times}" if len(days) == 1 else f"{days[0]}–{last} {times}")
    return lines


def _how_to_join(service: Service) -> list[Any]:
    told = service.get_referral_display() if service.referral != Referral.UNKNOWN else ""
    return [service.how_to_join, told, gettext("Without giving a name") if service.is_anonymous else ""]


def _languages(service: Service) -> list[Any]:
    interpreter = gettext("An interpreter can be had") if service.has_interpreter else ""
    return [", ".join(str(label) for label in service.get_languages_display()), interpreter]


def _accessibility(service: Service) -> list[Any]:
    """Of the service and of its public places, each feature once."""
    places = service.public_places
    features = [
        *service.get_accessibility_display(),
        *(label for each in places for label in each.accessibility_labels),
    ]
    joined = ", ".join(dict.fromkeys(str(feature) for feature in features))
    return [joined, *(each.accessibility_note for each in places)]


def _arriving(service: Service) -> list[Any]:
    outreach = gettext("We come to where people are") if service.is_outreach else ""
    return [outreach, *dict.fromkeys(place.how_to_get_there for place in service.public_places)]
