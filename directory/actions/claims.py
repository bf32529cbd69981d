"""Writes of coming in: a person claims an organisation or proposes a missing one; a person of the directory decides.

Deciding asks for a proof of right, which is written down with the claim. What looks alike is for people to see before
(directory.organisation_finder); nothing here is decided by likeness.
"""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from directory import permissions
from directory.actions.cases import close_cases, open_case
from directory.actions.keepers import has_reachable_owner
from directory.actions.people import add_member
from directory.actions.reviewing import AlreadyDecidedError
from directory.choices import CaseKind, ClaimState, Proof, Role
from directory.models import Claim, Membership, Municipality, Organisation
from directory.organisation_finder import MailHint, fold, mail_hint
from directory.permissions import Action
from directory.signals import claim_decided
from portal.accounts.models import User
from portal.base import languages
from portal.base.slugs import free_slug


class AlreadyMemberError(Exception):
    """The person keeps the organisation's listings already."""


# --- asking ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def claim_organisation(
    user: User, organisation: Organisation, *, message: str = "", at: datetime.datetime | None = None
) -> Claim:
    """Say: I may keep this organisation's listings. A claim that waits is returned, not doubled.

    Raises AlreadyMemberError, PermissionDenied for a closed account, ValidationError.
    """
    _require_open(user)
    _lock_person(user)
    if Membership.objects.filter(user=user, organisation=organisation).exists():
        raise AlreadyMemberError
    waiting = Claim.objects.filter(user=user, organisation=organisation, state=ClaimState.WAITING).first()
    return waiting or _begin(Claim(user=user, organisation=organisation, message=message.strip()), at)


@transaction.atomic
def propose_organisation(
    user: User,
    *,
    name: str,
    sector: str,
    municipality: Municipality,
    business_id: str = "",
    website: str = "",
    message: str = "",
    at: datetime.datetime | None = None,
) -> Claim:
    """Say: our organisation is missing, here it is. The same proposal that waits is returned, not doubled.

    Raises PermissionDenied for a closed account, ValidationError.
    """
    _require_open(user)
    _lock_person(user)
    claim = Claim(
        user=user,
        proposed_name=" ".join(name.split()),
        proposed_business_id=business_id.strip(),
        proposed_sector=sector,
        proposed_municipality=municipality,
        proposed_website=website.strip(),
        message=message.strip(),
    )
    _organisation_of(claim).clean_fields(exclude=["slug"])
    waiting = Claim.objects.filter(user=user, organisation=None, state=ClaimState.WAITING)
    same = next((each for each in waiting if fold(each.proposed_name) == fold(claim.proposed_name)), None)
    return same or _begin(claim, at)


def _lock_person(user: User) -> None:
    """Two presses at once are one claim."""
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))


def _require_open(user: User) -> None:
    if not user.is_active:
        raise PermissionDenied("A closed account claims nothing.")


def _begin(claim: Claim, at: datetime.datetime | None) -> Claim:
    claim.full_clean()
    claim.save()
    area = claim.proposed_municipality.county_id if claim.proposed_municipality else None
    open_case(CaseKind.CLAIM, organisation=claim.organisation, claim=claim, county=area, at=at)
    return claim


def _organisation_of(claim: Claim) -> Organisation:
    """The organisation that a claim is about; of a proposed one, what would be made."""
    if claim.organisation is not None:
        return claim.organisation
    language = claim.user.language if claim.user.language != languages.EASY_FINNISH else languages.FINNISH
    return Organisation(
        names={language: claim.proposed_name},
        business_id=claim.proposed_business_id,
        sector=claim.proposed_sector,
        home_municipality=claim.proposed_municipality,
        website=claim.proposed_website,
    )


def may_decide(user: User, claim: Claim) -> bool:
    """Whether a person may decide a claim; a proposed organisation belongs to the area of its home municipality."""
    return permissions.may(user, Action.DECIDE_CLAIM, _organisation_of(claim))


