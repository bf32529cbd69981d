"""What of the cards' room goes out of date: contacts and laws due for a check, picked listings that have gone off.

Contacts and laws age by the same rules as listings (directory.freshness), with periods of their own ("contact", "law").
Reads, but for `confirm`, which is the only way to say that a person has checked a record.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from cards.models import HelpContact, LawReference
from directory.freshness import Freshness
from directory.models import Service
from directory.periods import periods_of
from portal.accounts.models import User

Record = HelpContact | LawReference


# --- Contacts and laws -----------------------------------------------------------------------------------------------
def due_on(record: Record) -> datetime.date:
    """The day a record is due for a check: a period after the last check, or at once when nobody has checked it yet."""
    if record.checked_on is None or record.needs_check:
        return datetime.date.min
    return record.checked_on + datetime.timedelta(days=_period(type(record)))


def due(model: type[HelpContact] | type[LawReference], day: datetime.date) -> QuerySet:
    """The published records due for a check on a day, the longest waiting first."""
    before = day - datetime.timedelta(days=_period(model))
    waiting = model.objects.filter(live=True).exclude(needs_check=False, checked_on__gt=before)
    return waiting.order_by("checked_on", "pk")


def _period(model: type[HelpContact] | type[LawReference]) -> int:
    return periods_of("contact" if model is HelpContact else "law").due


@transaction.atomic
def confirm(record: Record, *, by: User, on: datetime.date) -> None:
    """A person says that the record is right: dates it, in what is published and in the draft that waits."""
    row = type(record).objects.select_for_update().get(pk=record.pk)
    row.checked_on, row.checked_by, row.needs_check = on, by, False
    row.save(update_fields=["checked_on", "checked_by", "needs_check", "updated_at"])
    if row.latest_revision is not None:
        content = row.latest_revision.content
        content.update(checked_on=on.isoformat(), checked_by=by.pk, needs_check=False)
        Revision.objects.filter(pk=row.latest_revision_id).update(content=content)
    log(row, "cards.confirm", user=by)


# --- Picked listings -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PinTrouble:
    """A picked listing that has gone off. title: of the listing, "" when it is gone; url: of its page in the admin."""

    title: str
    words: str
    url: str = ""


def pin_troubles(page: Page) -> Iterator[PinTrouble]:
    """What is wrong with the listings picked on a page."""
    rows = [
        row["service"]
        for block in getattr(page, "body", None) or []
        if block.block_type == "pinned_listings"
        for row in block.value["listings"]
    ]
    services = [row for row in rows if row is not None]
    public = {row.pk: row for row in Service.objects.public().filter(pk__in=[row.pk for row in services])}
    if len(services) < len(rows):
        yield PinTrouble("", _("A picked listing has been removed from the directory."))
    for service in services:
        url = reverse(Service.snippet_viewset.get_url_name("edit"), args=[service.pk])
        if service.pk not in public:
            yield PinTrouble(service.title, _("The picked listing is not public any more: readers do not see it."), url)
        elif service.freshness() in (Freshness.OVERDUE, Freshness.STALE):
            yield PinTrouble(service.title, _("Nobody has checked the picked listing for a long time."), url)
