"""Keeps the tallies in step with the enquiries: the only writer of Tally. What is told of them: referrals.figures."""

import datetime

from django.utils import timezone

from directory.models import Service
from referrals.choices import Act, State
from referrals.models import Enquiry, Tally
from referrals.states import ANSWERS
from referrals.working_days import working_days_between


def begin_tally(enquiry: Enquiry, service: Service) -> Tally:
    """Count a new enquiry."""
    referral = enquiry.referral
    return Tally.objects.create(
        enquiry=enquiry,
        month=timezone.localdate(referral.sent_at).replace(day=1),
        purpose=referral.purpose,
        origin=referral.origin,
        stage=referral.stage,
        county=service.organisation.county_id or "",
        organisation=service.organisation,
        service_key=enquiry.service_key,
        topics=sorted(service.topics.values_list("code", flat=True)),
        state=enquiry.state,
    )


def count_act(enquiry: Enquiry, act: Act) -> None:
    """Bring the tally up to what was just done."""
    tally = Tally.objects.filter(enquiry=enquiry).first()
    if tally is None:
        return
    tally.state = enquiry.state
    tally.decline_reason = enquiry.decline_reason
    if act in ANSWERS and tally.reply_days is None and enquiry.first_answer_at:
        tally.reply_days = working_days_between(_day(enquiry.referral.sent_at), _day(enquiry.first_answer_at))
    tally.was_accepted |= enquiry.state == State.ACCEPTED
    tally.has_arrived |= act is Act.TELL_CAME
    tally.went_on |= act is Act.TELL_WENT_ON
    tally.save()


def count_silence(enquiry: Enquiry) -> None:
    """The organisation did not answer in time, even if it does later."""
    Tally.objects.filter(enquiry=enquiry).update(was_silent=True)


def count_rating(enquiry: Enquiry) -> None:
    """The person told how it was."""
    Tally.objects.filter(enquiry=enquiry).update(was_good=enquiry.was_good)


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment)
