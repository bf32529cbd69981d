"""How soon organisations usually answer, for pages. Reads only; what is not told is not in the answer."""

from collections.abc import Iterable
from uuid import UUID

from directory.models import ReplyTime


def usual_reply_days(keys: Iterable[UUID]) -> dict[UUID, int]:
    """Working days in which the services of these UUIDs usually answer, of those for which it is told. One query."""
    return dict(ReplyTime.objects.filter(key__in=list(keys)).values_list("key", "working_days"))
