"""Letters about referrals: what they say, to whom, in which language, once; and what a letter that came back does."""

import datetime

import pytest
import time_machine
from django.utils import timezone, translation

from directory.choices import Role
from directory.models import Service
from portal.post import letters as post
from portal.post.bounces import Bounce, Kind
from portal.post.models import Letter
from referrals import actions, keeping, letters, links
from referrals.actors import PERSON
from referrals.choices import Act, LogEvent, State
from referrals.models import Enquiry, LogLine, Tally
from tests.factories import referrals as make
from tests.factories.directory import OrganisationFactory, member, translation_of

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 9, 7, 12, tzinfo=datetime.UTC)


def do(enquiry: Enquiry, what: Act, *, by=None, **values) -> Enquiry:
    now = Enquiry.objects.get(pk=enquiry.pk)
    return actions.act(now, what, by=by or make.organisation_of(now), version=now.version, **values)


def come_back(letter: Letter, kind: Kind = Kind.HARD) -> None:
    post.mark_bounced(Bounce(letter.message_id, kind), timezone.now())


def letters_to(address: str) -> list[Letter]:
    return list(Letter.objects.filter(to=address).order_by("pk"))


@pytest.fixture
def owner():
    return member(OrganisationFactory(names={"fi": "Järvilaakson kahvila"}), Role.OWNER, "omistaja@jarvilaakso.example")


@pytest.fixture
def listing(owner) -> Service:
    return make.listing(organisation=owner.memberships.get().organisation, title="Kahvila Kulmakunta")


# --- what they say ----------------------------------------------------------------------------------------------------
def test_no_letter_of_the_whole_way_tells_anything(listing: Service) -> None:
    said = ["Kysymyslause", "Vastauslause", "Paikkalause", "Hylkäyslause"]
    with time_machine.travel(MONDAY, tick=False):
        sent = make.sent(listing)
        enquiry = make.only_enquiry(sent.referral)
    for days in range(1, 12):
        keeping.run(MONDAY + datetime.timedelta(days=days))
    do(enquiry, Act.ASK, words=said[0])
    do(enquiry, Act.ANSWER, by=make.sender_of(sent.referral), words=said[1])
    do(enquiry, Act.SUGGEST, words=said[2], meeting_at=timezone.now() + datetime.timedelta(days=3))
    do(enquiry, Act.AGREE, by=PERSON)
    link = enquiry.links.first()
    letters.send_digits(link, links.new_digits_for(link, at=timezone.now()))
    letters.send_again(link, at=timezone.now())
    do(enquiry, Act.DECLINE, words=said[3], reason="other")
    queued = list(Letter.objects.all())
    assert {each.key.split(":")[0] for each in queued} == {"referral-link", "referral-news", "referral-code"}
    secrets = [make.ALIAS, make.PHONE, make.HOPE, sent.code, sent.referral.reference, *said]
    secrets += [enquiry.title, str(enquiry.organisation), str(sent.referral.team), str(sent.referral.team.organisation)]
    for letter in queued:
        for secret in secrets:
            assert secret not in f"{letter.subject} {letter.text} {letter.html}", letter.key


def test_the_letter_of_the_code_holds_the_digits_and_no_link(listing: Service) -> None:
    link = make.only_enquiry(make.sent(listing).referral).links.get()
    digits = links.new_digits_for(link, at=timezone.now())
    letters.send_digits(link, digits)
    letter = Letter.objects.get(key__startswith="referral-code")
    assert letter.to == link.address
    assert f"{digits[:3]} {digits[3:]}" in letter.text
    assert digits not in letter.subject.replace(" ", "")
    assert links.token_of(link) not in letter.text


def test_of_silence_the_sender_hears_that_there_is_no_answer(listing: Service) -> None:
    sent = make.sent(listing, at=MONDAY)
    for days in range(12):
        keeping.run(MONDAY + datetime.timedelta(days=days))
    do(make.only_enquiry(sent.referral), Act.ASK, words="Milloin?")
    silence, news = letters_to(sent.referral.keeper.email)
    assert silence.subject != news.subject
    assert str(sent.referral.uuid) in silence.text


# --- in which language ------------------------------------------------------------------------------------------------
def test_a_person_gets_letters_in_their_language_and_a_mailbox_in_the_listings(owner) -> None:
    owner.language = "sv"
    owner.save()
    organisation = owner.memberships.get().organisation
    box = [{"kind": "email", "value": "vastaanotto@jarvilaakso.example", "audience": "workers"}]
    finnish = make.listing(organisation=organisation, contact_ways=box)
    translation_of(finnish, "sv", referral=finnish.referral, contact_ways=box)
    swedish = make.listing(organisation=organisation, contact_ways=box, language="sv")
    to_owner = make.listing(organisation=organisation)
    with translation.override("en"):
        make.sent(finnish, swedish, to_owner)
    assert [each.language for each in letters_to("vastaanotto@jarvilaakso.example")] == ["fi", "sv"]
    assert [each.language for each in letters_to(owner.email)] == ["sv"]


