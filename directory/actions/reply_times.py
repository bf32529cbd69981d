"""Writes about usual reply times: what is told, and what is told no longer."""

import datetime
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from directory.models import ReplyTime


@transaction.atomic
def set_reply_times(working_days: Mapping[UUID, int], *, on: datetime.date) -> None:
    """Tell these usual reply times, by the services' UUIDs, and no others: what was told of the rest is taken away."""
    ReplyTime.objects.exclude(key__in=working_days).delete()
    known = dict(ReplyTime.objects.values_list("key", "working_days"))
    changed = {key: days for key, days in working_days.items() if known.get(key) != days}
    ReplyTime.objects.bulk_create(
        [ReplyTime(key=key, working_days=days, counted_on=on) for key, days in changed.items()],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["working_days", "counted_on"],
    )
