"""Teams: who may change what, and that a service never loses its last person in silence."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from directory import actions
from directory.actions.keepers import has_reachable_owner, keepers_after, keys_without_person
from directory.choices import CaseKind, ClaimState, Role
from directory.models import AreaRole, Case, Claim, Invitation, Membership, Organisation, Service
from portal.accounts.actions import close_account
from portal.accounts.models import User
from portal.post.models import BouncedAddress
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ServiceFactory,
    area_administrator,
    member,
    translation_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(home_municipality=MunicipalityFactory())


@pytest.fixture
def owner(organisation: Organisation) -> User:
    return member(organisation, Role.OWNER)


@pytest.fixture
def deputy(organisation: Organisation) -> User:
    return member(organisation, Role.DEPUTY)


@pytest.fixture
def writer(organisation: Organisation) -> User:
    return member(organisation, Role.WRITER)


@pytest.fixture
def newcomer() -> User:
    return User.objects.create_user("uusi@example.org")


def part(user: User, organisation: Organisation) -> Membership:
    return Membership.objects.get(user=user, organisation=organisation)


def role_of(user: User, organisation: Organisation) -> str:
    return next(iter(organisation.memberships.filter(user=user).values_list("role", flat=True)), "")


def keepers_of(service: Service) -> tuple[User | None, User | None]:
    saved = Service.objects.select_related("owner", "deputy").get(pk=service.pk)
    return saved.owner, saved.deputy


def orphans() -> list:
    return list(Case.objects.open().filter(kind=CaseKind.ORPHAN).values_list("key", flat=True))


def last_log(action: str) -> ModelLogEntry:
    return ModelLogEntry.objects.filter(action=action).latest("pk")


# --- inviting --------------------------------------------------------------------------------------------------------
def test_an_invited_person_joins_once(organisation: Organisation, owner: User, newcomer: User):
    invitation = actions.invite(organisation, email=" Uusi@Example.org", role=Role.DEPUTY, by=owner)
    actions.accept_invitation(invitation, newcomer)
    assert role_of(newcomer, organisation) == Role.DEPUTY
    invitation.refresh_from_db()
    assert invitation.accepted_by == newcomer
    data = last_log("directory.join").data
    assert (data["invitation"], data["invited_by"], data["is_invited_address"]) == (invitation.pk, owner.pk, True)
    with pytest.raises(actions.InvitationClosedError):
        actions.accept_invitation(invitation, User.objects.create_user("toinen@example.org"))


def test_another_address_may_join_and_the_log_says_so(organisation: Organisation, owner: User, newcomer: User):
    invitation = actions.invite(organisation, email="toimisto@talo.fi", role=Role.WRITER, by=owner)
    actions.accept_invitation(invitation, newcomer)
    assert last_log("directory.join").data["is_invited_address"] is False


def test_an_invitation_ends_after_two_weeks(organisation: Organisation, owner: User, newcomer: User):
    now = timezone.now()
    invitation = actions.invite(organisation, email="a@talo.fi", role=Role.WRITER, by=owner, at=now)
    with pytest.raises(actions.InvitationClosedError):
        actions.accept_invitation(invitation, newcomer, at=now + datetime.timedelta(days=14))
    actions.accept_invitation(invitation, newcomer, at=now + datetime.timedelta(days=13, hours=23))


def test_an_invitation_that_was_taken_back_opens_nothing(organisation: Organisation, owner: User, newcomer: User):
    invitation = actions.invite(organisation, email="a@talo.fi", role=Role.WRITER, by=owner)
    actions.cancel_invitation(invitation, by=owner)
    with pytest.raises(actions.InvitationClosedError):
        actions.accept_invitation(invitation, newcomer)
    assert not role_of(newcomer, organisation)


def test_a_second_invitation_takes_the_place_of_the_first(organisation: Organisation, owner: User):
    first = actions.invite(organisation, email="a@talo.fi", role=Role.WRITER, by=owner)
    second = actions.invite(organisation, email="A@talo.fi", role=Role.OWNER, by=owner)
    assert list(Invitation.objects.open()) == [second]
    assert first.pk != second.pk


def test_who_is_in_the_team_is_not_invited(organisation: Organisation, owner: User, writer: User):
    with pytest.raises(ValidationError):
        actions.invite(organisation, email=writer.email.upper(), role=Role.OWNER, by=owner)


@pytest.mark.parametrize("values", [{"email": "ei osoite"}, {"role": "king"}])
def test_a_wrong_invitation_is_not_made(organisation: Organisation, owner: User, values: dict):
    with pytest.raises(ValidationError):
        actions.invite(organisation, **{"email": "a@talo.fi", "role": Role.WRITER, "by": owner, **values})


def test_an_invitation_makes_nobodys_role_smaller(organisation: Organisation, owner: User, newcomer: User):
    invitation = actions.invite(organisation, email="a@talo.fi", role=Role.WRITER, by=owner)
    Membership.objects.create(organisation=organisation, user=newcomer, role=Role.OWNER)
    actions.accept_invitation(invitation, newcomer)
    assert role_of(newcomer, organisation) == Role.OWNER


def test_only_owners_and_staff_say_who_is_in_the_team(
    organisation: Organisation, owner: User, deputy: User, writer: User
):
    stranger = member(OrganisationFactory(), Role.OWNER)
    elsewhere = area_administrator(CountyFactory(code="13"), "muualta@example.org")
    invitation = actions.invite(organisation, email="a@talo.fi", role=Role.WRITER, by=owner)
    for user in (deputy, writer, stranger, elsewhere):
        with pytest.raises(PermissionDenied):
            actions.invite(organisation, email="b@talo.fi", role=Role.WRITER, by=user)
        with pytest.raises(PermissionDenied):
            actions.cancel_invitation(invitation, by=user)
        with pytest.raises(PermissionDenied):
            actions.change_role(part(writer, organisation), role=Role.OWNER, by=user)
        with pytest.raises(PermissionDenied):
            actions.remove_member(part(writer, organisation), by=user)
        with pytest.raises(PermissionDenied):
            actions.hand_over(owner, writer, organisation, by=user)
    regional = area_administrator(organisation.home_municipality.county)
    actions.change_role(part(writer, organisation), role=Role.DEPUTY, by=regional)
    assert role_of(writer, organisation) == Role.DEPUTY


# --- roles and going -------------------------------------------------------------------------------------------------
def test_the_last_owner_stays_owner(organisation: Organisation, owner: User, deputy: User):
    with pytest.raises(actions.LastOwnerError):
        actions.change_role(part(owner, organisation), role=Role.WRITER, by=owner)
    with pytest.raises(actions.LastOwnerError):
        actions.leave(owner, organisation)
    actions.change_role(part(deputy, organisation), role=Role.OWNER, by=owner)
    actions.leave(owner, organisation)
    assert not role_of(owner, organisation)
    data = last_log("directory.role").data
    assert (data["before"], data["after"]) == (Role.DEPUTY, Role.OWNER)


def test_an_owner_whose_account_is_closed_does_not_count(organisation: Organisation, owner: User):
    asleep = member(organisation, Role.OWNER, "poissa@example.org")
    User.objects.filter(pk=asleep.pk).update(is_active=False)
    Membership.objects.get_or_create(organisation=organisation, user=asleep, role=Role.OWNER)
    with pytest.raises(actions.LastOwnerError):
        actions.leave(owner, organisation)


def test_a_last_owner_who_got_in_wrongly_is_removed_by_staff(organisation: Organisation, owner: User):
    service = ServiceFactory(organisation=organisation)
    regional = area_administrator(organisation.home_municipality.county)
    actions.remove_member(part(owner, organisation), by=regional)
    assert not role_of(owner, organisation)
    assert orphans() == [service.translation_key]
    assert Case.objects.get(kind=CaseKind.ORPHAN).assigned_to == regional


def test_what_a_removed_person_sent_out_is_void(organisation: Organisation, owner: User, newcomer: User):
    second = member(organisation, Role.OWNER, "toinen@example.org")
    invitation = actions.invite(organisation, email="kaveri@example.org", role=Role.OWNER, by=second)
    actions.remove_member(part(second, organisation), by=owner)
    with pytest.raises(actions.InvitationClosedError):
        actions.accept_invitation(invitation, newcomer)


def test_services_of_who_leaves_go_to_the_deputy_else_to_the_owners(organisation, owner, deputy, writer):
    one, two = ServiceFactory(organisation=organisation), ServiceFactory(organisation=organisation)
    swedish = translation_of(one, "sv")
    actions.set_keepers(one, owner=writer, deputy=deputy, by=owner)
    actions.set_keepers(two, owner=writer, deputy=None, by=owner)
    actions.leave(writer, organisation)
    assert keepers_of(one) == keepers_of(swedish) == (deputy, None)
    assert keepers_of(two) == (None, None)
    assert orphans() == []


def test_the_services_of_a_removed_person_can_go_to_somebody(organisation, owner, deputy, writer, newcomer):
    service = ServiceFactory(organisation=organisation)
    actions.set_keepers(service, owner=writer, deputy=deputy, by=owner)
    with pytest.raises(ValidationError):
        actions.remove_member(part(writer, organisation), by=owner, to=newcomer)
    actions.remove_member(part(writer, organisation), by=owner, to=owner)
    assert keepers_of(service) == (owner, deputy)


def test_a_draft_does_not_bring_the_old_keeper_back(organisation, owner, writer):
    service = ServiceFactory(organisation=organisation)
    actions.set_keepers(service, owner=writer, deputy=None, by=owner)
    actions.edit(service, {"summary": "Uusi lyhyt kuvaus."}, by=writer, base=None)
    actions.leave(writer, organisation)
    Service.objects.get(pk=service.pk).latest_revision.publish()
    assert keepers_of(service) == (None, None)


# --- handing over ----------------------------------------------------------------------------------------------------
def test_the_last_owner_hands_everything_over(organisation, owner, writer):
    service = ServiceFactory(organisation=organisation)
    actions.set_keepers(service, owner=owner, deputy=writer, by=owner)
    actions.hand_over(owner, writer, organisation, by=owner)
    assert not role_of(owner, organisation)
    assert role_of(writer, organisation) == Role.OWNER
    assert keepers_of(service) == (writer, None)
    assert last_log("directory.hand_over").data == {"from": owner.pk, "to": writer.pk}


def test_a_writer_hands_over_services_and_no_role(organisation, owner, deputy, writer):
    actions.hand_over(deputy, writer, organisation, by=deputy)
    assert role_of(writer, organisation) == Role.WRITER
    assert not role_of(deputy, organisation)


def test_one_hands_over_to_somebody_of_the_team_alone(organisation, owner, newcomer):
    for to in (newcomer, owner):
        with pytest.raises(ValidationError):
            actions.hand_over(owner, to, organisation, by=owner)
    assert role_of(owner, organisation) == Role.OWNER


def test_an_invitation_can_carry_ones_part(organisation, owner, newcomer):
    service = ServiceFactory(organisation=organisation)
    actions.set_keepers(service, owner=owner, deputy=None, by=owner)
    invitation = actions.invite(organisation, email=newcomer.email, role=Role.WRITER, by=owner, hands_over=True)
    assert role_of(owner, organisation) == Role.OWNER, "until the new person comes"
    actions.accept_invitation(invitation, newcomer)
    assert not role_of(owner, organisation)
    assert role_of(newcomer, organisation) == Role.OWNER
    assert keepers_of(service) == (newcomer, None)


def test_staff_have_no_part_to_hand_over(organisation):
    regional = area_administrator(organisation.home_municipality.county)
    with pytest.raises(PermissionDenied):
        actions.invite(organisation, email="a@talo.fi", role=Role.OWNER, by=regional, hands_over=True)


@given(st.sampled_from([None, 1, 2, 3]), st.sampled_from([None, 1, 2, 3]), st.sampled_from([None, 2, 3]))
def test_whoever_goes_is_nowhere_and_nobody_is_both(owner, deputy, to):
    after = keepers_after(owner, deputy, leaver=1, to=to)
    assert 1 not in after
    assert after[0] is None or after[0] != after[1]
    assert after[0] is not None or owner is None or not (to or (deputy and deputy != 1))


# --- keepers ---------------------------------------------------------------------------------------------------------
def test_only_members_keep_and_only_one_place_each(organisation, owner, writer, newcomer):
    service = ServiceFactory(organisation=organisation)
    for wrong in ({"owner": newcomer, "deputy": None}, {"owner": owner, "deputy": owner}):
        with pytest.raises(ValidationError):
            actions.set_keepers(service, **wrong, by=owner)
    actions.set_keepers(service, owner=writer, deputy=owner, by=owner)
    assert keepers_of(service) == (writer, owner)


def test_a_writer_gives_on_their_own_service_alone(organisation, owner, deputy, writer, newcomer):
    mine, other = ServiceFactory(organisation=organisation), ServiceFactory(organisation=organisation)
    actions.set_keepers(mine, owner=writer, deputy=None, by=deputy)
    actions.set_keepers(mine, owner=deputy, deputy=writer, by=writer)
    for service, user in ((mine, writer), (other, writer), (other, newcomer)):
        with pytest.raises(PermissionDenied):
            actions.set_keepers(service, owner=user, deputy=None, by=user)


# --- accounts that close, mail that comes back -----------------------------------------------------------------------
def test_a_closed_account_leaves_its_services_to_others_or_to_the_queue(organisation, owner, deputy):
    one = ServiceFactory(organisation=organisation)
    actions.set_keepers(one, owner=owner, deputy=deputy, by=owner)
    close_account(owner, by=owner)
    assert keepers_of(one) == (deputy, None)
    assert orphans() == [None], "the team has nobody who may say who is in it"
    close_account(deputy, by=deputy)
    assert keepers_of(one) == (None, None)
    assert orphans() == [one.translation_key]


def test_putting_out_of_use_and_removing_do_the_same(organisation, owner):
    service = ServiceFactory(organisation=organisation)
    second = member(organisation, Role.OWNER, "toinen@example.org")
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert not role_of(owner, organisation)
    assert orphans() == []
    second.delete()
    assert orphans() == [service.translation_key]


def test_a_closed_accounts_claim_waits_no_more(organisation, newcomer):
    claim = actions.claim_organisation(newcomer, organisation)
    close_account(newcomer, by=newcomer)
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.REFUSED
    assert not Case.objects.open().exists()


def test_ended_services_need_nobody(organisation, owner):
    service = ServiceFactory(organisation=organisation)
    actions.end_service(service, by=owner)
    close_account(owner, by=owner)
    assert orphans() == []


def test_mail_that_comes_back_queues_only_what_nobody_else_answers_for(organisation, owner, writer):
    one, two = ServiceFactory(organisation=organisation), ServiceFactory(organisation=organisation)
    actions.set_keepers(one, owner=writer, deputy=None, by=owner)
    BouncedAddress.objects.create(email=owner.email, bounced_at=timezone.now())
    actions.mail_came_back(owner)
    assert set(orphans()) == {two.translation_key, None}
    assert role_of(owner, organisation) == Role.OWNER, "the address may be mended"


def test_a_new_owner_takes_the_queue_away(organisation, owner, newcomer):
    ServiceFactory(organisation=organisation)
    close_account(owner, by=owner)
    assert orphans()
    regional = area_administrator(organisation.home_municipality.county)
    invitation = actions.invite(organisation, email=newcomer.email, role=Role.OWNER, by=regional)
    actions.accept_invitation(invitation, newcomer)
    assert orphans() == []


# --- areas -----------------------------------------------------------------------------------------------------------
def test_only_central_administrators_name_regional_ones(organisation, owner, newcomer):
    county = organisation.home_municipality.county
    administrator = User.objects.create_superuser("paa@example.org")
    regional = area_administrator(county)
    for user in (owner, regional):
        with pytest.raises(PermissionDenied):
            actions.grant_area(newcomer, county, by=user)
        with pytest.raises(PermissionDenied):
            actions.revoke_area(AreaRole.objects.get(), by=user)
    role = actions.grant_area(newcomer, county, by=administrator)
    assert actions.grant_area(newcomer, county, by=administrator) == role
    assert [group.name for group in newcomer.groups.all()] == ["Regional administrators"]
    assert not newcomer.get_all_permissions()
    actions.revoke_area(role, by=administrator)
    assert not newcomer.groups.exists()
    assert not AreaRole.objects.filter(user=newcomer).exists()


def test_the_group_stays_while_there_is_another_area(newcomer):
    administrator = User.objects.create_superuser("paa@example.org")
    one, two = CountyFactory(), CountyFactory(code="13")
    first = actions.grant_area(newcomer, one, by=administrator)
    actions.grant_area(newcomer, two, by=administrator)
    actions.revoke_area(first, by=administrator)
    assert newcomer.groups.exists()


@pytest.mark.parametrize("closes", [True, False])
def test_what_a_regional_administrator_had_waiting_gets_another_name(organisation, newcomer, closes: bool):
    county = organisation.home_municipality.county
    first, second = area_administrator(county), area_administrator(county, "toinen@example.org")
    actions.claim_organisation(newcomer, organisation)
    case = Case.objects.get()
    assert case.assigned_to == first
    if closes:
        close_account(first, by=first)
    else:
        actions.revoke_area(AreaRole.objects.get(user=first), by=User.objects.create_superuser("paa@example.org"))
    case.refresh_from_db()
    assert case.assigned_to == second


# --- the promise -----------------------------------------------------------------------------------------------------
PEOPLE = range(4)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["join", "leave", "close", "hand_over", "keep", "bounce", "demote", "remove"]),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.sampled_from(Role.values),
    ),
    max_size=14,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_service_is_ever_left_without_a_reachable_person_or_a_case(django_db_blocker, steps):
    """Whatever people do, in whatever order."""
    from django.db import transaction

    with transaction.atomic():
        staff = User.objects.create_superuser("paa@example.org")
        house = OrganisationFactory(home_municipality=MunicipalityFactory())
        services = [ServiceFactory(organisation=house), ServiceFactory(organisation=house)]
        people = [User.objects.create_user(f"h{number}@example.org") for number in PEOPLE]
        claim = actions.claim_organisation(people[0], house)
        actions.approve_claim(claim, by=staff, proof="call", proof_note="x")
        for step in steps:
            _take(step, people, services, house, staff)
            _assert_promise(house)
        transaction.set_rollback(True)


def _take(step: tuple, people: list[User], services: list[Service], house: Organisation, staff: User) -> None:
    verb, one, other, role = step
    user, second = people[one], people[other]
    try:
        if verb == "join" and user.is_active:
            invitation = actions.invite(house, email=user.email, role=role, by=staff)
            actions.accept_invitation(invitation, user)
        elif verb == "leave":
            actions.leave(user, house)
        elif verb == "close" and user.is_active:
            close_account(user, by=user)
        elif verb == "hand_over":
            actions.hand_over(user, second, house, by=user)
        elif verb == "keep":
            service = Service.objects.get(pk=services[one % 2].pk)
            actions.set_keepers(service, owner=user, deputy=second, by=staff)
        elif verb == "bounce" and user.is_active:
            BouncedAddress.objects.get_or_create(email=user.email, defaults={"bounced_at": timezone.now()})
            actions.mail_came_back(user)
        elif verb == "demote":
            actions.change_role(part(user, house), role=role, by=staff)
        elif verb == "remove":
            actions.remove_member(part(user, house), by=staff)
    except (actions.LastOwnerError, ValidationError, PermissionDenied, Membership.DoesNotExist):
        # Refused, as it should be; the promise holds all the same.
        pass


def _assert_promise(house: Organisation) -> None:
    waiting = set(Case.objects.open().filter(kind=CaseKind.ORPHAN).values_list("key", flat=True))
    assert keys_without_person(house) == waiting - {None}
    has_team = Membership.objects.filter(organisation=house).exists()
    assert (None in waiting) == (has_team and not has_reachable_owner(house))
    for service in Service.objects.filter(organisation=house):
        assert service.owner is None or service.owner.is_active
        assert service.deputy is None or service.deputy.is_active
