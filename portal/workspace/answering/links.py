"""The signed link of a letter: whose question it is, and for how long it answers. No views.

It opens one letter's questions and nothing else, expires, and each question takes one answer (directory.actions).
"""

from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.core import signing

from directory.models import Notice

_SALT = "workspace.answer"
_DAY = 24 * 60 * 60


class LinkState(StrEnum):
    """What became of a link."""

    OPEN = "open"
    EXPIRED = "expired"
    # Forged, cut off by a mail program, or of a person who is gone.
    UNKNOWN = "unknown"


class Link(NamedTuple):
    """A link as it was opened. notice: also of an expired one, so that a new link can be sent."""

    state: LinkState
    notice: Notice | None = None


def token_of(notice: Notice) -> str:
    """What the link carries; its time begins now."""
    return signing.dumps(notice.uuid.hex, salt=_SALT)


def open_link(token: str) -> Link:
    """What a link opens."""
    try:
        uuid = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return Link(LinkState.UNKNOWN)
    notice = Notice.objects.filter(uuid=uuid).select_related("user", "organisation", "campaign").first()
    if notice is None or (notice.user is not None and not notice.user.is_active):
        return Link(LinkState.UNKNOWN)
    try:
        signing.loads(token, salt=_SALT, max_age=settings.ANSWER_LINK_DAYS * _DAY)
    except signing.SignatureExpired:
        return Link(LinkState.EXPIRED, notice)
    return Link(LinkState.OPEN, notice)
