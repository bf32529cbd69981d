"""Writes about partnership: how far an area has come with an item of the checklist."""

import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from directory.models import County, PartnershipAnswer, PartnershipItem
from directory.models.partnership import NOTE_LENGTH
from directory.permissions import Action, may_in_county

if TYPE_CHECKING:
    from portal.accounts.models import User


class AnsweredMeanwhileError(Exception):
    """Somebody else has answered since the page was opened. current: what stands now; nothing was written."""

    def __init__(self, current: PartnershipAnswer) -> None:
        super().__init__(f"version {current.version} stands")
        self.current = current


@transaction.atomic
def answer_partnership(
    county: County,
    item: PartnershipItem,
    *,
    state: str,
    note: str = "",
    by: "User",
    version: int,
    at: datetime.datetime | None = None,
) -> PartnershipAnswer:
    """Say how far an area has come with an item. version: of the answer that the person saw; 0: none.

    Saying what stands already changes nothing. Raises PermissionDenied, ValidationError (unknown state, too long a
    note), AnsweredMeanwhileError when another answer than the seen one stands.
    """
    if not may_in_county(by, Action.KEEP_PARTNERSHIP, county.pk):
        raise PermissionDenied("not this person's area")
    new = PartnershipAnswer(
        county=county, item=item, state=state, note=note.strip(), changed_at=at or timezone.now(), changed_by=by
    )
    new.clean_fields()
    if len(new.note) > NOTE_LENGTH:
        raise ValidationError({"note": "too long"})
    rows = PartnershipAnswer.objects.of_county(county.pk).filter(item=item)
    former = rows.first()
    if former is not None and (former.state, former.note) == (new.state, new.note):
        return former
    if former is None:
        is_written = _begin(new)
    else:
        new.version = version + 1
        changed = {name: getattr(new, name) for name in ("state", "note", "version", "changed_at", "changed_by")}
        # One statement: of two people with the same version in hand, the second finds no row.
        is_written = bool(rows.order_by().filter(version=version).update(**changed))
    if not is_written:
        raise AnsweredMeanwhileError(rows.get())
    data = {
        "item": item.key,
        "from": [former.state, former.note] if former else None,
        "to": [new.state, new.note],
        "version": new.version,
    }
    log(instance=county, action="directory.partnership", user=by, data=data)
    return rows.get()


def _begin(answer: PartnershipAnswer) -> bool:
    """Write the first answer; False when somebody was quicker."""
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
    except IntegrityError:
        return False
    return True
