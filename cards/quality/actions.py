"""Every write of a round of self-assessment: check → write. Nobody is known by name here, so nothing is logged.

Whoever holds the key is asked by the views (cards.quality.rounds); what a round allows just now is asked here, under a
lock on the round: an answer comes before its closing or not at all.
"""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from cards.models import QualityAnswer, QualityCriteriaPage, QualityRound
from cards.quality.figures import RATES
from cards.quality.keys import answering_key, hash_of, new_key
from cards.quality.rounds import snapshot_of, statements_for

# Of one group in one round: a link that got loose fills no database. For each group apart, since a number over all
# would tell how many a small group has.
MOST_ANSWERS = 300


class RoundIsClosedError(Exception):
    """The round takes no more answers: nothing was written."""


class RoundIsFullError(Exception):
    """As many have answered as a round takes: nothing was written."""


class ChangedMeanwhileError(Exception):
    """Somebody else has written since: nothing was written. `current` is what stands there now."""

    def __init__(self, current: str) -> None:
        super().__init__()
        self.current = current


@dataclass(frozen=True)
class Opened:
    """A new round and its keeper's key, which is told this once."""

    round: QualityRound
    keeper_key: str


# --- A round ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_round(page: QualityCriteriaPage, *, name: str, at: datetime.datetime | None = None) -> Opened:
    """Open a round with the statements of a page as they are now. ValidationError without a name or a statement."""
    language = page.locale.language_code
    return _open(page, snapshot_of(page), name=name, language=language, previous=None, at=at or timezone.now())


@transaction.atomic
def begin_next_round(earlier: QualityRound, *, name: str, at: datetime.datetime | None = None) -> Opened:
    """Open a round to be compared with a closed one: with the page's statements of today, or those of the earlier round
    when the page is gone. It has keys of its own. Raises ValidationError, also when the earlier one is still open.
    """
    if earlier.closed_at is None:
        raise ValidationError("The earlier round is still open.", code="open")
    page = QualityCriteriaPage.objects.live().public().filter(pk=earlier.criteria_id).first()
    statements = snapshot_of(page) if page is not None else earlier.statements
    moment = at or timezone.now()
    return _open(page, statements, name=name, language=earlier.language, previous=earlier, at=moment)


@transaction.atomic
def close_round(asked: QualityRound, *, at: datetime.datetime | None = None) -> QualityRound:
    """Close a round for good: from now on figures are shown and no answer comes. A second closing changes nothing.

    The answers of a group too small to be shown are thrown away: nothing may ever come of them.
    """
    locked = _locked(asked)
    if locked.closed_at is None:
        locked.closed_at = at or timezone.now()
        locked.save(update_fields=["closed_at"])
        counts = locked.answers.order_by().values("answered_by").annotate(number=Count("pk"))
        small = [each["answered_by"] for each in counts if each["number"] < settings.SMALLEST_GROUP_SHOWN]
        locked.answers.filter(answered_by__in=small).delete()
    return locked


@transaction.atomic
def delete_round(asked: QualityRound) -> None:
    """Remove a round with everything in it. A later round stays, without what it was compared with."""
    _locked(asked).delete()


def remove_old_rounds(at: datetime.datetime | None = None) -> int:
    """Remove the rounds that have been kept long enough: how many."""
    oldest = (at or timezone.now()) - datetime.timedelta(days=settings.QUALITY_ROUND_KEEP_DAYS)
    _all, by_model = QualityRound.objects.filter(opened_at__lt=oldest).delete()
    return by_model.get(QualityRound._meta.label, 0)


# --- An answer --------------------------------------------------------------------------------------------------------
@transaction.atomic
def answer(asked: QualityRound, *, answered_by: str, values: Mapping[str, int]) -> None:
    """Take down one's answers: only the statements of that group, each 1–5, at least one of them.

    Raises RoundIsClosedError, RoundIsFullError, ValidationError.
    """
    keys = {each.key for each in statements_for(asked, answered_by)}
    if not values or not keys.issuperset(values) or not set(values.values()) <= set(RATES):
        raise ValidationError("These are no answers to this round.", code="values")
    locked = _locked(asked)
    if locked.closed_at is not None:
        raise RoundIsClosedError
    if locked.answers.filter(answered_by=answered_by).count() >= MOST_ANSWERS:
        raise RoundIsFullError
    QualityAnswer.objects.create(round=locked, answered_by=answered_by, values=dict(values))


# --- Goals ------------------------------------------------------------------------------------------------------------
def version_of(goals: str) -> str:
    """Tells one text of goals from another, so that two who write at once do not overwrite each other."""
    return hashlib.sha256(goals.encode()).hexdigest()[:16]


@transaction.atomic
def write_goals(asked: QualityRound, goals: str, *, seen: str) -> QualityRound:
    """Write what is developed next. seen: version_of the text that the writer had before them.

    Raises ChangedMeanwhileError.
    """
    locked = _locked(asked)
    if version_of(locked.goals) != seen:
        raise ChangedMeanwhileError(locked.goals)
    locked.goals = goals.strip()
    locked.save(update_fields=["goals"])
    return locked


def _open(
    page: QualityCriteriaPage | None,
    statements: list[dict[str, str]],
    *,
    name: str,
    language: str,
    previous: QualityRound | None,
    at: datetime.datetime,
) -> Opened:
    if not statements:
        raise ValidationError("There is nothing to answer.", code="empty")
    key = new_key()
    opened = QualityRound(
        uuid=uuid4(),
        criteria=page,
        name=name.strip(),
        language=language,
        statements=statements,
        answer_hash=hash_of(answering_key(key)),
        manage_hash=hash_of(key),
        previous=previous,
        opened_at=at,
    )
    opened.full_clean(exclude={"criteria"})  # a page that is gone is no fault
    opened.save()
    return Opened(opened, key)


def _locked(asked: QualityRound) -> QualityRound:
    """The round as the database has it now, kept from others until the transaction ends. Raises DoesNotExist."""
    return QualityRound.objects.select_for_update(no_key=True).get(pk=asked.pk)
