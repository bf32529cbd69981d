"""Keeps the tallies in step with the enquiries: the only writer of Tally. What is told of them: referrals.figures."""

import datetime

from django.utils import timezone

from directory.models import Service
from referrals.choices import Act, State
from referrals.models import Enquiry, Referral, Tally
from referrals.states import ANSWERS, OPEN
from referrals.working_days import working_days_between


def begin_tally(enquiry: Enquiry, service: Service) -> Tally:
    """Count a new enquiry, of the month in which it is sent: its referral may be older."""
    referral = enquiry.referral
    asked = referral.enquiries.count()
    Tally.objects.filter(enquiry__referral=referral).update(asked_with=asked)
    return Tally.objects.create(
        enquiry=enquiry,
        month=_day(enquiry.waits_since).replace(day=1),
        purpose=referral.purpose,
        origin=referral.origin,
        stage=referral.stage,
        county=service.organisation.county_id or "",
        organisation=service.organisation,
        service_key=enquiry.service_key,
        topics=sorted(service.topics.values_list("code", flat=True)),
        asked_with=asked,
        state=enquiry.state,
    )


def count_act(enquiry: Enquiry, act: Act, *, waited_since: datetime.datetime) -> None:
    """Bring the tally up to what was just done. waited_since: since when it had been the actor's turn."""
    tally = Tally.objects.filter(enquiry=enquiry).first()
    if tally is None:
        return
    tally.state = enquiry.state
    tally.decline_reason = enquiry.decline_reason
    if act in ANSWERS and tally.reply_days is None and enquiry.first_answer_at:
        # Until the first answer it has waited for nobody else; the referral itself may be older.
        tally.reply_days = working_days_between(_day(waited_since), _day(enquiry.first_answer_at))
    tally.was_accepted |= enquiry.state == State.ACCEPTED
    # Silence may not have been told before it lapses: while the daily run stood still, nobody was called silent.
    tally.was_silent |= enquiry.state == State.UNANSWERED
    tally.has_arrived |= act is Act.TELL_CAME
    tally.went_on |= act is Act.TELL_WENT_ON
    tally.save()


def count_silence(enquiry: Enquiry) -> None:
    """The organisation did not answer in time, even if it does later."""
    Tally.objects.filter(enquiry=enquiry).update(was_silent=True)


def count_rating(enquiry: Enquiry) -> None:
    """The person told how it was."""
    Tally.objects.filter(enquiry=enquiry).update(was_good=enquiry.was_good)


def count_removal(referral: Referral) -> None:
    """What is erased while it is open ends here, as if it were withdrawn; no tally waits for ever."""
    Tally.objects.filter(enquiry__referral=referral, state__in=OPEN).update(state=State.WITHDRAWN)


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment)
