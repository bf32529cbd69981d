"""Sending: a referral, its person sealed, and an enquiry with letters to each organisation, in one transaction."""

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from directory.models import Service
from portal.base import languages
from referrals import audit, counting, letters
from referrals.actors import PERSON, Actor
from referrals.choices import ConsentHow, LogEvent, Origin, Party, Purpose, Reach, State
from referrals.codes import hash_of, new_code
from referrals.guidance import MOST_DAYS_AHEAD, MOST_ENQUIRIES, guidance_of
from referrals.locking import lock_referral_of_team, lock_team
from referrals.models import Enquiry, Message, Person, PersonDetails, Referral, Team
from referrals.noticing import refused_in
from referrals.permissions import is_in_team
from referrals.receiving import Receiver, receivers
from referrals.switch import require_in_use

# How a person gives consent to a worker.
_WORKERS_CONSENT = frozenset({ConsentHow.SPOKEN, ConsentHow.WRITTEN})


class CannotBeAskedError(ValidationError):
    """A chosen listing cannot be asked (any more). keys: which ones."""

    def __init__(self, keys: Sequence[UUID]) -> None:
        super().__init__(_("One of the organisations cannot be asked here any more. Choose again."))
        self.keys = list(keys)


class AlreadySentError(Exception):
    """This very draft was sent before: a button pressed twice, a page sent again. Nothing was sent now.

    referral: what it became.
    """

    def __init__(self, referral: Referral) -> None:
        super().__init__("already sent")
        self.referral = referral


@dataclass(frozen=True)
class Draft:
    """A referral as it is to be sent. services: UUIDs. meeting_at: of a joint meeting, the time that is suggested.

    uuid: the referral's own, chosen when the form was opened, so that one form is sent once.
    """

    services: tuple[UUID, ...]
    stage: str
    details: PersonDetails
    consent_how: str
    purpose: str = Purpose.REFERRAL
    is_beside_statutory: bool = False
    language: str = languages.FINNISH
    meeting_at: datetime.datetime | None = None
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Sent:
    """What became of it. code: for the person's paper; it is not shown again in the clear but to the team."""

    referral: Referral
    code: str


@sensitive_variables()
@transaction.atomic
def send(draft: Draft, *, team: Team | None = None, by: Any = None, at: datetime.datetime | None = None) -> Sent:
    """Send a referral: a worker's in the name of a team, or, with neither team nor person, the person's own.

    Raises NotInUseError, PermissionDenied, ValidationError (nothing may be sent in this stage, consent or a way to
    reach the person is missing, words that must not be sent), CannotBeAskedError and AlreadySentError. Nothing is kept
    then.
    """
    require_in_use()
    is_own = team is None
    # Nobody closes the team, or takes the worker out of it, meanwhile.
    lock_team(team)
    if is_own != (by is None) or (team is not None and not is_in_team(by, team)):
        raise PermissionDenied("not a member of this team")
    now = at or timezone.now()
    _check(draft, is_own=is_own, now=now)
    code = new_code()
    referral = _create(
        Referral(
            uuid=draft.uuid,
            purpose=draft.purpose,
            origin=Origin.OWN if is_own else Origin.WORKER,
            stage=draft.stage,
            team=team,
            keeper=by,
            language=draft.language,
            consent_how=ConsentHow.OWN if is_own else draft.consent_how,
            consent_at=now,
            is_beside_statutory=draft.is_beside_statutory,
            code_hash=hash_of(code),
            sent_at=now,
        )
    )
    person = Person(referral=referral)
    person.details = dataclasses.replace(draft.details, code=code)
    person.save()
    asked = _ask(referral, draft.services, consent_how=referral.consent_how, at=now, meeting_at=draft.meeting_at)
    # The log last: everybody waits for it.
    actor = sender_of(referral, by)
    audit.append(LogEvent.SEND, referral, actor, at=now)
    _log_links(asked, actor, now)
    return Sent(referral, code)


@transaction.atomic
def add_enquiries(
    referral: Referral, services: Sequence[UUID], *, consent_how: str, by: Any, at: datetime.datetime | None = None
) -> None:
    """Ask further organisations, because others were silent or declined; those that were asked already are not asked
    again. consent_how: how the person consented to these. Whoever does it keeps the referral when its keeper has left.
    Raises as `send` does, and Referral.DoesNotExist when it was removed."""
    require_in_use()
    locked = lock_referral_of_team(referral)
    if not is_in_team(by, locked.team):
        raise PermissionDenied("not a member of this team")
    if consent_how not in _WORKERS_CONSENT:
        raise ValidationError(_("Tell how the person gave consent."))
    if locked.withdrawn_at is not None or not Person.objects.filter(referral=locked).exists():
        raise ValidationError(_("The person has withdrawn, or the referral is over."))
    known = set(locked.enquiries.values_list("service_key", flat=True))
    further = [key for key in dict.fromkeys(services) if key not in known]
    if locked.enquiries.open().count() + len(further) > MOST_ENQUIRIES:
        raise ValidationError(_("At most %(most)d organisations at a time.") % {"most": MOST_ENQUIRIES})
    now = at or timezone.now()
    asked = _ask(locked, further, consent_how=consent_how, at=now)
    settle(locked, at=now)
    actor = sender_of(locked, by)
    if not is_in_team(locked.keeper, locked.team):
        locked.keeper = by
        locked.save(update_fields=["keeper"])
        audit.append(LogEvent.TAKE_OVER, locked, actor, at=now)
    _log_links(asked, actor, now)


