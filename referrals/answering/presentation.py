"""What the organisation's pages show: an enquiry with the acts that can be done now, and the inbox. Plain values.

Whatever is known about the person comes in as an Opening (referrals.reading), which has been written into the log.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from directory.models import Service
from referrals.access import Door
from referrals.answering.forms import ActForm, form_for
from referrals.choices import Act, Party, Purpose, State
from referrals.models import Enquiry, Message
from referrals.permissions import enquiries_for
from referrals.reading import Opening
from referrals.secrecy import has_secret_place
from referrals.states import FINAL, OPEN, acts_for
from referrals.working_days import working_days_between

PER_PAGE = 20
# What came to its end is in the inbox for so long.
RECENT_DAYS = 30
MOST_RECENT = 20
# The acts that one press does; the others open a form first.
_PRESSED = (Act.TELL_CAME, Act.TELL_NOT_COME, Act.TELL_WENT_ON)


# --- One enquiry ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Choice:
    """An act that can be done now. is_first: what the page is for. is_open: its form is to be seen at once."""

    act: Act
    form: ActForm
    is_first: bool
    is_open: bool

    @property
    def is_press(self) -> bool:
        """Whether one press does it."""
        return self.act in _PRESSED


@dataclass(frozen=True)
class Said:
    """Words of an act, as they were written. is_ours: the organisation's own."""

    text: str
    at: datetime.datetime
    is_ours: bool


@sensitive_variables()
def enquiry_context(
    enquiry: Enquiry, door: Door, opening: Opening, *, now: datetime.datetime, pressed: ActForm | None = None
) -> dict[str, Any]:
    """An enquiry as its page shows it. pressed: the form that was sent and comes back."""
    referral = enquiry.referral
    is_shown = opening.details is not None
    is_secret = is_shown and has_secret_place(enquiry.service_key)
    listing = Service.objects.public(now).of_keys([enquiry.service_key]).first() if is_shown else None
    return {
        "enquiry": enquiry,
        "referral": referral,
        "details": opening.details,
        "cannot_open": opening.cannot_open,
        "is_joint_meeting": referral.purpose == Purpose.JOINT_MEETING,
        "worker": referral.keeper.get_full_name() if is_shown and referral.keeper else "",
        "listing_url": listing.get_absolute_url() if listing else "",
        "others": referral.enquiries.count() - 1,
        "has_secret_place": is_secret,
        "meeting_is_ahead": _has_time(enquiry, now),
        "said": _said(enquiry) if is_shown else [],
        "choices": _choices(enquiry, door, pressed, now=now, is_secret=is_secret) if is_shown else [],
    }


def form_of(enquiry: Enquiry, act: Act, *, now: datetime.datetime, data: Any = None) -> ActForm:
    """The form of an act on this very enquiry."""
    is_secret = has_secret_place(enquiry.service_key)
    return form_for(act, data, has_time=_has_time(enquiry, now), is_secret=is_secret)


def _choices(
    enquiry: Enquiry, door: Door, pressed: ActForm | None, *, now: datetime.datetime, is_secret: bool
) -> list[Choice]:
    has_time, choices = _has_time(enquiry, now), []
    for act in acts_for(State(enquiry.state), door.actor.parties(is_own=enquiry.referral.is_own)):
        is_pressed = pressed is not None and pressed.what is act
        form = pressed if is_pressed else form_for(act, has_time=has_time, is_secret=is_secret)
        is_first = act is Act.ACCEPT and enquiry.state == State.SENT
        choices.append(Choice(act, form, is_first, is_pressed))
    return choices


def _has_time(enquiry: Enquiry, now: datetime.datetime) -> bool:
    """Whether a meeting is suggested or agreed that is still to come."""
    return enquiry.meeting_at is not None and enquiry.meeting_at > now


@sensitive_variables()
def _said(enquiry: Enquiry) -> list[Said]:
    messages = Message.objects.filter(enquiry=enquiry)
    return [Said(each.text, each.at, is_ours=each.party == Party.ORGANISATION) for each in messages]


# --- The inbox --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """An enquiry in a list: nothing about the person. age: working days that the sender has waited for an answer."""

    enquiry: Enquiry
    age: int
    is_late: bool
    asks_how_it_went: bool


def inbox_context(user: Any, page: Any, now: datetime.datetime) -> dict[str, Any]:
    """What waits for an answer, the oldest first; what is under way; what ended a while ago: five queries at most."""
    received = enquiries_for(user).select_related("referral", "organisation")
    since = now - datetime.timedelta(days=RECENT_DAYS)
    waiting = received.filter(state=State.SENT).order_by("waits_since", "pk")
    under_way = received.filter(state__in=OPEN - {State.SENT}).order_by("-changed_at", "-pk")
    ended = received.filter(state__in=FINAL, changed_at__gte=since).order_by("-changed_at", "-pk")[:MOST_RECENT]
    shown = Paginator(under_way, PER_PAGE).get_page(page)
    return {
        "waiting": [_row(each, now) for each in waiting],
        "under_way": sorted((_row(each, now) for each in shown), key=lambda row: not row.asks_how_it_went),
        "page": shown,
        "ended": [_row(each, now) for each in ended],
    }


def _row(enquiry: Enquiry, now: datetime.datetime) -> Row:
    is_waiting = enquiry.state == State.SENT
    age = working_days_between(timezone.localdate(enquiry.waits_since), timezone.localdate(now)) if is_waiting else 0
    return Row(
        enquiry,
        age,
        is_late=is_waiting and age >= settings.REFERRAL_PERIODS["nudge"],
        asks_how_it_went=enquiry.state == State.ACCEPTED and not _has_time(enquiry, now),
    )
