"""Teams as workers and those who decide meet them: asking, deciding, roles, leaving, and who sees nothing."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client, override_settings
from django.urls import reverse

from directory.choices import Role
from portal.accounts.access import needs_second_factor
from portal.accounts.models import User
from portal.accounts.signals import account_closed
from portal.post.models import Letter
from referrals import actions
from referrals.choices import MemberState, TeamRole
from referrals.models import Team, TeamMember
from referrals.permissions import enquiries_for, is_in_team, is_worker
from tests import editing
from tests.accounts.ways_in import number_in, signed_in_by_code, with_app
from tests.factories import referrals as make
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    area_administrator,
    member,
)

pytestmark = pytest.mark.django_db

NAME = "Koivurannan kulkijat"
WORDS = "Olen sosiaaliohjaaja. Esihenkilön numero on 017 123 456."


@pytest.fixture
def organisation():
    return OrganisationFactory(home_municipality=MunicipalityFactory(), names={"fi": "Koivulan hyvinvointialue"})


@pytest.fixture
def area(organisation) -> User:
    return area_administrator(organisation.home_municipality.county)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, name: str, **values) -> str:
    answer = client_of(user).get(reverse(f"referrals:{name}", kwargs=values))
    assert answer.status_code == 200
    return answer.content.decode()


def post(user: User, name: str, data: dict | None = None, **values):
    return client_of(user).post(reverse(f"referrals:{name}", kwargs=values), data or {})


def place(team: Team, user: User) -> TeamMember:
    return TeamMember.objects.get(team=team, user=user)


def letters_to(user: User) -> list[str]:
    return [f"{letter.subject}\n{letter.text}" for letter in Letter.objects.filter(to=user.email)]


# --- Asking for a team ------------------------------------------------------------------------------------------------
def test_from_searching_to_sending(organisation, area):
    worker = make.worker()
    found = client_of(worker).get(reverse("referrals:teams"), {"q": "koivula"}).content.decode()
    new_url = f"{reverse('referrals:team_new')}?organisation={organisation.slug}"
    assert new_url in found
    asked = client_of(worker).post(new_url, {"name": "Aikuissosiaalityö", "message": WORDS})
    assert asked.url == reverse("referrals:teams")
    team = Team.objects.get()
    assert not is_worker(worker)
    assert "Aikuissosiaalityö" in page(worker, "teams")

    assert reverse("referrals:team_decide", args=[team.pk]) in "".join(letters_to(area))
    assert reverse("referrals:team_decide", args=[team.pk]) in page(area, "teams_waiting")
    shown = page(area, "team_decide", pk=team.pk)
    assert WORDS in shown
    assert worker.email in shown
    assert post(area, "team_decide", {"decision": "approve"}, pk=team.pk).url == reverse("referrals:teams_waiting")
    assert is_in_team(worker, Team.objects.get())
    assert place(team, worker).role == TeamRole.LEAD
    assert any(reverse("referrals:team", args=[team.pk]) in letter for letter in letters_to(worker))


def test_a_refused_team_sends_nothing(organisation, area):
    worker = make.worker()
    team = actions.open_team(organisation, name=NAME, by=worker, message=WORDS)
    post(area, "team_decide", {"decision": "refuse"}, pk=team.pk)
    assert not is_worker(worker)
    assert place(team, worker).state == MemberState.REFUSED
    assert len(letters_to(worker)) == 1
    assert post(area, "team_decide", {"decision": "approve"}, pk=team.pk).status_code == 302
    assert not is_worker(worker), "what was decided stays decided"
    assert team.name not in page(worker, "teams")


def test_the_central_people_hear_of_it_where_an_area_has_nobody(organisation):
    administrator = User.objects.create_superuser("yllapito@example.org")
    actions.open_team(organisation, name=NAME, by=make.worker(), message=WORDS)
    assert len(letters_to(administrator)) == 1


def test_words_are_wanted_and_what_was_typed_stays(organisation):
    url = f"{reverse('referrals:team_new')}?organisation={organisation.slug}"
    answer = client_of(make.worker()).post(url, {"name": "Perhekeskus", "message": ""})
    assert answer.status_code == 400
    assert 'value="Perhekeskus"' in answer.content.decode()
    assert not Team.objects.exists()


def test_a_second_team_of_the_same_name_is_refused_with_the_way_to_join(organisation):
    there = make.team(organisation, name="Perhekeskus")
    url = f"{reverse('referrals:team_new')}?organisation={organisation.slug}"
    answer = client_of(make.worker()).post(url, {"name": " perhekeskus ", "message": WORDS})
    assert answer.status_code == 400
    assert reverse("referrals:team_join", args=[there.pk]) in answer.content.decode()
    assert Team.objects.count() == 1


def test_who_answers_for_an_organisation_opens_a_team_at_once(organisation):
    for role, opens in ((Role.OWNER, True), (Role.DEPUTY, True), (Role.WRITER, False)):
        person = member(organisation, role)
        team = actions.open_team(organisation, name=f"Tiimi {role}", by=person, message=WORDS)
        assert team.is_open is opens
        assert is_worker(person) is opens


def test_a_hidden_organisation_has_no_team_to_ask_for():
    hidden = OrganisationFactory(is_hidden=True)
    url = f"{reverse('referrals:team_new')}?organisation={hidden.slug}"
    assert client_of(make.worker()).get(url).status_code == 404


def test_another_area_decides_nothing(organisation):
    elsewhere = MunicipalityFactory(code="091", names={"fi": "Helsinki"}, county=CountyFactory(code="00"))
    other = area_administrator(elsewhere.county, "muualla@example.org")
    team = actions.open_team(organisation, name=NAME, by=make.worker(), message=WORDS)
    assert post(other, "team_decide", {"decision": "approve"}, pk=team.pk).status_code == 404
    assert client_of(other).get(reverse("referrals:team", args=[team.pk])).status_code == 404
    assert str(team.name) not in page(other, "teams_waiting")
    assert not Team.objects.open().exists()


def test_a_request_can_be_taken_back(organisation, area):
    worker = make.worker()
    team = actions.open_team(organisation, name=NAME, by=worker, message=WORDS)
    post(worker, "member_end", pk=place(team, worker).pk)
    assert not Team.objects.waiting().exists()
    assert team.name not in page(area, "teams_waiting")


# --- Joining ----------------------------------------------------------------------------------------------------------
def test_from_asking_to_join_to_seeing(organisation):
    team = make.team(organisation)
    lead, worker = make.lead_of(team), make.worker()
    post(worker, "team_join", {"message": WORDS}, pk=team.pk)
    assert client_of(worker).get(reverse("referrals:team", args=[team.pk])).status_code == 404
    assert reverse("referrals:team", args=[team.pk]) in "".join(letters_to(lead))
    assert WORDS in page(lead, "team", pk=team.pk)
    post(lead, "member_decide", {"decision": "approve"}, pk=place(team, worker).pk)
    assert is_in_team(worker, team)
    assert lead.email in page(worker, "team", pk=team.pk)
    assert len(letters_to(worker)) == 1


def test_what_is_asked_is_read_by_those_who_decide_alone(organisation):
    team = make.team(organisation)
    colleague = make.worker(team)
    actions.ask_to_join(team, by=make.worker(), message=WORDS)
    assert WORDS not in page(colleague, "team", pk=team.pk)


def test_nobody_takes_themselves_in(organisation, area):
    team = make.team(organisation)
    asked = actions.ask_to_join(team, by=area, message=WORDS)
    assert post(area, "member_decide", {"decision": "approve"}, pk=asked.pk).status_code == 404
    assert not is_in_team(area, team)


def test_who_was_refused_can_ask_again(organisation):
    team, worker = make.team(organisation), make.worker()
    asked = actions.ask_to_join(team, by=worker, message=WORDS)
    actions.refuse_member(asked, by=make.lead_of(team))
    again = actions.ask_to_join(team, by=worker, message="Nyt puhelinnumeron kanssa.")
    assert (again.pk, again.state) == (asked.pk, MemberState.WAITING)
    assert len(letters_to(make.lead_of(team))) == 2


def test_asking_twice_asks_once(organisation):
    team, worker = make.team(organisation), make.worker()
    for _each in range(2):
        post(worker, "team_join", {"message": WORDS}, pk=team.pk)
    assert team.members.waiting().count() == 1
    assert len(letters_to(make.lead_of(team))) == 1


def test_a_decision_is_made_once(organisation):
    team, worker = make.team(organisation), make.worker()
    asked = actions.ask_to_join(team, by=worker, message=WORDS)
    lead = make.lead_of(team)
    actions.refuse_member(asked, by=lead)
    post(lead, "member_decide", {"decision": "approve"}, pk=asked.pk)
    assert not is_in_team(worker, team)


# --- Roles, leaving, closing ------------------------------------------------------------------------------------------
def test_a_member_decides_nothing(organisation):
    team = make.team(organisation)
    colleague = make.worker(team)
    asked = actions.ask_to_join(team, by=make.worker(), message=WORDS)
    lead_place = place(team, make.lead_of(team))
    assert post(colleague, "member_decide", {"decision": "approve"}, pk=asked.pk).status_code == 404
    assert post(colleague, "member_role", {"role": "lead"}, pk=place(team, colleague).pk).status_code == 404
    assert post(colleague, "member_end", pk=lead_place.pk).status_code == 404
    assert post(colleague, "team_close", pk=team.pk).status_code == 404
    assert place(team, colleague).role == TeamRole.MEMBER


def test_the_last_lead_stays_until_another_leads(organisation):
    team = make.team(organisation)
    lead, colleague = make.lead_of(team), make.worker(team)
    lead_place = place(team, lead)
    post(lead, "member_end", pk=lead_place.pk)
    post(lead, "member_role", {"role": "member"}, pk=lead_place.pk)
    assert place(team, lead).role == TeamRole.LEAD
    assert is_in_team(lead, team)
    post(lead, "member_role", {"role": "lead"}, pk=place(team, colleague).pk)
    post(lead, "member_end", pk=lead_place.pk)
    assert not is_in_team(lead, team)


def test_who_leaves_leaves_the_open_referrals_to_a_lead(organisation):
    team = make.team(organisation)
    worker = make.worker(team)
    referral = make.sent(to_team=team, by=worker).referral
    post(worker, "member_end", pk=place(team, worker).pk)
    referral.refresh_from_db()
    assert referral.keeper == make.lead_of(team)
    assert client_of(worker).get(reverse("referrals:team", args=[team.pk])).status_code == 404


def test_the_last_one_stays_while_referrals_are_open(organisation):
    team = make.team(organisation)
    lead = make.lead_of(team)
    referral = make.sent(to_team=team, by=lead).referral
    post(lead, "member_end", pk=place(team, lead).pk)
    assert is_in_team(lead, team)
    actions.withdraw_consent(referral, by=make.sender_of(referral))
    post(lead, "member_end", pk=place(team, lead).pk)
    assert not is_in_team(lead, team)


def test_who_is_taken_off_gets_a_letter_and_sees_nothing(organisation):
    team = make.team(organisation)
    worker = make.worker(team)
    post(make.lead_of(team), "member_end", pk=place(team, worker).pk)
    assert not is_worker(worker)
    assert len(letters_to(worker)) == 1


def test_an_account_that_closes_leaves_its_teams(organisation):
    team = make.team(organisation)
    lead, colleague = make.lead_of(team), make.worker(team)
    referral = make.sent(to_team=team, by=lead).referral
    account_closed.send(sender=User, user=lead)
    referral.refresh_from_db()
    assert not is_in_team(lead, team)
    assert referral.keeper == colleague
    assert place(team, colleague).role == TeamRole.LEAD, "somebody has to decide who comes in"


def test_an_account_that_closes_takes_its_request_along(organisation, area):
    worker = make.worker()
    team = actions.open_team(organisation, name=NAME, by=worker, message=WORDS)
    account_closed.send(sender=User, user=worker)
    with pytest.raises(actions.AlreadyDecidedError):
        actions.approve_team(team, by=area)


def test_a_team_that_everybody_left_is_led_by_whoever_comes_first(organisation, area):
    team = make.team(organisation)
    asked = actions.ask_to_join(team, by=make.worker(), message=WORDS)
    account_closed.send(sender=User, user=make.lead_of(team))
    assert "state--warn" in page(area, "teams_waiting")
    actions.approve_member(asked, by=area)
    assert place(team, asked.user).role == TeamRole.LEAD


def test_a_team_with_open_referrals_is_not_closed(organisation):
    team = make.team(organisation)
    lead = make.lead_of(team)
    referral = make.sent(to_team=team, by=lead).referral
    post(lead, "team_close", pk=team.pk)
    assert is_worker(lead)
    actions.withdraw_consent(referral, by=make.sender_of(referral))
    asked = actions.ask_to_join(team, by=make.worker(), message=WORDS)
    post(lead, "team_close", pk=team.pk)
    assert not is_worker(lead)
    asked.refresh_from_db()
    assert asked.state == MemberState.REFUSED
    with pytest.raises(PermissionDenied):
        actions.ask_to_join(team, by=make.worker(), message=WORDS)


def test_a_team_needs_a_name(organisation):
    with pytest.raises(ValidationError):
        actions.open_team(organisation, name="  ", by=make.worker(), message=WORDS)


# --- Who sees nothing -------------------------------------------------------------------------------------------------
def test_who_decides_on_a_team_sees_nothing_of_what_it_sends(organisation, area):
    team = make.team(organisation)
    sent = make.sent(to_team=team)
    title = make.only_enquiry(sent.referral).title
    for person in (area, User.objects.create_superuser("yllapito@example.org")):
        shown = (
            page(person, "team", pk=team.pk) + page(person, "teams_waiting") + page(person, "team_close", pk=team.pk)
        )
        for secret in (make.ALIAS, make.HOPE, make.PHONE, title, str(sent.referral.uuid), sent.code):
            assert secret not in shown
        assert not enquiries_for(person).exists()
        answer = client_of(person).get(reverse("referrals:referral", args=[sent.referral.uuid]))
        assert answer.status_code in (302, 404)


def test_another_team_of_the_same_organisation_is_a_stranger(organisation):
    sent = make.sent(to_team=make.team(organisation))
    other = make.lead_of(make.team(organisation, name="Toinen"))
    url = reverse("referrals:referral", args=[sent.referral.uuid])
    assert client_of(other).get(url).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.take_over(sent.referral, by=other)


def test_no_letter_of_teams_tells_of_a_referral(organisation):
    team = make.team(organisation)
    worker = make.worker(team)
    sent = make.sent(to_team=team, by=worker)
    Letter.objects.all().delete()
    actions.end_member(place(team, worker), by=make.lead_of(team))
    (letter,) = letters_to(worker)
    for secret in (make.ALIAS, make.HOPE, make.PHONE, make.only_enquiry(sent.referral).title, sent.code):
        assert secret not in letter


def test_pages_of_teams_are_kept_by_no_cache(organisation):
    team = make.team(organisation)
    answer = client_of(make.lead_of(team)).get(reverse("referrals:team", args=[team.pk]))
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


# --- The second factor ------------------------------------------------------------------------------------------------
def test_a_worker_needs_a_second_factor_from_the_approval_on(organisation):
    team, worker = make.team(organisation), make.worker()
    actions.ask_to_join(team, by=worker, message=WORDS)
    assert not needs_second_factor(worker)
    actions.approve_member(place(team, worker), by=make.lead_of(team))
    assert needs_second_factor(worker)
    actions.end_member(place(team, worker), by=worker)
    assert not needs_second_factor(worker)


@override_settings(REQUIRE_SECOND_FACTOR=True)
def test_without_a_second_factor_no_referral_opens(organisation):
    make.switch_on()
    team = make.team(organisation)
    worker = make.worker(team)
    referral = make.sent(to_team=team, by=worker).referral
    client = signed_in_by_code(worker.email)
    addresses = [
        reverse("referrals:home"),
        reverse("referrals:teams"),
        reverse("referrals:inbox"),
        reverse("referrals:referral", args=[referral.uuid]),
        reverse("referrals:team", args=[team.pk]),
    ]
    for address in addresses:
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))
    # What anybody may open stays open to workers too.
    assert client.get(reverse("referrals:privacy")).status_code != 302
    assert client.get(reverse("workspace:home")).status_code == 200
    # Who only asks for a team is nobody's worker yet.
    assert signed_in_by_code(make.worker().email).get(reverse("referrals:teams")).status_code == 200


@override_settings(REQUIRE_SECOND_FACTOR=True)
def test_a_worker_who_has_one_uses_it_and_comes_back(organisation):
    team = make.team(organisation)
    worker = make.worker(team)
    client, app = editing.client_of(worker), with_app(worker)
    address = reverse("referrals:team", args=[team.pk])
    asked = client.get(address).url
    assert asked.startswith(reverse("mfa_reauthenticate"))
    assert client.post(asked, {"code": number_in(app), "next": address}).url == address
    assert client.get(address).status_code == 200


@override_settings(REQUIRE_SECOND_FACTOR=True)
def test_what_was_sent_without_it_is_not_done_and_leads_to_ones_own_rooms(organisation):
    team = make.team(organisation)
    worker = make.lead_of(team)
    client, _app = editing.client_of(worker), with_app(worker)
    answer = client.post(reverse("referrals:team_close", args=[team.pk]))
    assert parse_qs(urlsplit(answer.url).query) == {"next": [reverse("workspace:home")]}
    assert is_worker(worker)