def settle(referral: Referral, *, at: datetime.datetime) -> None:
    """Close a referral when its last enquiry has come to its end, or open it again. It is held by the caller."""
    is_open = referral.enquiries.open().exists()
    if is_open == (referral.closed_at is None):
        return
    referral.closed_at = None if is_open else at
    referral.save(update_fields=["closed_at"])


def sender_of(referral: Referral, user: Any) -> Actor:
    """The sender as an actor."""
    if referral.is_own:
        return PERSON
    return Actor(Party.SENDER, user=user, in_name_of=str(referral.team))


def _create(referral: Referral) -> Referral:
    try:
        with transaction.atomic():
            referral.save(force_insert=True)
    except IntegrityError:
        # Of two that come at once the database lets one through.
        sent = Referral.objects.filter(uuid=referral.uuid).first()
        if sent is None:
            raise
        raise AlreadySentError(sent) from None
    return referral


@sensitive_variables()
def _check(draft: Draft, *, is_own: bool, now: datetime.datetime) -> None:
    if not guidance_of(draft.stage).sends_data:
        raise ValidationError(_("In this stage nothing about the person is sent. Give the options along."))
    if draft.purpose == Purpose.JOINT_MEETING and (is_own or not guidance_of(draft.stage).calls_together):
        raise ValidationError(_("A joint meeting is called by a worker, in stages 3 to 5."))
    if fault := fault_of_time(draft.meeting_at, now):
        raise ValidationError(fault)
    if not 1 <= len(set(draft.services)) <= MOST_ENQUIRIES:
        raise ValidationError(_("Choose one to %(most)d organisations.") % {"most": MOST_ENQUIRIES})
    if not is_own and draft.consent_how not in _WORKERS_CONSENT:
        raise ValidationError(_("Tell how the person gave consent."))
    details = draft.details
    if not details.name.strip() or not details.hope.strip():
        raise ValidationError(_("Tell the first name or an alias, and what the person hopes for."))
    if details.reach not in Reach.values or (details.reach != Reach.COMES) != bool(details.reach_value):
        raise ValidationError(_("Tell how the person is reached, or let the person make contact."))
    if refused_in(details):
        raise ValidationError(_("The text holds something that must not be sent. Take it out."))


def fault_of_time(meeting_at: datetime.datetime | None, now: datetime.datetime) -> str:
    """What is wrong with the time of a meeting, in words; empty when nothing is, or no time is told."""
    if meeting_at is None:
        return ""
    if meeting_at < now:
        return _("The time is past.")
    # An enquiry rests until its meeting has been: one in a hundred years would be kept as long.
    if meeting_at > now + datetime.timedelta(days=MOST_DAYS_AHEAD):
        return _("The time is more than a year away.")
    return ""


def _ask(
    referral: Referral,
    keys: Sequence[UUID],
    *,
    consent_how: str,
    at: datetime.datetime,
    meeting_at: datetime.datetime | None = None,
) -> list[Enquiry]:
    asked = []
    for found in _receivers(keys, referral):
        service = found.service
        enquiry = Enquiry.objects.create(
            referral=referral,
            organisation=service.organisation,
            service_key=service.translation_key,
            title=service.title,
            consent_how=consent_how,
            consent_at=at,
            state=State.SENT,
            meeting_at=meeting_at,
            waits_since=at,
            changed_at=at,
        )
        counting.begin_tally(enquiry, service)
        letters.send_links(enquiry, list(found.recipients), why=letters.NEW, at=at)
        asked.append(enquiry)
    return asked


def _log_links(asked: Sequence[Enquiry], by: Actor, at: datetime.datetime) -> None:
    for enquiry in asked:
        audit.append(LogEvent.LINK_SENT, enquiry.referral, by, at=at, enquiry=enquiry)


def _receivers(keys: Sequence[UUID], referral: Referral) -> list[Receiver]:
    wanted = list(dict.fromkeys(keys))
    rows = Service.objects.public().of_keys(wanted).best_for(languages.FINNISH).with_list_facts()
    rows = rows.select_related("organisation__home_municipality").prefetch_related("contact_ways")
    found = {each.service.translation_key: each for each in receivers(rows, is_own=referral.is_own)}
    missing = [key for key in wanted if key not in found or not found[key].can_be_asked]
    if missing:
        raise CannotBeAskedError(missing)
    return [found[key] for key in wanted]


@sensitive_variables()
def write_message(enquiry: Enquiry, *, act: str, party: str, text: str, at: datetime.datetime) -> Message | None:
    """Keep the words of an act, sealed; nothing for no words."""
    if not text.strip():
        return None
    message = Message(enquiry=enquiry, act=act, party=party, at=at)
    message.text = text.strip()
    message.save()
    return message
