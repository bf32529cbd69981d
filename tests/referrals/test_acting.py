"""The loop of a referral through its actions: sending, answering, withdrawing, and who may do what when."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from directory.choices import Capacity
from directory.choices import Referral as ReferralUse
from directory.models import Service
from portal.post.models import Letter
from referrals import actions, audit
from referrals.actors import PERSON
from referrals.choices import Act, DeclineReason, State
from referrals.models import Enquiry, Person, Tally
from referrals.states import NotNowError
from referrals.switch import NotInUseError
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db


def do(enquiry: Enquiry, what: Act, *, by=None, **values) -> Enquiry:
    """One act on the newest version."""
    now = Enquiry.objects.get(pk=enquiry.pk)
    return actions.act(now, what, by=by or make.organisation_of(now), version=now.version, **values)


def test_nothing_is_sent_before_referrals_are_switched_on() -> None:
    team = make.team()
    with pytest.raises(NotInUseError):
        actions.send(make.draft(make.listing()), team=team, by=make.lead_of(team))
    assert not Person.objects.exists()


def test_from_sending_to_going_on() -> None:
    sent = make.sent()
    enquiry = make.only_enquiry(sent.referral)
    assert sent.referral.person.details.hope == make.HOPE
    for what, state in (
        (Act.ACCEPT, State.ACCEPTED),
        (Act.TELL_CAME, State.ARRIVED),
        (Act.TELL_WENT_ON, State.CONTINUES),
        (Act.CLOSE, State.CLOSED),
    ):
        assert do(enquiry, what).state == state
    sent.referral.refresh_from_db()
    assert sent.referral.closed_at is not None
    tally = Tally.objects.get()
    assert (tally.was_accepted, tally.has_arrived, tally.went_on, tally.reply_days) == (True, True, True, 0)
    assert audit.verify().is_whole


def test_stage_two_sends_nothing() -> None:
    with pytest.raises(ValidationError):
        make.sent(stage="2")
    assert not Person.objects.exists()


def test_a_listing_without_referrals_cannot_be_asked() -> None:
    with pytest.raises(actions.CannotBeAskedError):
        make.sent(make.listing(referral=ReferralUse.NOT_USED))


def test_somebody_of_no_team_sends_nothing() -> None:
    make.switch_on()
    with pytest.raises(PermissionDenied):
        actions.send(make.draft(make.listing()), team=make.team(), by=make.worker())


def test_full_is_told_on_the_listing() -> None:
    enquiry = make.only_enquiry(make.sent().referral)
    do(enquiry, Act.SAY_FULL)
    assert Service.objects.get(translation_key=enquiry.service_key).current_capacity == Capacity.FULL


def test_who_acts_on_an_old_page_is_told() -> None:
    enquiry = make.only_enquiry(make.sent().referral)
    do(enquiry, Act.ASK, words="Sopiiko iltapäivä?")
    with pytest.raises(actions.ChangedMeanwhileError):
        actions.act(enquiry, Act.ACCEPT, by=make.organisation_of(enquiry), version=enquiry.version)


def test_the_other_sides_acts_are_refused() -> None:
    enquiry = make.only_enquiry(make.sent().referral)
    with pytest.raises(actions.NotAllowedError):
        do(enquiry, Act.ACCEPT, by=PERSON)
    with pytest.raises(NotNowError):
        do(enquiry, Act.TELL_CAME)


def test_withdrawing_ends_every_enquiry() -> None:
    sent = make.sent(make.listing(), make.listing())
    first, _second = sent.referral.enquiries.all()
    do(first, Act.DECLINE, reason=DeclineReason.OTHER)
    actions.withdraw_consent(sent.referral, by=PERSON)
    assert [each.state for each in sent.referral.enquiries.all()] == [State.DECLINED, State.WITHDRAWN]
    sent.referral.refresh_from_db()
    assert sent.referral.withdrawn_at == sent.referral.closed_at


def test_no_letter_tells_anything_of_the_person_or_the_listing() -> None:
    sent = make.sent()
    enquiry = make.only_enquiry(sent.referral)
    do(enquiry, Act.ASK, words="Mikä aika sopisi?")
    letters = list(Letter.objects.all())
    assert len(letters) == 2
    for letter in letters:
        words = f"{letter.subject} {letter.text} {letter.html}"
        for secret in (make.ALIAS, make.PHONE, make.HOPE, enquiry.title, sent.code, "Mikä aika"):
            assert secret not in words


def test_the_persons_own_referral() -> None:
    sent = make.own_sent()
    enquiry = make.only_enquiry(sent.referral)
    do(enquiry, Act.ASK, words="Mikä aika sopisi?")
    assert do(enquiry, Act.ANSWER, by=PERSON, words="Aamu").state == State.SENT
