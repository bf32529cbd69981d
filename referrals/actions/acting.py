"""Moving an enquiry: whoever acts, the one way. The table of what can be done is referrals.states."""

import datetime
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from directory.actions import note_full
from directory.models import Service
from referrals import audit, counting, letters
from referrals.actions.sending import fault_of_time, settle, write_message
from referrals.actors import Actor
from referrals.choices import Act, DeclineReason, Party, State
from referrals.locking import lock_enquiry, lock_referral
from referrals.models import Enquiry, Referral
from referrals.noticing import refused_words
from referrals.secrecy import gives_away
from referrals.states import ANSWERS, MAY, after

# Acts that are nothing without words.
_NEEDS_WORDS = frozenset({Act.ASK, Act.ANSWER})
_NEEDS_TIME = frozenset({Act.SUGGEST})
# What the other side needs no letter of.
_QUIET = frozenset({Act.TELL_CAME, Act.TELL_NOT_COME, Act.TELL_WENT_ON, Act.CLOSE, Act.LAPSE})
FULL_DAYS = 30


class ChangedMeanwhileError(Exception):
    """Somebody else acted since the page was shown; nothing was changed. enquiry: as it is now."""

    def __init__(self, enquiry: Enquiry) -> None:
        super().__init__("changed meanwhile")
        self.enquiry = enquiry


class NotAllowedError(Exception):
    """This party may not do this."""


@sensitive_variables()
@transaction.atomic
def act(
    enquiry: Enquiry,
    what: Act,
    *,
    by: Actor,
    version: int | None = None,
    words: str = "",
    reason: str = "",
    meeting_at: datetime.datetime | None = None,
    full_until: datetime.date | None = None,
    at: datetime.datetime | None = None,
) -> Enquiry:
    """Do one thing to one enquiry. version: of the page that was shown; None only for the site itself.

    words: a question, an answer, a place of meeting, a reason in one's own words; kept sealed. reason: of DECLINE.
    full_until: of SAY_FULL; the listing says so until that day. Raises NotAllowedError, NotNowError,
    ChangedMeanwhileError, ValidationError, and Referral.DoesNotExist when it was removed; nothing is changed then.
    """
    now = at or timezone.now()
    locked = lock_enquiry(enquiry)
    if not MAY[what] & by.parties(is_own=locked.referral.is_own):
        raise NotAllowedError
    if version is not None and version != locked.version:
        raise ChangedMeanwhileError(locked)
    state = after(State(locked.state), what)
    _check(what, words=words, reason=reason, meeting_at=meeting_at, now=now)
    if by.party is Party.ORGANISATION and gives_away(words, locked.service_key):
        raise ValidationError({"words": _("This place is kept secret. Tell the address by phone, not here.")})
    if what is Act.WITHDRAW:
        withdraw_consent(locked.referral, by=by, at=now)
        return Enquiry.objects.get(pk=locked.pk)
    if what is Act.SAY_FULL:
        # Before the log, for which everybody waits.
        _say_full(locked, by, full_until or timezone.localdate(now) + datetime.timedelta(days=FULL_DAYS))
    _move(locked, what, state, by, now, words=words, reason=reason, meeting_at=meeting_at)
    settle(locked.referral, at=now)
    return locked


@transaction.atomic
def withdraw_consent(referral: Referral, *, by: Actor, at: datetime.datetime | None = None) -> Referral:
    """End every enquiry of a referral: the person does not want it any more. What is known of them is shown to nobody
    from now on, and removed soon (referrals.retention). Again: nothing happens. Raises NotAllowedError."""
    now = at or timezone.now()
    locked = lock_referral(referral)
    if not MAY[Act.WITHDRAW] & by.parties(is_own=locked.is_own):
        raise NotAllowedError
    if locked.withdrawn_at is not None:
        return locked
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    audit.append(Act.WITHDRAW, locked, by, at=now)
    for enquiry in locked.enquiries.open().order_by("pk"):
        enquiry.referral = locked
        _move(enquiry, Act.WITHDRAW, State.WITHDRAWN, by, now)
    settle(locked, at=now)
    return locked


@sensitive_variables()
def _check(what: Act, *, words: str, reason: str, meeting_at: datetime.datetime | None, now: datetime.datetime) -> None:
    if what in _NEEDS_WORDS and not words.strip():
        raise ValidationError({"words": _("Write what you want to say.")})
    if what in _NEEDS_TIME and meeting_at is None:
        raise ValidationError({"meeting_at": _("Tell the day and the time.")})
    if fault := fault_of_time(meeting_at, now):
        raise ValidationError({"meeting_at": fault})
    if what is Act.DECLINE and reason not in DeclineReason.values:
        raise ValidationError({"reason": _("Choose a reason: it helps the person and the worker to go on.")})
    if refused_words(words):
        raise ValidationError({"words": _("The text holds something that must not be sent. Take it out.")})


@sensitive_variables()
def _move(
    enquiry: Enquiry,
    what: Act,
    state: State,
    by: Actor,
    now: datetime.datetime,
    *,
    words: str = "",
    reason: str = "",
    meeting_at: datetime.datetime | None = None,
) -> None:
    waited_since = enquiry.waits_since
    enquiry.state = state
    enquiry.version += 1
    enquiry.changed_at = enquiry.waits_since = now
    enquiry.nudged_at = enquiry.silence_told_at = None
    if what in ANSWERS and enquiry.first_answer_at is None:
        enquiry.first_answer_at = now
    if what in (Act.ACCEPT, Act.SUGGEST):
        enquiry.meeting_at = meeting_at or (enquiry.meeting_at if what is Act.ACCEPT else None)
    if what is Act.REFUSE_TIME:
        enquiry.meeting_at = None
    enquiry.decline_reason = reason if what is Act.DECLINE else ""
    enquiry.save()
    write_message(enquiry, act=what, party=by.party, text=words, at=now)
    counting.count_act(enquiry, what, waited_since=waited_since)
    if what not in _QUIET:
        letters.tell_of_act(enquiry, what, by.party)
    audit.append(what, enquiry.referral, by, at=now, enquiry=enquiry)


def _say_full(enquiry: Enquiry, by: Actor, until: datetime.date) -> None:
    for row in Service.objects.of_keys([enquiry.service_key]).filter(live=True):
        # A listing that its keepers have to mend first stays as it is: the answer counts all the same.
        with suppress(ValidationError), transaction.atomic():
            note_full(row, until=until, by=by.user)
