"""Writes about questions of freshness: an answer, a letter that came back, a campaign. Who asks: directory.keeping."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from directory import permissions
from directory.actions.cases import close_cases, open_case
from directory.actions.keepers import keepers_after, settle_orphans
from directory.actions.services import confirm_service, end_service
from directory.choices import Answer, CaseKind, CheckedHow
from directory.locking import lock_listing
from directory.models import Campaign, CampaignService, Case, Notice, NoticeItem, Organisation, Service
from directory.permissions import Action
from directory.sharing import set_on_rows

if TYPE_CHECKING:
    from portal.accounts.models import User


class AlreadyAnsweredError(Exception):
    """The question was answered before, or the listing has ended since: nothing was written."""


# --- Answers ----------------------------------------------------------------------------------------------------------
def may_answer(user: "User | None", service: Service) -> bool:
    """Whether a person still answers for a listing: a letter can be older than the team."""
    if user is None or not user.is_active:
        return False
    is_own = user.pk in (service.owner_id, service.deputy_id)
    return is_own or permissions.may(user, Action.CONFIRM_SERVICE, service.organisation)


def answers_for(user: "User | None", service: Service) -> list[Answer]:
    """What a person may answer; None: somebody at the organisation's mailbox, who speaks for the organisation."""
    may_end = user is None or permissions.may(user, Action.END_SERVICE, service.organisation)
    return [each for each in Answer if each is not Answer.ENDED or may_end]


@transaction.atomic
def answer(
    item: NoticeItem,
    answer: str,
    *,
    by: "User | None",
    by_name: str = "",
    at: datetime.datetime | None = None,
) -> None:
    """Take an answer to a question about one listing. Each question is answered once.

    by_name: of somebody without an account, who opened the letter at the organisation's mailbox. Raises
    AlreadyAnsweredError, PermissionDenied when nobody is named or they do not answer for the listing any more,
    ValueError for an unknown answer.
    """
    if answer not in Answer.values:
        raise ValueError(f"answer: unknown value {answer!r}")
    moment = at or timezone.now()
    name = by_name.strip()[:100]
    # One answer about a listing at a time; of two presses at once the first counts.
    lock_listing(item.key)
    taken = NoticeItem.objects.filter(pk=item.pk, answer="").update(
        answer=answer, answered_at=moment, answered_by_name=name
    )
    rows = Service.objects.of_keys([item.key]).select_related("organisation__home_municipality", "locale")
    service = rows.filter(withdrawn_on=None).order_by("pk").first()
    if not taken or service is None:
        raise AlreadyAnsweredError
    if (by is None and not name) or (by is not None and not may_answer(by, service)):
        raise PermissionDenied("An answer needs a person who answers for the listing.")
    if answer not in answers_for(by, service):
        raise PermissionDenied(f"{answer} is not theirs to say")
    log(instance=service, action="directory.answer", user=by, data={"answer": answer, "notice": item.notice_id})
    if answer == Answer.STILL_RIGHT:
        confirm_service(service, by=by, by_name=name, how=CheckedHow.KEEPER, at=moment)
        close_cases(by, at=moment, kind=CaseKind.NO_ANSWER, key=item.key)
    elif answer == Answer.ENDED:
        end_service(service, by=by, at=moment)
        close_cases(by, at=moment, kind__in=(CaseKind.NO_ANSWER, CaseKind.ORPHAN), key=item.key)
    elif answer == Answer.NOT_MINE:
        _take_off(service, by, moment)
    item.refresh_from_db()


def _take_off(service: Service, person: "User | None", at: datetime.datetime) -> None:
    """A keeper goes from one listing: the deputy takes over, and a person of the directory makes sure of it."""
    key = service.translation_key
    if person is not None and person.pk in (service.owner_id, service.deputy_id):
        owner, deputy = keepers_after(service.owner_id, service.deputy_id, leaver=person.pk, to=None)
        set_on_rows(key, owner_id=owner, deputy_id=deputy)
        data = {"from": person.pk, "owner_id": owner, "deputy_id": deputy}
        log(instance=service, action="directory.hand_over", user=person, data=data)
        settle_orphans(service.organisation, by=person, at=at)
    if not Case.objects.open().filter(kind=CaseKind.ORPHAN, key=key).exists():
        open_case(CaseKind.NOT_MINE, organisation=service.organisation, key=key, at=at)


