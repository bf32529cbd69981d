"""Reading rounds: which one a key opens, what is asked in it, what may be told of it. Writes nothing.

Of an open round only one thing is told: which groups have enough answers already, so that its keeper knows when to
close it. What can be told of a closed one is a matter of cards.quality.figures.

What no program can see: one person who answers many times (there is nobody to know them by), or a keeper who answers
themselves and takes that away in thought. The pages say so to those who open a round.
"""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from cards.choices import AnsweredBy
from cards.models import QualityAnswer, QualityCriteriaPage, QualityRound
from cards.quality.figures import Answer, GroupResult, Statement, results_of
from cards.quality.keys import hash_of


class RoundIsOpenError(Exception):
    """Nothing is told of a round that can still be answered."""


@dataclass(frozen=True)
class GroupState:
    """How an open round stands for one group. has_enough: whether figures of it will be shown."""

    answered_by: AnsweredBy
    statements: int
    has_enough: bool


# --- Keys -------------------------------------------------------------------------------------------------------------
def round_to_answer(key: str) -> QualityRound | None:
    """The round whose answering link carries this key. A keeper's key answers nothing."""
    return QualityRound.objects.select_related("criteria").filter(answer_hash=hash_of(key)).first()


def round_to_keep(key: str) -> QualityRound | None:
    """The round whose keeper's link carries this key. An answering key opens nothing here."""
    found = QualityRound.objects.select_related("criteria", "previous").filter(manage_hash=hash_of(key))
    return found.first()


# --- What is asked ----------------------------------------------------------------------------------------------------
def statements_of(asked: QualityRound) -> list[Statement]:
    """The statements as they were asked, those of one group together."""
    order = list(AnsweredBy)
    statements = [Statement(**each) for each in asked.statements]
    return sorted(statements, key=lambda each: order.index(AnsweredBy(each.answered_by)))


def statements_for(asked: QualityRound, answered_by: str) -> list[Statement]:
    """Those that one group rates."""
    return [each for each in statements_of(asked) if each.answered_by == answered_by]


def groups_of(asked: QualityRound) -> list[AnsweredBy]:
    """Who has something to answer."""
    present = {each.answered_by for each in statements_of(asked)}
    return [group for group in AnsweredBy if group in present]


def snapshot_of(page: QualityCriteriaPage) -> list[dict[str, str]]:
    """The statements of a page, as a round keeps them."""
    return [
        {
            "key": f"{theme.value['theme']}-{place}-{number}",
            "theme": theme.value["theme"],
            "text": statement["text"],
            "simple": statement["simple"],
            "answered_by": statement["answered_by"],
        }
        for place, theme in enumerate(page.themes, start=1)
        for number, statement in enumerate(theme.value["statements"], start=1)
    ]


# --- What may be told -------------------------------------------------------------------------------------------------
def states_of(asked: QualityRound) -> list[GroupState]:
    """How each group of an open round stands: enough answers or not, and nothing nearer."""
    asked_of = Counter(each.answered_by for each in statements_of(asked))
    rows = QualityAnswer.objects.filter(round=asked).order_by().values_list("answered_by", flat=True)
    counts = Counter(rows)
    smallest = settings.SMALLEST_GROUP_SHOWN
    return [GroupState(group, asked_of[group], counts[group] >= smallest) for group in groups_of(asked)]


def results(asked: QualityRound) -> list[GroupResult]:
    """What may be told of a closed round, compared with the earlier one. Raises RoundIsOpenError."""
    if asked.closed_at is None:
        raise RoundIsOpenError
    earlier = asked.previous if asked.previous is not None and asked.previous.closed_at is not None else None
    answers: dict[int, list[Answer]] = {asked.pk: []}
    wanted = Q(round=asked) | Q(round=earlier) if earlier else Q(round=asked)
    for row in QualityAnswer.objects.filter(wanted).order_by("pk"):
        answers.setdefault(row.round_id, []).append(Answer(row.answered_by, row.values))
    smallest = settings.SMALLEST_GROUP_SHOWN
    before = (
        results_of(statements_of(earlier), answers.get(earlier.pk, []), smallest=smallest)
        if earlier is not None
        else []
    )
    return results_of(statements_of(asked), answers[asked.pk], smallest=smallest, before=before)


def removed_on(asked: QualityRound) -> datetime.date:
    """The day from which a round is removed by itself."""
    return (asked.opened_at + datetime.timedelta(days=settings.QUALITY_ROUND_KEEP_DAYS)).date()
