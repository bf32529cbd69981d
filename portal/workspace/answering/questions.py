"""What a letter and its page show of each listing that is asked about. Reads only; words are in the templates."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from directory import permissions
from directory.actions import answers_for, may_answer
from directory.choices import Answer, NoticeStep
from directory.models import Finding, Notice, NoticeItem, Service
from directory.periods import pace, periods_of
from directory.permissions import Action
from directory.presentation import checked_stamp, foreign_language
from portal.base import languages


@dataclass(frozen=True)
class Question:
    """One listing of a letter. answers: what may be answered; none when it was answered, or is theirs no more."""

    item: NoticeItem
    service: Service
    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...]
    checked: dict[str, Any]
    lang: str
    is_ended: bool
    is_public: bool
    # May also say whether there is room just now.
    may_set_capacity: bool
    # When it leaves the public side, if nobody answers; told when that is near.
    hidden_on: datetime.date | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return bool(self.answers)


def questions_of(notice: Notice) -> list[Question]:
    """The questions of a letter, in the reader's language; those whose listing is gone are left out."""
    items = list(notice.items.all())
    keys = [item.key for item in items]
    rows = Service.objects.of_keys(keys).filter(live=True).best_for(get_language() or languages.FINNISH)
    services = {row.translation_key: row for row in rows.with_list_facts()}
    findings: dict[UUID, list[Finding]] = defaultdict(list)
    for finding in Finding.objects.filter(key__in=keys):
        findings[finding.key].append(finding)
    public = set(Service.objects.public().of_keys(keys).order_by().values_list("translation_key", flat=True))
    today = timezone.localdate()
    return [
        _question(notice, item, services[item.key], findings[item.key], item.key in public, today)
        for item in items
        if item.key in services
    ]


def _question(
    notice: Notice, item: NoticeItem, service: Service, findings: list[Finding], is_public: bool, today: datetime.date
) -> Question:
    user = notice.user
    is_theirs = user is None or may_answer(user, service)
    is_ended = service.withdrawn_on is not None
    may_answer_now = is_theirs and not is_ended and not item.answer
    return Question(
        item=item,
        service=service,
        answers=tuple(answers_for(user, service)) if may_answer_now else (),
        findings=tuple(findings),
        checked=checked_stamp(service, today),
        lang=foreign_language(service),
        is_ended=is_ended,
        is_public=is_public,
        may_set_capacity=not is_ended
        and user is not None
        and permissions.may(user, Action.SET_NOTICE, service.organisation),
        hidden_on=_hidden_on(notice, item, service),
    )


def _hidden_on(notice: Notice, item: NoticeItem, service: Service) -> datetime.date | None:
    if item.step is None or item.step < NoticeStep.ORGANISATION:
        return None
    by_age = item.counts_from + datetime.timedelta(days=periods_of(service.kind).hidden)
    return max(by_age, notice.on + datetime.timedelta(days=pace().gap + pace().last_call))
