"""Links that open an enquiry without an account: signed, expiring, good for one opening, and only with a mailed code.

Two steps, both by POST: ask for the code, type it. A program that opens every link of a mail changes nothing. The
token travels in the query string, which no log of ours keeps (portal.base.logging).
"""

import datetime
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare

from directory.keepers import Recipient
from referrals.codes import hash_of, new_digits
from referrals.models import Enquiry, Link
from referrals.permissions import enquiries_for
from referrals.receiving import is_mailbox_of

_SALT = "referrals.link"
_CODE_SALT = "referrals.link.code"
DIGITS = 6
CODE_MINUTES = 15
MOST_CODES = 5
MOST_TRIES = 5


class LinkState(StrEnum):
    """What became of a link."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    # Forged, cut off by a mail program, or of an enquiry that is gone.
    UNKNOWN = "unknown"


class Opened(NamedTuple):
    """A link as it was opened. link: also of a used or expired one, so that a new one can be sent."""

    state: LinkState
    link: Link | None = None


class CodeState(StrEnum):
    """What became of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong"
    # Too old, or typed wrong too often: a new one has to be sent.
    OVER = "over"


def make_link(enquiry: Enquiry, recipient: Recipient, *, at: datetime.datetime) -> Link:
    """A new link of an enquiry to one address."""
    return Link.objects.create(
        enquiry=enquiry,
        address=recipient.address,
        user_id=recipient.user,
        made_at=at,
        expires_at=at + datetime.timedelta(days=settings.REFERRAL_LINK_DAYS),
    )


def token_of(link: Link) -> str:
    """What the address carries."""
    return signing.dumps(link.uuid.hex, salt=_SALT)


def open_link(token: str, *, at: datetime.datetime) -> Opened:
    """What a token opens; changes nothing."""
    try:
        uuid = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return Opened(LinkState.UNKNOWN)
    link = Link.objects.filter(uuid=uuid).select_related("enquiry__referral", "enquiry__organisation", "user").first()
    if link is None or not may_use(link):
        return Opened(LinkState.UNKNOWN)
    if link.used_at is not None:
        return Opened(LinkState.USED, link)
    if link.expires_at <= at:
        return Opened(LinkState.EXPIRED, link)
    return Opened(LinkState.OPEN, link)


def may_use(link: Link) -> bool:
    """Whether the one it was sent to may still answer: a mailbox that is the organisation's to this day, or a person
    who answers for the listing."""
    if link.user is None:
        return is_mailbox_of(link.address, link.enquiry)
    return enquiries_for(link.user).filter(pk=link.enquiry_id).exists()


def new_digits_for(link: Link, *, at: datetime.datetime) -> str | None:
    """Six new digits for a link; the earlier ones hold no more. None when too many were asked for already.

    `link.codes_sent` then tells which ones these are: of two who ask at once, each has a number.
    """
    digits = new_digits()
    with transaction.atomic():
        locked = Link.objects.select_for_update().get(pk=link.pk)
        if locked.used_at is not None or locked.codes_sent >= MOST_CODES:
            return None
        locked.code_hash, locked.code_sent_at, locked.code_tries = _hash(locked, digits), at, 0
        locked.codes_sent += 1
        locked.save(update_fields=["code_hash", "code_sent_at", "code_tries", "codes_sent"])
    link.code_sent_at, link.codes_sent = locked.code_sent_at, locked.codes_sent
    return digits


def awaits_digits(link: Link, *, at: datetime.datetime) -> bool:
    """Whether digits were sent that can still be typed."""
    is_young = link.code_sent_at is not None and link.code_sent_at >= at - datetime.timedelta(minutes=CODE_MINUTES)
    return is_young and link.used_at is None and link.expires_at > at and link.code_tries < MOST_TRIES


def masked(address: str) -> str:
    """An address that its owner knows again and nobody else learns: t•••@example.org."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}"


def prove(link: Link, digits: str, *, at: datetime.datetime) -> CodeState:
    """Try the digits. Right ones use the link up: of two who type at once, one comes in."""
    with transaction.atomic():
        locked = Link.objects.select_for_update().get(pk=link.pk)
        if not awaits_digits(locked, at=at):
            return CodeState.OVER
        locked.code_tries += 1
        is_right = constant_time_compare(locked.code_hash, _hash(locked, "".join(digits.split())))
        if is_right:
            locked.used_at, locked.code_hash = at, ""
        locked.save(update_fields=["code_tries", "used_at", "code_hash"])
        return CodeState.RIGHT if is_right else CodeState.WRONG


def _hash(link: Link, digits: str) -> str:
    return hash_of(f"{link.uuid.hex}:{digits}", _CODE_SALT)