# --- deciding --------------------------------------------------------------------------------------------------------
@transaction.atomic
def approve_claim(
    claim: Claim,
    *,
    by: User,
    proof: str,
    proof_note: str,
    role: str = Role.OWNER,
    organisation: Organisation | None = None,
    words: str = "",
    at: datetime.datetime | None = None,
) -> Claim:
    """Let the person in, with the proof of their right. A proposed organisation is made and published.

    organisation: the one that was meant, when the proposed one is in the directory already. The first person of an
    organisation is its owner, whatever the role. Raises AlreadyDecidedError, PermissionDenied, ValidationError.
    """
    locked = _to_decide(claim, by)
    if role not in Role.values:
        raise ValueError(f"role: unknown value {role!r}")
    if organisation is not None:
        if locked.organisation is not None:
            raise ValueError("the claim names its organisation")
        permissions.require(by, Action.DECIDE_CLAIM, organisation)
        locked.organisation = organisation
    _check_proof(locked, proof, proof_note)
    locked.proof, locked.proof_note = proof, proof_note.strip()
    if locked.organisation is None:
        locked.organisation = _publish_proposed(locked, by=by)
    if not has_reachable_owner(locked.organisation):
        role = Role.OWNER
    _decide(locked, ClaimState.APPROVED, by=by, words=words, at=at)
    add_member(locked.organisation, locked.user, role=role, by=by, claim=locked.pk)
    _log(locked, by=by)
    claim_decided.send(sender=Claim, claim=locked)
    return locked


def _check_proof(claim: Claim, proof: str, note: str) -> None:
    errors = {}
    if proof not in Proof.values:
        errors["proof"] = _("Choose how you made sure.")
    elif proof == Proof.MAIL_DOMAIN and mail_hint(claim.user.email, _organisation_of(claim)) == MailHint.FREE_MAIL:
        errors["proof"] = _("Anybody can have an address at this mail service: make sure in another way.")
    if not note.strip():
        errors["proof_note"] = _("Write what you saw or heard, and from whom.")
    if errors:
        raise ValidationError(errors)


def _publish_proposed(claim: Claim, *, by: User) -> Organisation:
    organisation = _organisation_of(claim)
    organisation.slug = free_slug(
        claim.proposed_name,
        is_taken=lambda slug: Organisation.objects.filter(slug=slug).exists(),
        fallback="jarjesto",
        length=110,
    )
    organisation.live = False
    organisation.full_clean()
    organisation.save()
    # Who may is the table's to say (directory.permissions), not Wagtail's groups'.
    organisation.save_revision(user=by, log_action="wagtail.create").publish(user=by, skip_permission_checks=True)
    organisation.refresh_from_db()
    return organisation


@transaction.atomic
def refuse_claim(claim: Claim, *, by: User, words: str, at: datetime.datetime | None = None) -> Claim:
    """Say no, with the reason in words that the person gets. Raises as `approve_claim`."""
    locked = _to_decide(claim, by)
    if not words.strip():
        raise ValidationError({"words": _("Tell the person why, and what they can do.")})
    _decide(locked, ClaimState.REFUSED, by=by, words=words, at=at)
    if locked.organisation is not None:
        _log(locked, by=by)
    claim_decided.send(sender=Claim, claim=locked)
    return locked


def _to_decide(claim: Claim, by: User) -> Claim:
    # Its related rows are read apart: PostgreSQL locks no outer side of a join.
    locked = Claim.objects.select_for_update().get(pk=claim.pk)
    permissions.require(by, Action.DECIDE_CLAIM, _organisation_of(locked))
    if locked.state != ClaimState.WAITING:
        raise AlreadyDecidedError
    if locked.user_id == by.pk:
        raise PermissionDenied("Nobody decides their own claim.")
    return locked


def _decide(claim: Claim, state: ClaimState, *, by: User, words: str, at: datetime.datetime | None) -> None:
    claim.state, claim.decided_by, claim.decided_at, claim.words = state, by, at or timezone.now(), words.strip()
    claim.full_clean()
    claim.save()
    close_cases(by, at=claim.decided_at, claim=claim)


def _log(claim: Claim, *, by: User) -> None:
    data = {"claim": claim.pk, "state": claim.state, "proof": claim.proof, "person": claim.user_id}
    log(instance=claim.organisation, action="directory.claim", user=by, data=data)