def note_bounce(notice: UUID, *, at: datetime.datetime | None = None) -> None:
    """The letter with a question came back: the next run asks the next person. Noted once."""
    Notice.objects.filter(uuid=notice, bounced_at=None).update(bounced_at=at or timezone.now())


# --- Campaigns --------------------------------------------------------------------------------------------------------
@transaction.atomic
def start_campaign(
    *,
    title: str,
    keys: Iterable[UUID],
    due_on: datetime.date,
    by: "User",
    message: str = "",
    at: datetime.datetime | None = None,
) -> Campaign:
    """Ask the keepers of these services (UUIDs) to check them by a day. The letters go with the next daily run.

    Raises PermissionDenied when one of them is not in the person's area, ValidationError.
    """
    wanted = set(keys)
    counties = permissions.areas_of(by)
    organisations = Organisation.objects.filter(services__translation_key__in=wanted)
    if counties is not None:
        outside = organisations.exclude(pk__in=Organisation.objects.in_areas(counties).values("pk"))
        if not counties or outside.exists():
            raise PermissionDenied("Only of one's own area.")
    campaign = Campaign(title=title.strip(), message=message.strip(), due_on=due_on, started_by=by)
    campaign.full_clean()
    campaign.save()
    if at is not None:
        Campaign.objects.filter(pk=campaign.pk).update(started_at=at)
        campaign.started_at = at
    there = Service.objects.of_keys(wanted).order_by().values_list("translation_key", flat=True).distinct()
    CampaignService.objects.bulk_create(CampaignService(campaign=campaign, key=key) for key in there)
    return campaign


@transaction.atomic
def end_campaign(campaign: Campaign, *, by: "User", at: datetime.datetime | None = None) -> None:
    """Ask no more. What was answered stays. Raises PermissionDenied for whoever may not start one like it."""
    counties = permissions.areas_of(by)
    if counties is not None and campaign.started_by_id != by.pk:
        raise PermissionDenied("Somebody else's campaign.")
    Campaign.objects.filter(pk=campaign.pk, ended_at=None).update(ended_at=at or timezone.now())
    campaign.refresh_from_db()


@dataclass(frozen=True)
class CampaignProgress:
    """How far a campaign is, in listings. Each is counted once, by the first of these that holds."""

    total: int
    checked: int
    ended: int
    # «I will edit it», «not mine any more».
    answered_otherwise: int
    # Asked, and no answer yet.
    waiting: int
    # Nobody was asked: not yet, or there is nobody to ask.
    not_asked: int


def campaign_progress(campaign: Campaign) -> CampaignProgress:
    """How far it is."""
    keys = set(campaign.services.values_list("key", flat=True))
    rows = Service.objects.of_keys(keys).order_by()
    begun_on = timezone.localdate(campaign.started_at)
    last_check = dict(rows.values_list("translation_key").annotate(last=Max("checked_on")))
    checked = {key for key, day in last_check.items() if day and day >= begun_on}
    offered = set(rows.filter(withdrawn_on=None).values_list("translation_key", flat=True))
    ended = keys - offered - checked
    items = NoticeItem.objects.filter(notice__campaign=campaign, key__in=keys - checked - ended)
    asked = set(items.values_list("key", flat=True))
    answered = set(items.exclude(answer="").values_list("key", flat=True))
    return CampaignProgress(
        total=len(keys),
        checked=len(checked),
        ended=len(ended),
        answered_otherwise=len(answered),
        waiting=len(asked - answered),
        not_asked=len(keys) - len(checked) - len(ended) - len(asked),
    )
