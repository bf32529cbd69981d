"""The sample referrals: something to see on every page, made once, and gone with the sample directory."""

import pytest
from django.core.management import call_command
from django.test import override_settings

from directory import sample as directory_sample
from directory.choices import Role
from directory.models import Membership, Organisation, ReplyTime
from portal.accounts.development import ensure_people
from portal.accounts.models import User
from portal.workspace.sample import ensure_sample_keepers
from referrals import audit
from referrals.choices import MemberState, State
from referrals.figures.reading import told
from referrals.models import Controller, Enquiry, Referral, Tally, Team, TeamMember
from referrals.permissions import enquiries_for, is_worker
from referrals.sample import CONTROLLER, COUNTED_QUARTERS, RECEIVES, SENDS, ensure_sample_referrals
from referrals.switch import is_in_use
from tests.factories import referrals as make


@pytest.fixture
def debug(site: None):
    with override_settings(DEBUG=True):
        ensure_people()
        ensure_sample_keepers()
        yield


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def test_every_page_has_something_to_show(debug: None):
    assert ensure_sample_referrals()
    assert is_in_use()
    assert is_worker(person("ohjaaja"))
    assert is_worker(person("tyokaveri"))
    assert TeamMember.objects.get(state=MemberState.WAITING, user=person("pyytaja")).team.organisation.slug == SENDS
    assert Team.objects.waiting().get().members.get().user == person("uusi")
    states = set(Enquiry.objects.values_list("state", flat=True))
    assert {State.SENT, State.ASKED, State.ACCEPTED, State.DECLINED, State.ARRIVED} <= states
    assert Enquiry.objects.exclude(silence_told_at=None).exists()
    assert Referral.objects.filter(team=None).exists()
    # All of them can be answered by somebody who can sign in here.
    assert set(enquiries_for(person("omistaja"))) == set(Enquiry.objects.all())
    assert {each.organisation.slug for each in Enquiry.objects.all()} == {RECEIVES}
    assert audit.verify().is_whole


def test_figures_of_the_past_are_told_and_about_sample_listings_alone(debug: None):
    ensure_sample_referrals()
    invented = Tally.objects.filter(enquiry=None)
    assert invented.exists()
    assert not invented.exclude(organisation__is_sample=True).exists()
    assert len(told()) == COUNTED_QUARTERS
    assert ReplyTime.objects.exists()


def test_a_second_run_makes_nothing(debug: None):
    ensure_sample_referrals()
    before = (Team.objects.count(), Referral.objects.count(), Tally.objects.count())
    assert not ensure_sample_referrals()
    assert (Team.objects.count(), Referral.objects.count(), Tally.objects.count()) == before


def test_outside_debug_mode_nothing_is_made(site: None):
    assert not ensure_sample_referrals()
    assert not Team.objects.exists()
    assert not is_in_use()


def test_a_controller_that_somebody_has_filled_in_stays(debug: None):
    Controller.objects.update_or_create(pk=Controller.load().pk, defaults={"controller": "Oma hyvinvointialue"})
    assert not ensure_sample_referrals()
    assert not is_in_use()
    assert not Team.objects.exists()


def test_it_goes_with_the_sample_directory_and_what_is_real_stays(debug: None):
    ensure_sample_referrals()
    real_team = make.team(Organisation.objects.create(slug="oma", names={"fi": "Oma"}))
    real = make.listing(organisation=Organisation.objects.create(slug="oikea", names={"fi": "Oikea"}))
    Membership.objects.get_or_create(organisation=real.organisation, user=person("omistaja"), role=Role.OWNER)
    asks_real = make.sent(real, to_team=real_team).referral
    asks_sample = make.sent(
        directory_sample.Service.objects.public().get(source_id="mantyvirta-kulttuurikaveri"), to_team=real_team
    ).referral
    Controller.objects.update(controller=CONTROLLER["controller"])
    call_command("remove_sample", "--yes", verbosity=0)
    assert not any(directory_sample.counts().values())
    assert list(Team.objects.all()) == [real_team]
    assert list(Referral.objects.all()) == [asks_real]
    assert not Referral.objects.filter(pk=asks_sample.pk).exists()
    assert not Tally.objects.exclude(organisation=real.organisation).exists()
    assert not told()
    assert not ReplyTime.objects.exists()
    assert not is_in_use()
    assert Controller.load().controller == ""
    assert audit.verify().is_whole
