"""Sending: a referral, its person sealed, and an enquiry with letters to each organisation, in one transaction."""

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Service
from portal.base import languages
from referrals import audit, counting, letters
from referrals.actors import PERSON, Actor
from referrals.choices import ConsentHow, LogEvent, Origin, Party, Purpose, Reach, State
from referrals.codes import hash_of, new_code
from referrals.guidance import MOST_ENQUIRIES, guidance_of
from referrals.models import Enquiry, Message, Person, PersonDetails, Referral, Team
from referrals.noticing import refused_in
from referrals.permissions import is_in_team
from referrals.receiving import Receiver, receivers
from referrals.switch import require_in_use


class CannotBeAskedError(ValidationError):
    """A chosen listing cannot be asked (any more). keys: which ones."""

    def __init__(self, keys: Sequence[UUID]) -> None:
        super().__init__(_("One of the organisations cannot be asked here any more. Choose again."))
        self.keys = list(keys)


@dataclass(frozen=True)
class Draft:
    """A referral as it is to be sent. services: UUIDs. meeting_at: of a joint meeting, the time that is suggested."""

    services: tuple[UUID, ...]
    stage: str
    details: PersonDetails
    consent_how: str
    purpose: str = Purpose.REFERRAL
    is_beside_statutory: bool = False
    language: str = languages.FINNISH
    meeting_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Sent:
    """What became of it. code: for the person's paper; it is not shown again in the clear but to the team."""

    referral: Referral
    code: str


@transaction.atomic
def send(draft: Draft, *, team: Team | None = None, by: Any = None, at: datetime.datetime | None = None) -> Sent:
    """Send a referral: a worker's in the name of a team, or, with neither team nor person, the person's own.

    Raises NotInUseError, PermissionDenied, ValidationError (nothing may be sent in this stage, consent or a way to
    reach the person is missing, words that must not be sent) and CannotBeAskedError. Nothing is kept then.
    """
    require_in_use()
    is_own = team is None
    if is_own != (by is None) or (team is not None and not is_in_team(by, team)):
        raise PermissionDenied("not a member of this team")
    _check(draft, is_own=is_own)
    now = at or timezone.now()
    code = new_code()
    referral = Referral.objects.create(
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
    person = Person(referral=referral)
    person.details = dataclasses.replace(draft.details, code=code)
    person.save()
    actor = sender_of(referral, by)
    audit.append(LogEvent.SEND, referral, actor, at=now)
    _ask(referral, draft.services, actor, at=now, meeting_at=draft.meeting_at)
    return Sent(referral, code)


@transaction.atomic
def add_enquiries(
    referral: Referral, services: Sequence[UUID], *, by: Any, at: datetime.datetime | None = None
) -> None:
    """Ask further organisations, because others were silent or declined. The consent must hold for them too: the
    caller has asked. Raises as `send` does."""
    require_in_use()
    locked = Referral.objects.select_for_update().get(pk=referral.pk)
    if not is_in_team(by, locked.team):
        raise PermissionDenied("not a member of this team")
    if locked.withdrawn_at is not None or not Person.objects.filter(referral=locked).exists():
        raise ValidationError(_("The person has withdrawn, or the referral is over."))
    if locked.enquiries.open().count() + len(services) > MOST_ENQUIRIES:
        raise ValidationError(_("At most %(most)d organisations at a time.") % {"most": MOST_ENQUIRIES})
    now = at or timezone.now()
    known = set(locked.enquiries.values_list("service_key", flat=True))
    _ask(locked, [key for key in services if key not in known], sender_of(locked, by), at=now)
    if locked.closed_at is not None:
        locked.closed_at = None
        locked.save(update_fields=["closed_at"])


def sender_of(referral: Referral, user: Any) -> Actor:
    """The sender as an actor."""
    if referral.is_own:
        return PERSON
    return Actor(Party.SENDER, user=user, in_name_of=str(referral.team))


def _check(draft: Draft, *, is_own: bool) -> None:
    if not guidance_of(draft.stage).sends_data:
        raise ValidationError(_("In this stage nothing about the person is sent. Give the options along."))
    if draft.purpose == Purpose.JOINT_MEETING and (is_own or not guidance_of(draft.stage).calls_together):
        raise ValidationError(_("A joint meeting is called by a worker, in stages 3 to 5."))
    if not 1 <= len(set(draft.services)) <= MOST_ENQUIRIES:
        raise ValidationError(_("Choose one to %(most)d organisations.") % {"most": MOST_ENQUIRIES})
    if not is_own and draft.consent_how not in (ConsentHow.SPOKEN, ConsentHow.WRITTEN):
        raise ValidationError(_("Tell how the person gave consent."))
    details = draft.details
    if not details.name.strip() or not details.hope.strip():
        raise ValidationError(_("Tell the first name or an alias, and what the person hopes for."))
    if details.reach not in Reach.values or (details.reach != Reach.COMES) != bool(details.reach_value):
        raise ValidationError(_("Tell how the person is reached, or let the person make contact."))
    if refused_in(details):
        raise ValidationError(_("The text holds something that must not be sent. Take it out."))


def _ask(
    referral: Referral,
    keys: Sequence[UUID],
    by: Actor,
    *,
    at: datetime.datetime,
    meeting_at: datetime.datetime | None = None,
) -> None:
    for found in _receivers(keys, referral):
        service = found.service
        enquiry = Enquiry.objects.create(
            referral=referral,
            organisation=service.organisation,
            service_key=service.translation_key,
            title=service.title,
            state=State.SENT,
            meeting_at=meeting_at,
            waits_since=at,
            changed_at=at,
        )
        counting.begin_tally(enquiry, service)
        letters.send_links(enquiry, list(found.recipients), why="new", at=at)
        audit.append(LogEvent.LINK_SENT, referral, by, at=at, enquiry=enquiry)


def _receivers(keys: Sequence[UUID], referral: Referral) -> list[Receiver]:
    wanted = list(dict.fromkeys(keys))
    rows = Service.objects.public().of_keys(wanted).best_for(languages.FINNISH).with_list_facts()
    rows = rows.select_related("organisation__home_municipality").prefetch_related("contact_ways")
    found = {each.service.translation_key: each for each in receivers(rows, is_own=referral.is_own)}
    missing = [key for key in wanted if key not in found or not found[key].can_be_asked]
    if missing:
        raise CannotBeAskedError(missing)
    return [found[key] for key in wanted]


def write_message(enquiry: Enquiry, *, act: str, party: str, text: str, at: datetime.datetime) -> Message | None:
    """Keep the words of an act, sealed; nothing for no words."""
    if not text.strip():
        return None
    message = Message(enquiry=enquiry, act=act, party=party, at=at)
    message.text = text.strip()
    message.save()
    return message
