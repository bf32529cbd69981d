"""Links of letters: signed, expiring, good for one opening, and only with the digits that were mailed."""

import datetime

import pytest
from django.utils import timezone

from directory.choices import Role
from directory.models import Membership
from portal.accounts.models import User
from referrals import links
from referrals.choices import Act
from referrals.links import CodeState, LinkState
from referrals.models import Link
from tests.factories import referrals as make
from tests.factories.directory import OrganisationFactory, member

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def link() -> Link:
    """The link of a letter that has just been sent."""
    return make.only_enquiry(make.sent(at=NOW).referral).links.get()


def digits_of(link: Link, at: datetime.datetime = NOW) -> str:
    digits = links.new_digits_for(link, at=at)
    assert digits is not None
    return digits


def other_than(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def state_of(link: Link, at: datetime.datetime = NOW) -> LinkState:
    return links.open_link(links.token_of(link), at=at).state


def test_the_digits_open_it_once(link: Link) -> None:
    digits = digits_of(link)
    assert links.prove(link, digits, at=NOW) is CodeState.RIGHT
    assert links.prove(link, digits, at=NOW) is CodeState.OVER
    assert state_of(link) is LinkState.USED


def test_digits_are_taken_as_they_are_written_in_the_letter(link: Link) -> None:
    digits = digits_of(link)
    assert links.prove(link, f"{digits[:3]} {digits[3:]}", at=NOW) is CodeState.RIGHT


def test_without_digits_that_were_sent_nothing_opens_it(link: Link) -> None:
    for guess in ("", "000000"):
        assert links.prove(link, guess, at=NOW) is CodeState.OVER


def test_after_five_wrong_tries_the_right_digits_are_too_late(link: Link) -> None:
    digits = digits_of(link)
    for _try in range(links.MOST_TRIES):
        assert links.prove(link, other_than(digits), at=NOW) is CodeState.WRONG
    assert links.prove(link, digits, at=NOW) is CodeState.OVER
    assert links.prove(link, digits_of(link), at=NOW) is CodeState.RIGHT


def test_old_digits_open_nothing(link: Link) -> None:
    digits = digits_of(link)
    late = NOW + datetime.timedelta(minutes=links.CODE_MINUTES, seconds=1)
    assert links.prove(link, digits, at=late) is CodeState.OVER


def test_new_digits_make_the_earlier_ones_useless(link: Link) -> None:
    first = digits_of(link)
    while digits_of(link) == first:
        pass
    assert links.prove(link, first, at=NOW) is CodeState.WRONG


def test_there_is_an_end_to_asking_for_digits(link: Link) -> None:
    numbers = []
    for _time in range(links.MOST_CODES):
        digits_of(link)
        numbers.append(link.codes_sent)
    assert numbers == sorted(set(numbers))
    assert links.new_digits_for(link, at=NOW) is None


def test_digits_of_one_link_do_not_open_another() -> None:
    one = make.only_enquiry(make.sent(at=NOW).referral).links.get()
    other = make.only_enquiry(make.sent(at=NOW, to_team=one.enquiry.referral.team).referral).links.get()
    digits = digits_of(one)
    while digits_of(other) == digits:
        pass
    assert links.prove(other, digits, at=NOW) is CodeState.WRONG


def test_a_link_ends_on_its_day(link: Link) -> None:
    digits = digits_of(link, at=link.expires_at - datetime.timedelta(minutes=1))
    assert state_of(link, link.expires_at - datetime.timedelta(seconds=1)) is LinkState.OPEN
    assert state_of(link, link.expires_at) is LinkState.EXPIRED
    assert links.prove(link, digits, at=link.expires_at) is CodeState.OVER


def test_an_altered_link_is_unknown(link: Link) -> None:
    token = links.token_of(link)
    for altered in ("", token[:-1], token[1:], token.replace(token[5], "A" if token[5] != "A" else "B"), f"{token}x"):
        assert links.open_link(altered, at=NOW) == (LinkState.UNKNOWN, None)


def test_a_link_of_a_removed_enquiry_is_unknown(link: Link) -> None:
    link.enquiry.referral.delete()
    assert state_of(link) is LinkState.UNKNOWN


def test_the_link_of_somebody_who_has_gone_opens_nothing(link: Link) -> None:
    assert state_of(link) is LinkState.OPEN
    Membership.objects.filter(user=link.user).delete()
    assert state_of(link) is LinkState.UNKNOWN


def test_the_link_of_a_closed_account_opens_nothing(link: Link) -> None:
    User.objects.filter(pk=link.user_id).update(is_active=False)
    assert state_of(link) is LinkState.UNKNOWN


def test_whoever_keeps_the_listing_may_use_the_link() -> None:
    organisation = OrganisationFactory()
    keeper = member(organisation, Role.WRITER)
    listing = make.listing(organisation=organisation, owner=keeper)
    link = make.only_enquiry(make.sent(listing, at=NOW).referral).links.get()
    assert link.user == keeper
    assert state_of(link) is LinkState.OPEN


def test_a_mailbox_opens_its_link_only_while_it_is_the_organisations() -> None:
    organisation = OrganisationFactory(email="toimisto@jarvilaakso.example")
    listing = make.listing(
        organisation=organisation,
        contact_ways=[{"kind": "email", "value": "Lahetteet@jarvilaakso.example", "audience": "workers"}],
    )
    link = make.only_enquiry(make.sent(listing, at=NOW).referral).links.get()
    assert (link.address, state_of(link)) == ("lahetteet@jarvilaakso.example", LinkState.OPEN)
    listing.contact_ways.get().delete()
    assert state_of(link) is LinkState.UNKNOWN
    Link.objects.filter(pk=link.pk).update(address=organisation.email)
    assert state_of(link) is LinkState.OPEN


def test_a_link_outlives_an_answer_until_it_is_used(link: Link) -> None:
    enquiry = link.enquiry
    make.actions.act(enquiry, Act.ACCEPT, by=make.organisation_of(enquiry), version=enquiry.version)
    assert state_of(link) is LinkState.OPEN


@pytest.mark.parametrize(
    ("address", "shown"),
    [("toimisto@yhdistys.example", "t•••@yhdistys.example"), ("a@b.example", "a•••@b.example")],
)
def test_an_address_is_told_to_its_owner_alone(address: str, shown: str) -> None:
    assert links.masked(address) == shown
