"""The pages of coming in, the team and handing over, by HTTP: who gets where, what acts, and what nobody learns."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.choices import CaseKind, ClaimState, Role
from directory.models import AreaRole, Case, Claim, Invitation, Membership, Organisation, Service
from portal.accounts.actions import close_account
from portal.accounts.models import User
from portal.post.bounces import Bounce, Kind
from portal.post.letters import mark_bounced
from portal.post.models import Letter
from portal.workspace.arriving.links import token_of
from tests.accounts.ways_in import code_in_mail
from tests.factories.content import HomePageFactory
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ServiceFactory,
    area_administrator,
    member,
)

pytestmark = pytest.mark.django_db
YES = {"decision": "approve", "yes-proof": "call", "yes-proof_note": "Puheenjohtaja vahvisti.", "yes-words": ""}


@pytest.fixture(autouse=True)
def _front_page() -> None:
    cache.clear()
    HomePageFactory()


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(
        names={"fi": "Lyhtypolun Mielituki ry"}, slug="lyhtypolku", home_municipality=MunicipalityFactory()
    )


@pytest.fixture
def owner(organisation: Organisation) -> User:
    return member(organisation, Role.OWNER)


@pytest.fixture
def writer(organisation: Organisation) -> User:
    return member(organisation, Role.WRITER)


@pytest.fixture
def newcomer() -> User:
    return User.objects.create_user("uusi@example.org")


@pytest.fixture
def regional(organisation: Organisation) -> User:
    return area_administrator(organisation.home_municipality.county)


def as_user(user: User, **options) -> Client:
    client = Client(**options)
    client.force_login(user, backend="portal.accounts.backends.AuthenticationBackend")
    return client


def url(name: str, **values) -> str:
    return reverse(f"workspace:{name}", kwargs=values)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def letters(key: str) -> list[Letter]:
    return list(Letter.objects.filter(key__startswith=key).order_by("pk"))


# --- coming in -------------------------------------------------------------------------------------------------------
def test_anybody_finds_an_organisation_and_is_led_to_sign_in(client: Client, organisation: Organisation):
    found = client.get(url("arrive"), {"q": "mielituki"})
    assert url("claim", slug="lyhtypolku") in found.content.decode()
    page = client.get(url("claim", slug="lyhtypolku")).content.decode()
    assert f"{reverse('account_login')}?next=" in page
    assert f"{reverse('account_signup')}?next=" in page
    answer = client.post(url("claim", slug="lyhtypolku"), {"message": "x"})
    assert answer.url.startswith(reverse("account_login"))
    assert not Claim.objects.exists()


def test_a_new_person_comes_back_to_the_claim_after_signing_up(client: Client, organisation: Organisation):
    wanted = url("claim", slug="lyhtypolku")
    page = client.get(wanted).content.decode()
    signup = re.search(rf'"({reverse("account_signup")}\?next=[^"]+)"', page)[1]
    answer = client.post(signup, {"email": "aino@lyhty.fi", "name": "", "next": wanted})
    answer = client.post(answer.url, {"code": code_in_mail()})
    assert answer.url == wanted
    answer = client.post(wanted, {"message": "Olen sihteeri."})
    claim = Claim.objects.get()
    assert answer.url == url("claim_state", pk=claim.pk)
    assert client.get(answer.url).status_code == 200
    assert [letter.to for letter in letters("claim-received")] == ["aino@lyhty.fi"]
    assert client.get(wanted).url == answer.url, "it waits already"


def test_a_hidden_organisation_is_not_to_be_claimed(newcomer: User):
    OrganisationFactory(slug="piilossa", is_hidden=True)
    assert as_user(newcomer).get(url("claim", slug="piilossa")).status_code == 404
    assert as_user(newcomer).post(url("claim", slug="piilossa"), {"message": "x"}).status_code == 404


def test_a_claim_gives_nothing_but_a_claim(newcomer: User, organisation: Organisation):
    """Whatever else is sent with it."""
    other = OrganisationFactory()
    as_user(newcomer).post(
        url("claim", slug="lyhtypolku"),
        {"message": "x", "state": "approved", "role": "owner", "organisation": other.pk, "user": 1, "proof": "call"},
    )
    claim = Claim.objects.get()
    assert (claim.state, claim.organisation, claim.user, claim.proof) == (
        ClaimState.WAITING,
        organisation,
        newcomer,
        "",
    )
    assert not Membership.objects.exists()


def test_ones_own_claims_alone_are_seen(newcomer: User, organisation: Organisation, writer: User):
    claim = actions.claim_organisation(newcomer, organisation)
    assert as_user(writer).get(url("claim_state", pk=claim.pk)).status_code == 404
    assert as_user(newcomer).get(url("claim_state", pk=claim.pk)).status_code == 200


PROPOSAL = {
    "name": "Lyhtypolun mielituki",
    "business_id": "",
    "sector": "association",
    "municipality": "297",
    "website": "",
    "message": "Olen sihteeri.",
}


def test_those_that_look_alike_are_shown_before_a_new_one_is_proposed(newcomer: User, organisation: Organisation):
    client = as_user(newcomer)
    page = client.post(url("propose"), PROPOSAL)
    assert url("claim", slug="lyhtypolku") in page.content.decode()
    assert 'value="Lyhtypolun mielituki"' in page.content.decode(), "what was written is still there"
    assert not Claim.objects.exists()
    answer = client.post(url("propose"), {**PROPOSAL, "none_of_these": "on"})
    claim = Claim.objects.get()
    assert answer.url == url("claim_state", pk=claim.pk)
    assert (claim.organisation, claim.proposed_name) == (None, "Lyhtypolun mielituki")


def test_a_hidden_lookalike_is_told_to_nobody(newcomer: User):
    MunicipalityFactory()
    OrganisationFactory(names={"fi": "Lyhtypolun mielituki"}, slug="piilossa", is_hidden=True)
    page = as_user(newcomer).post(url("propose"), PROPOSAL)
    assert page.status_code == 302


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"business_id": "1234567-8"}, {"municipality": "999"}, {"message": ""}]
)
def test_a_wrong_proposal_comes_back(newcomer: User, organisation: Organisation, change: dict):
    page = as_user(newcomer).post(url("propose"), {**PROPOSAL, **change})
    assert page.status_code == 400
    assert "error-summary" in page.content.decode()
    assert not Claim.objects.exists()


def test_many_requests_in_an_hour_are_too_many(newcomer: User):
    client = as_user(newcomer)
    MunicipalityFactory()
    for number in range(14):
        client.post(url("propose"), {**PROPOSAL, "name": f"Aivan oma nimi {number * 7919}", "none_of_these": "on"})
    assert Claim.objects.count() == 10


# --- invitations -----------------------------------------------------------------------------------------------------
@pytest.fixture
def invitation(organisation: Organisation, owner: User) -> Invitation:
    return actions.invite(organisation, email="kutsuttu@talo.fi", role=Role.WRITER, by=owner)


def test_the_letter_leads_to_the_invitation(client: Client, invitation: Invitation):
    (letter,) = letters(f"invitation-{invitation.key}")
    assert letter.to == "kutsuttu@talo.fi"
    path = re.search(r"https?://[^/]+(/fi/tyotila/kutsu/\S+)", letter.text)[1]
    page = client.get(path)
    assert "Lyhtypolun Mielituki ry" in words(page)
    assert not Membership.objects.filter(role=Role.WRITER).exists(), "looking does nothing"


def test_an_invitation_is_accepted_by_pressing_once(newcomer: User, invitation: Invitation):
    client, address = as_user(newcomer), url("invitation", token=token_of(invitation))
    assert "uusi@example.org" in words(client.get(address)), "it says that the address is another one"
    answer = client.post(address, {"role": "owner", "organisation": 1})
    assert answer.url == url("organisation", slug="lyhtypolku")
    assert Membership.objects.get(user=newcomer).role == Role.WRITER
    other = as_user(User.objects.create_user("toinen@example.org"))
    assert other.post(address).status_code == 409
    assert other.get(address).status_code == 200
    assert Membership.objects.count() == 2


def test_who_is_not_signed_in_joins_nothing(client: Client, invitation: Invitation):
    answer = client.post(url("invitation", token=token_of(invitation)))
    assert answer.url.startswith(reverse("account_login"))
    assert Membership.objects.count() == 1


def test_an_invitation_says_kindly_that_its_time_is_over(newcomer: User, invitation: Invitation):
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(minutes=1))
    client, address = as_user(newcomer), url("invitation", token=token_of(invitation))
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 409
    assert not Membership.objects.filter(user=newcomer).exists()


def test_a_made_up_invitation_is_not_there(client: Client, invitation: Invitation):
    key, signature = token_of(invitation).split(":")
    for token in (key, f"{key}:x{signature[1:]}", invitation.key, f"{'0' * 32}:{signature}", "x"):
        assert client.get(url("invitation", token=token)).status_code == 404


def test_inviting_tells_nobody_who_has_an_account(owner: User, newcomer: User):
    client = as_user(owner)

    def answer_to(email: str) -> tuple:
        answer = client.post(url("invite", slug="lyhtypolku"), {"email": email, "role": "writer"})
        page = client.get(answer.url)
        return answer.status_code, answer.url, words(page).replace(email, "@")

    first = answer_to(newcomer.email)
    Invitation.objects.all().delete()
    assert answer_to("eitilia@example.org") == first


def test_many_invitations_in_an_hour_are_too_many(owner: User):
    client = as_user(owner)
    for number in range(33):
        client.post(url("invite", slug="lyhtypolku"), {"email": f"a{number}@example.org", "role": "writer"})
    assert Invitation.objects.count() == 30


# --- team ------------------------------------------------------------------------------------------------------------
def addresses_of(organisation: Organisation, other: Membership, invitation: Invitation) -> dict[str, str]:
    slug = {"slug": organisation.slug}
    return {
        "team": url("team", **slug),
        "invite": url("invite", **slug),
        "member": url("member", **slug, pk=other.pk),
        "remove": url("remove_member", **slug, pk=other.pk),
        "cancel": url("cancel_invitation", **slug, pk=invitation.pk),
        "hand_over": url("hand_over", **slug),
    }


def test_others_find_nothing(owner: User, writer: User, organisation: Organisation, invitation: Invitation):
    """404, as if it were not there; and nothing happens."""
    pages = addresses_of(organisation, Membership.objects.get(user=writer), invitation)
    service = ServiceFactory(organisation=organisation)
    pages["keepers"] = url("keepers", key=service.translation_key)
    strangers = [
        member(OrganisationFactory(), Role.OWNER),
        User.objects.create_user("irrallaan@example.org"),
        area_administrator(CountyFactory(code="13"), "muualta@example.org"),
    ]
    before = list(Membership.objects.values_list("user", "organisation", "role"))
    for stranger in strangers:
        client = as_user(stranger)
        for name, page in pages.items():
            answers = {
                client.post(page, {"role": "owner", "email": "x@example.org", "to": ""}).status_code,
                client.get(page).status_code,
            }
            # 405: a page that only shows, or only acts.
            assert 404 in answers <= {404, 405}, name
    assert list(Membership.objects.values_list("user", "organisation", "role")) == before
    assert Invitation.objects.open().count() == 1


def test_a_writer_sees_the_team_and_changes_nothing(owner: User, writer: User, organisation, invitation):
    client = as_user(writer)
    page = client.get(url("team", slug="lyhtypolku"))
    assert owner.email in words(page)
    assert invitation.email not in words(page)
    pages = addresses_of(organisation, Membership.objects.get(user=owner), invitation)
    for name in ("invite", "member", "remove", "cancel"):
        assert client.post(pages[name], {"role": "writer", "email": "x@example.org"}).status_code == 404, name


def test_ids_of_another_organisation_do_nothing(owner: User, organisation: Organisation):
    other = OrganisationFactory()
    theirs = Membership.objects.get(user=member(other, Role.WRITER))
    their_owner = member(other, Role.OWNER)
    their_invitation = actions.invite(other, email="x@talo.fi", role=Role.WRITER, by=their_owner)
    client = as_user(owner)
    assert client.post(url("member", slug="lyhtypolku", pk=theirs.pk), {"role": "owner"}).status_code == 404
    assert client.post(url("remove_member", slug="lyhtypolku", pk=theirs.pk), {"to": ""}).status_code == 404
    cancel = url("cancel_invitation", slug="lyhtypolku", pk=their_invitation.pk)
    assert client.post(cancel).status_code == 404
    my_part = Membership.objects.get(user=owner)
    answer = client.post(url("hand_over", slug="lyhtypolku"), {"to": str(theirs.pk)})
    assert answer.status_code == 400
    assert Membership.objects.filter(pk__in=[theirs.pk, my_part.pk]).count() == 2


def test_looking_does_nothing(owner: User, writer: User, organisation: Organisation, invitation: Invitation):
    client = as_user(owner)
    for page in addresses_of(organisation, Membership.objects.get(user=writer), invitation).values():
        client.get(page, {"role": "owner", "email": "x@example.org", "to": "1", "leave": "1", "decision": "approve"})
    assert Membership.objects.count() == 2
    assert Invitation.objects.open().count() == 1


def test_a_form_from_elsewhere_does_nothing(owner: User, writer: User, organisation, invitation, newcomer):
    client = as_user(owner, enforce_csrf_checks=True)
    for page in addresses_of(organisation, Membership.objects.get(user=writer), invitation).values():
        assert client.post(page, {"role": "owner", "email": "x@example.org"}).status_code in (403, 405)
    stranger = as_user(newcomer, enforce_csrf_checks=True)
    assert stranger.post(url("invitation", token=token_of(invitation))).status_code == 403
    assert stranger.post(url("claim", slug="lyhtypolku"), {"message": "x"}).status_code == 403
    assert Membership.objects.count() == 2


def test_an_owner_changes_a_role_and_the_person_is_told(owner: User, writer: User, organisation: Organisation):
    part = Membership.objects.get(user=writer)
    as_user(owner).post(url("member", slug="lyhtypolku", pk=part.pk), {"role": "deputy", "user": owner.pk})
    part.refresh_from_db()
    assert (part.role, part.user) == (Role.DEPUTY, writer)
    assert [letter.to for letter in letters("role-")] == [writer.email]


def test_an_unknown_role_is_none(owner: User, writer: User, organisation: Organisation):
    part = Membership.objects.get(user=writer)
    assert as_user(owner).post(url("member", slug="lyhtypolku", pk=part.pk), {"role": "king"}).status_code == 400


def test_a_removed_person_is_told_and_out(owner: User, writer: User, organisation: Organisation):
    service = ServiceFactory(organisation=organisation)
    actions.set_keepers(service, owner=writer, deputy=None, by=owner)
    part = Membership.objects.get(user=writer)
    page = as_user(owner).get(url("member", slug="lyhtypolku", pk=part.pk))
    assert service.title in words(page), "what the person keeps is seen before"
    own = Membership.objects.get(user=owner)
    as_user(owner).post(url("remove_member", slug="lyhtypolku", pk=part.pk), {"to": str(own.pk)})
    assert Service.objects.get(pk=service.pk).owner == owner
    assert [letter.to for letter in letters("removed-")] == [writer.email]
    assert as_user(writer).get(url("team", slug="lyhtypolku")).status_code == 404


def test_letters_are_in_the_persons_language(owner: User, writer: User, organisation: Organisation):
    User.objects.filter(pk=writer.pk).update(language="sv")
    part = Membership.objects.get(user=writer)
    as_user(owner).post(url("member", slug="lyhtypolku", pk=part.pk), {"role": "deputy"})
    (letter,) = letters("role-")
    assert letter.language == "sv"
    assert "/sv/tyotila/" in letter.text


def test_an_owner_is_told_of_who_came(owner: User, newcomer: User, regional: User, organisation: Organisation):
    claim = actions.claim_organisation(newcomer, organisation)
    actions.approve_claim(claim, by=regional, proof="call", proof_note="x", role=Role.WRITER)
    assert [letter.to for letter in letters("joined-")] == [owner.email]
    assert [letter.to for letter in letters("claim-decided-")] == [newcomer.email]


def test_the_team_page_asks_the_database_as_much_for_many_as_for_few(
    owner: User,
    organisation: Organisation,
    django_assert_max_num_queries: Callable,
    django_assert_num_queries: Callable,
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, page = as_user(owner), url("team", slug="lyhtypolku")
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(page)
    for number in range(4):
        user = member(organisation, Role.WRITER, f"k{number}@example.org")
        service = ServiceFactory(organisation=organisation)
        actions.set_keepers(service, owner=user, deputy=owner, by=owner)
        actions.invite(organisation, email=f"i{number}@example.org", role=Role.WRITER, by=owner)
    with django_assert_max_num_queries(len(few)):
        assert "k3@example.org" in words(client.get(page))


# --- handing over ----------------------------------------------------------------------------------------------------
def test_the_last_owner_hands_over_in_one_press(owner: User, writer: User, organisation: Organisation):
    service = ServiceFactory(organisation=organisation)
    actions.set_keepers(service, owner=owner, deputy=None, by=owner)
    client, page = as_user(owner), url("hand_over", slug="lyhtypolku")
    assert service.title in words(client.get(page))
    answer = client.post(page, {"to": str(Membership.objects.get(user=writer).pk)})
    assert answer.url == url("home")
    assert Membership.objects.get(user=writer).role == Role.OWNER
    assert not Membership.objects.filter(user=owner).exists()
    (letter,) = letters("took-over-")
    assert (letter.to, service.title in letter.text) == (writer.email, True)


def test_one_can_hand_over_to_somebody_new(owner: User, newcomer: User, organisation: Organisation):
    page = url("hand_over", slug="lyhtypolku")
    assert as_user(owner).post(page, {"to": "new", "email": ""}).status_code == 400
    as_user(owner).post(page, {"to": "new", "email": newcomer.email})
    invitation = Invitation.objects.get()
    assert invitation.hands_over
    as_user(newcomer).post(url("invitation", token=token_of(invitation)))
    assert list(Membership.objects.values_list("user", "role")) == [(newcomer.pk, Role.OWNER)]


def test_the_last_owner_does_not_just_leave(owner: User, organisation: Organisation):
    as_user(owner).post(url("hand_over", slug="lyhtypolku"), {"leave": "1"})
    assert Membership.objects.filter(user=owner).exists()


def test_a_writer_just_leaves(owner: User, writer: User, organisation: Organisation):
    as_user(writer).post(url("hand_over", slug="lyhtypolku"), {"leave": "1"})
    assert not Membership.objects.filter(user=writer).exists()


def test_a_writer_invites_nobody_by_handing_over(owner: User, writer: User, organisation: Organisation):
    answer = as_user(writer).post(url("hand_over", slug="lyhtypolku"), {"to": "new", "email": "x@example.org"})
    assert answer.status_code == 400
    assert not Invitation.objects.exists()


def test_an_owner_names_a_keeper_of_the_team_alone(owner: User, writer: User, newcomer: User, organisation):
    service = ServiceFactory(organisation=organisation)
    client, page = as_user(owner), url("keepers", key=service.translation_key)
    assert client.post(page, {"owner": str(newcomer.pk), "deputy": ""}).status_code == 400
    assert client.post(page, {"owner": str(writer.pk), "deputy": str(writer.pk)}).status_code == 400
    client.post(page, {"owner": str(writer.pk), "deputy": str(owner.pk)})
    saved = Service.objects.get(pk=service.pk)
    assert (saved.owner, saved.deputy) == (writer, owner)
    (letter,) = letters("took-over-")
    assert (letter.to, service.title in letter.text) == (writer.email, True)


# --- deciding --------------------------------------------------------------------------------------------------------
def test_an_areas_administrator_sees_all_that_is_needed_and_approves(regional: User, organisation: Organisation):
    Organisation.objects.filter(pk=organisation.pk).update(website="https://lyhty.fi", phone="000 123 4504")
    claim = actions.claim_organisation(User.objects.create_user("aino@lyhty.fi"), organisation, message="Sihteeri")
    client, page = as_user(regional), url("claim_decision", pk=claim.pk)
    shown = words(client.get(page))
    for fact in ("aino@lyhty.fi", "lyhty.fi", "Sihteeri"):
        assert fact in shown
    answer = client.post(page, {**YES, "yes-role": "writer"})
    assert answer.url == page
    assert Membership.objects.get().role == Role.OWNER
    assert client.get(page).status_code == 200
    assert "Puheenjohtaja vahvisti." in words(client.get(page))


def test_without_a_proof_the_page_lets_nobody_in(regional: User, newcomer: User, organisation: Organisation):
    claim = actions.claim_organisation(newcomer, organisation)
    client, page = as_user(regional), url("claim_decision", pk=claim.pk)
    assert client.post(page, {**YES, "yes-proof_note": ""}).status_code == 400
    assert client.post(page, {"decision": "refuse", "no-words": ""}).status_code == 400
    assert client.post(page, {"decision": "other"}).status_code == 200
    assert Claim.objects.get().state == ClaimState.WAITING
    client.post(page, {"decision": "refuse", "no-words": "Soita meille."})
    assert Claim.objects.get().state == ClaimState.REFUSED
    assert "Soita meille." in letters("claim-decided-")[0].text


def test_a_second_decision_says_that_there_is_one(regional: User, newcomer: User, organisation: Organisation):
    claim = actions.claim_organisation(newcomer, organisation)
    client, page = as_user(regional), url("claim_decision", pk=claim.pk)
    client.post(page, {"decision": "refuse", "no-words": "Ei"})
    assert client.post(page, YES).url == page
    assert not Membership.objects.exists()


def test_claims_of_other_areas_are_not_there(newcomer: User, organisation: Organisation, owner: User):
    elsewhere = area_administrator(CountyFactory(code="13"), "muualta@example.org")
    known = actions.claim_organisation(newcomer, organisation)
    new = actions.propose_organisation(
        newcomer, name="Uusi", sector="association", municipality=organisation.home_municipality
    )
    for user in (elsewhere, owner, newcomer):
        for claim in (known, new):
            assert as_user(user).get(url("claim_decision", pk=claim.pk)).status_code == 404
            assert as_user(user).post(url("claim_decision", pk=claim.pk), YES).status_code == 404
    assert not Membership.objects.filter(user=newcomer).exists()


def test_a_proposal_can_be_answered_with_the_one_that_was_meant(regional: User, newcomer: User, organisation):
    claim = actions.propose_organisation(
        newcomer, name="Lyhtypolun mielituki", sector="association", municipality=organisation.home_municipality
    )
    client, page = as_user(regional), url("claim_decision", pk=claim.pk)
    assert "Lyhtypolun Mielituki ry" in words(client.get(page))
    unlike = OrganisationFactory()
    assert client.post(page, {**YES, "yes-organisation": str(unlike.pk)}).status_code == 400
    client.post(page, {**YES, "yes-organisation": str(organisation.pk)})
    assert Membership.objects.get().organisation == organisation


def test_nobody_is_offered_their_own_claim(regional: User, organisation: Organisation):
    claim = actions.claim_organisation(regional, organisation)
    assert "yes-proof" not in as_user(regional).get(url("claim_decision", pk=claim.pk)).content.decode()


# --- areas -----------------------------------------------------------------------------------------------------------
def test_only_central_administrators_name_regional_ones(regional: User, newcomer: User, owner: User):
    administrator = as_user(User.objects.create_superuser("paa@example.org"))
    page, county = url("area_roles"), regional.area_roles.get().county
    sent = {"email": newcomer.email, "county": county.pk}
    for user in (regional, owner, newcomer):
        assert as_user(user).get(page).status_code == 404
        assert as_user(user).post(page, sent).status_code == 404
        assert as_user(user).post(page, {"end": regional.area_roles.get().pk}).status_code == 404
    administrator.post(page, sent)
    assert AreaRole.objects.filter(user=newcomer, county=county).exists()
    assert administrator.post(page, {**sent, "email": "eitilia@example.org"}).status_code == 400
    administrator.post(page, {"end": AreaRole.objects.get(user=newcomer).pk})
    assert not AreaRole.objects.filter(user=newcomer).exists()
    assert administrator.post(page, {"end": "x"}).status_code == 404


# --- what follows by itself ------------------------------------------------------------------------------------------
def test_a_closed_account_and_a_returned_letter_lead_to_the_queue(
    owner: User, writer: User, organisation: Organisation
):
    service = ServiceFactory(organisation=organisation)
    part = Membership.objects.get(user=writer)
    actions.change_role(part, role=Role.OWNER, by=owner)
    close_account(owner, by=owner)
    assert not Case.objects.open().exists()
    mark_bounced(Bounce(letters("role-")[0].message_id, Kind.SOFT), timezone.now())
    assert not Case.objects.open().exists(), "a full mailbox passes"
    Letter.objects.update(state=Letter.State.SENT)
    mark_bounced(Bounce(letters("role-")[0].message_id, Kind.HARD), timezone.now())
    assert service.translation_key in Case.objects.open().filter(kind=CaseKind.ORPHAN).values_list("key", flat=True)


def test_what_people_write_is_shown_as_text(regional: User, owner: User, newcomer: User, organisation: Organisation):
    evil = "<script>alert(1)</script>"
    newcomer.set_full_name(evil)
    newcomer.save()
    claim = actions.claim_organisation(newcomer, organisation, message=evil)
    pages = [as_user(regional).get(url("claim_decision", pk=claim.pk))]
    actions.approve_claim(claim, by=regional, proof="call", proof_note=evil, words=evil)
    pages += [
        as_user(regional).get(url("claim_decision", pk=claim.pk)),
        as_user(newcomer).get(url("claim_state", pk=claim.pk)),
        as_user(owner).get(url("team", slug="lyhtypolku")),
        Client().get(url("arrive"), {"q": evil}),
    ]
    for page in pages:
        assert page.status_code == 200
        assert evil not in page.content.decode()
    assert all(evil not in letter.html for letter in Letter.objects.all())


def test_pages_are_kept_by_no_cache(owner: User, organisation: Organisation):
    client = as_user(owner)
    for page in (url("team", slug="lyhtypolku"), url("arrive"), url("claim", slug="lyhtypolku")):
        assert "no-store" in client.get(page).headers["Cache-Control"]


def test_sample_people_are_for_debug_mode_alone():
    with pytest.raises(CommandError):
        call_command("sample_keepers", verbosity=0)
    assert not Membership.objects.exists()
