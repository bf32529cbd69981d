"""Coming in: asking is never doubled, and letting in needs a proof, a right to decide, and happens once."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import ModelLogEntry

from directory import actions
from directory.choices import CaseKind, ClaimState, Proof, Role, Sector
from directory.models import Case, Claim, County, Membership, Organisation
from directory.signals import claim_decided
from portal.accounts.models import User
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ServiceFactory,
    area_administrator,
    member,
)

pytestmark = pytest.mark.django_db
PROOF = {"proof": Proof.CALL, "proof_note": "Puheenjohtaja vahvisti."}


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(home_municipality=MunicipalityFactory())


@pytest.fixture
def asker() -> User:
    return User.objects.create_user("aino@talo.fi")


@pytest.fixture
def regional(organisation: Organisation) -> User:
    return area_administrator(organisation.home_municipality.county)


@pytest.fixture
def claim(asker: User, organisation: Organisation) -> Claim:
    return actions.claim_organisation(asker, organisation, message="Olen sihteeri.")


def proposed(asker: User, **values) -> Claim:
    given = {"name": "Uusi Talo ry", "sector": Sector.ASSOCIATION, "municipality": MunicipalityFactory()}
    return actions.propose_organisation(asker, **{**given, **values})


def role_of(user: User, organisation: Organisation) -> str:
    return Membership.objects.get(user=user, organisation=organisation).role


# --- asking ----------------------------------------------------------------------------------------------------------
def test_a_claim_waits_in_the_queue_with_a_name_on_it(regional: User, claim: Claim):
    case = Case.objects.get(kind=CaseKind.CLAIM)
    assert (case.claim, case.organisation, case.assigned_to) == (claim, claim.organisation, regional)
    assert not Membership.objects.exists()


def test_a_waiting_claim_is_not_doubled(asker: User, claim: Claim):
    assert actions.claim_organisation(asker, claim.organisation, message="Taas") == claim
    first = proposed(asker)
    assert proposed(asker, name=" uusi  TALO RY") == first
    assert proposed(asker, name="Toinen talo") != first
    assert Case.objects.open().filter(kind=CaseKind.CLAIM).count() == 3


def test_a_member_claims_nothing(organisation: Organisation):
    with pytest.raises(actions.AlreadyMemberError):
        actions.claim_organisation(member(organisation, Role.WRITER), organisation)


def test_a_closed_account_asks_nothing(organisation: Organisation, asker: User):
    asker.is_active = False
    with pytest.raises(PermissionDenied):
        actions.claim_organisation(asker, organisation)
    with pytest.raises(PermissionDenied):
        proposed(asker)


def test_a_wrong_number_is_not_proposed(asker: User):
    with pytest.raises(ValidationError) as caught:
        proposed(asker, business_id="1234567-8")
    assert "business_id" in caught.value.error_dict


# --- deciding --------------------------------------------------------------------------------------------------------
def test_approval_makes_the_first_person_owner_and_writes_the_proof_down(regional: User, claim: Claim):
    told = []

    def hear(sender, claim, **kwargs):
        told.append(claim)

    claim_decided.connect(hear)
    decided = actions.approve_claim(claim, by=regional, role=Role.WRITER, **PROOF)
    claim_decided.disconnect(hear)
    assert role_of(claim.user, claim.organisation) == Role.OWNER
    decided.refresh_from_db()
    assert (decided.state, decided.decided_by, decided.proof) == (ClaimState.APPROVED, regional, Proof.CALL)
    assert decided.proof_note == PROOF["proof_note"]
    assert not Case.objects.open().exists()
    assert told == [decided]
    logged = {entry.action: entry.data for entry in ModelLogEntry.objects.filter(object_id=claim.organisation.pk)}
    assert logged["directory.claim"]["proof"] == Proof.CALL
    assert logged["directory.join"]["person"] == claim.user.pk


def test_the_second_person_gets_the_role_that_was_given(regional: User, claim: Claim):
    member(claim.organisation, Role.OWNER)
    actions.approve_claim(claim, by=regional, role=Role.DEPUTY, **PROOF)
    assert role_of(claim.user, claim.organisation) == Role.DEPUTY


def test_approval_makes_nobodys_role_smaller(regional: User, claim: Claim):
    member(claim.organisation, Role.OWNER)
    Membership.objects.create(organisation=claim.organisation, user=claim.user, role=Role.OWNER)
    actions.approve_claim(claim, by=regional, role=Role.WRITER, **PROOF)
    assert role_of(claim.user, claim.organisation) == Role.OWNER


def test_services_without_a_keeper_stay_so(regional: User, claim: Claim):
    service = ServiceFactory(organisation=claim.organisation)
    actions.approve_claim(claim, by=regional, **PROOF)
    service.refresh_from_db()
    assert service.owner is None


@pytest.mark.parametrize(
    ("proof", "note", "field"), [("", "x", "proof"), ("guess", "x", "proof"), (Proof.REGISTER, " ", "proof_note")]
)
def test_without_a_proof_nobody_is_let_in(regional: User, claim: Claim, proof: str, note: str, field: str):
    with pytest.raises(ValidationError) as caught:
        actions.approve_claim(claim, by=regional, proof=proof, proof_note=note)
    assert field in caught.value.error_dict
    assert not Membership.objects.exists()


def test_an_address_that_anybody_can_have_is_no_proof(regional: User, organisation: Organisation):
    claim = actions.claim_organisation(User.objects.create_user("aino@gmail.com"), organisation)
    with pytest.raises(ValidationError) as caught:
        actions.approve_claim(claim, by=regional, proof=Proof.MAIL_DOMAIN, proof_note="Osoite")
    assert "proof" in caught.value.error_dict


def test_a_proposed_organisation_is_made_and_public(asker: User):
    claim = proposed(asker, website="https://uusitalo.fi", business_id="1572860-0")
    regional = area_administrator(claim.proposed_municipality.county)
    made = actions.approve_claim(claim, by=regional, **PROOF).organisation
    assert made in Organisation.objects.public()
    assert (str(made), made.slug, made.business_id) == ("Uusi Talo ry", "uusi-talo-ry", "1572860-0")
    assert made.latest_revision is not None
    assert not made.has_unpublished_changes
    assert role_of(asker, made) == Role.OWNER


def test_two_of_one_name_get_addresses_of_their_own(asker: User):
    OrganisationFactory(slug="uusi-talo-ry")
    claim = proposed(asker)
    made = actions.approve_claim(claim, by=User.objects.create_superuser("a@example.org"), **PROOF).organisation
    assert made.slug == "uusi-talo-ry-2"


def test_a_proposed_one_that_is_there_already_is_not_made_again(asker: User, organisation: Organisation):
    claim = proposed(asker)
    regional = area_administrator(claim.proposed_municipality.county)
    actions.approve_claim(claim, by=regional, organisation=organisation, **PROOF)
    assert Organisation.objects.count() == 1
    assert role_of(asker, organisation) == Role.OWNER


def test_a_refusal_has_words_and_lets_nobody_in(regional: User, claim: Claim):
    with pytest.raises(ValidationError):
        actions.refuse_claim(claim, by=regional, words=" ")
    refused = actions.refuse_claim(claim, by=regional, words="Soita meille.")
    assert (refused.state, refused.words) == (ClaimState.REFUSED, "Soita meille.")
    assert not Membership.objects.exists()
    assert not Case.objects.open().exists()


def test_a_claim_is_decided_once(regional: User, claim: Claim):
    actions.refuse_claim(claim, by=regional, words="Ei")
    with pytest.raises(actions.AlreadyDecidedError):
        actions.approve_claim(claim, by=regional, **PROOF)
    assert actions.claim_organisation(claim.user, claim.organisation) != claim, "one may ask again"


def test_nobody_decides_their_own(regional: User, organisation: Organisation):
    own = actions.claim_organisation(regional, organisation)
    with pytest.raises(PermissionDenied):
        actions.approve_claim(own, by=regional, **PROOF)


def test_only_the_areas_own_people_decide(claim: Claim, asker: User):
    elsewhere = area_administrator(CountyFactory(code="13", names={"fi": "Keski-Suomi"}), "muualta@example.org")
    owner = member(claim.organisation, Role.OWNER)
    new = proposed(asker)
    for user in (elsewhere, owner):
        for each in (claim, new):
            assert not actions.may_decide(user, each)
            with pytest.raises(PermissionDenied):
                actions.approve_claim(each, by=user, **PROOF)
            with pytest.raises(PermissionDenied):
                actions.refuse_claim(each, by=user, words="Ei")


def test_an_area_gives_no_organisation_of_another_area(asker: User, organisation: Organisation):
    far = MunicipalityFactory(code="179", county=CountyFactory(code="13"))
    claim = proposed(asker, municipality=far)
    regional = area_administrator(County.objects.get(code="13"))
    with pytest.raises(PermissionDenied):
        actions.approve_claim(claim, by=regional, organisation=organisation, **PROOF)