def test_only_who_can_sign_in_is_told_of_it(owner) -> None:
    organisation = owner.memberships.get().organisation
    box = [{"kind": "email", "value": "vastaanotto@jarvilaakso.example", "audience": "workers"}]
    make.sent(make.listing(organisation=organisation, contact_ways=box), make.listing(organisation=organisation))
    with translation.override("fi"):
        hint = translation.gettext("If you sign in, you find the message there too, without a code.")
    assert hint in letters_to(owner.email)[0].text
    assert hint not in letters_to("vastaanotto@jarvilaakso.example")[0].text


# --- once -------------------------------------------------------------------------------------------------------------
def test_a_new_link_goes_once_a_day_and_only_while_something_is_open(listing: Service) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        enquiry = make.only_enquiry(make.sent(listing).referral)
        link = enquiry.links.get()
        for _press in range(3):
            letters.send_again(link, at=timezone.now())
        assert len(letters_to(link.address)) == 2
        clock.shift(datetime.timedelta(days=1))
        letters.send_again(link, at=timezone.now())
        assert len(letters_to(link.address)) == 3
        assert enquiry.links.count() == 3
        do(enquiry, Act.DECLINE, reason="other")
        clock.shift(datetime.timedelta(days=1))
        letters.send_again(Enquiry.objects.get(pk=enquiry.pk).links.last(), at=timezone.now())
    assert len(letters_to(link.address)) == 3


def test_each_wait_has_its_own_reminder(listing: Service) -> None:
    enquiry = make.only_enquiry(make.sent(listing, at=MONDAY).referral)
    address = enquiry.links.get().address

    def reminders() -> int:
        return sum(":nudge" in each.key for each in letters_to(address))

    keeping.run(MONDAY + datetime.timedelta(days=3))
    keeping.run(MONDAY + datetime.timedelta(days=3, hours=1))
    assert reminders() == 1
    do(enquiry, Act.ASK, words="Milloin?", at=MONDAY + datetime.timedelta(days=4))
    sender = make.sender_of(enquiry.referral)
    do(enquiry, Act.ANSWER, by=sender, words="Heti.", at=MONDAY + datetime.timedelta(days=7))
    keeping.run(MONDAY + datetime.timedelta(days=10))
    assert reminders() == 2


def test_who_has_left_the_organisation_gets_no_further_letter(listing: Service, owner) -> None:
    enquiry = make.only_enquiry(make.sent(listing, at=MONDAY).referral)
    owner.memberships.all().delete()
    keeping.run(MONDAY + datetime.timedelta(days=3))
    assert len(letters_to(owner.email)) == 1
    assert letters.recipients_of(enquiry) == []


# --- back -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", Kind)
def test_when_the_only_letter_comes_back_the_sender_need_not_wait(listing: Service, kind: Kind) -> None:
    sent = make.sent(listing)
    enquiry = make.only_enquiry(sent.referral)
    come_back(Letter.objects.get(key__startswith=f"referral-link:{enquiry.uuid}"), kind)
    enquiry.refresh_from_db()
    assert enquiry.is_silent
    assert len(letters_to(sent.referral.keeper.email)) == 1
    assert Tally.objects.get().was_silent
    assert LogLine.objects.filter(event=LogEvent.SILENCE).count() == 1
    # Nobody is reminded in vain, and the sender hears it once.
    keeping.run(timezone.now() + datetime.timedelta(days=14))
    assert len(letters_to(sent.referral.keeper.email)) == 1
    assert do(enquiry, Act.ACCEPT).state == State.ACCEPTED


def test_while_another_address_is_left_it_is_waited_for(owner) -> None:
    organisation = owner.memberships.get().organisation
    second = member(organisation, Role.OWNER, "toinen@jarvilaakso.example")
    sent = make.sent(make.listing(organisation=organisation))
    enquiry = make.only_enquiry(sent.referral)
    come_back(letters_to(owner.email)[0])
    enquiry.refresh_from_db()
    assert not enquiry.is_silent
    come_back(letters_to(second.email)[0])
    enquiry.refresh_from_db()
    assert enquiry.is_silent


def test_what_comes_back_after_an_answer_changes_nothing(listing: Service) -> None:
    sent = make.sent(listing)
    enquiry = make.only_enquiry(sent.referral)
    do(enquiry, Act.ACCEPT)
    before = len(letters_to(sent.referral.keeper.email))
    come_back(Letter.objects.get(key__startswith="referral-link"))
    enquiry.refresh_from_db()
    assert enquiry.silence_told_at is None
    assert len(letters_to(sent.referral.keeper.email)) == before


def test_a_code_or_another_rooms_letter_that_comes_back_is_nothing_to_referrals(listing: Service) -> None:
    enquiry = make.only_enquiry(make.sent(listing).referral)
    link = enquiry.links.get()
    letters.send_digits(link, links.new_digits_for(link, at=timezone.now()))
    come_back(Letter.objects.get(key__startswith="referral-code"), Kind.SOFT)
    enquiry.refresh_from_db()
    assert enquiry.silence_told_at is None
