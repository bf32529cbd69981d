"""The daily run of freshness: who is asked, what is hidden, what goes to the queue. The rules: directory.freshness.

A run reads (directory.rounds), plans for all listings at once, since a person gets one letter a day, and then writes.
What belongs together, the listings of people who share a letter, is one transaction: cut off in the middle, the rest is
done by the next run, nothing twice. A run made twice on a day finds nothing to do the second time.
"""

import datetime
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from directory.actions.cases import close_cases, open_case
from directory.choices import CaseKind, NoticeStep
from directory.freshness import Freshness
from directory.keepers import Recipient
from directory.models import Case, Notice, NoticeItem, Organisation, Service, StageChange, Upkeep
from directory.rounds import Move, moves_of_day
from directory.signals import notice_made, services_changed

logger = logging.getLogger(__name__)


@dataclass
class Report:
    """What a run did; of a dry run, what it would have done. Counts and no names, so that it can be kept."""

    day: datetime.date
    is_dry: bool = False
    letters: int = 0
    questions: int = 0
    # Stage → how many listings came to it.
    stages: Counter[str] = field(default_factory=Counter)
    # Kind of case → how many were opened, or found open.
    cases: Counter[str] = field(default_factory=Counter)
    cases_closed: int = 0
    # Groups of listings where something broke: left as they were, and tried again by the next run.
    failures: int = 0

    def as_json(self) -> dict[str, object]:
        """As it is kept with the run of the job."""
        return {
            "day": self.day.isoformat(),
            "letters": self.letters,
            "questions": self.questions,
            "stages": dict(self.stages),
            "cases": dict(self.cases),
            "cases_closed": self.cases_closed,
            "failures": self.failures,
        }

    def lines(self) -> list[str]:
        """The same for a person at a terminal."""
        return [
            f"{self.day}: {self.letters} letters with {self.questions} questions",
            *(f"  {stage}: {number} more" for stage, number in sorted(self.stages.items())),
            *(f"  case {kind}: {number}" for kind, number in sorted(self.cases.items())),
            *([f"  {self.cases_closed} cases closed"] if self.cases_closed else []),
            *([f"  {self.failures} groups of listings failed"] if self.failures else []),
        ]

    def count(self, moves: Iterable[Move]) -> None:
        """Add what becomes of these listings."""
        moves = list(moves)
        self.letters += len({each.address for move in moves for each in move.to})
        self.questions += sum(len(move.to) for move in moves)
        self.stages.update(move.decision.stage.value for move in moves if move.changes_stage)
        self.cases.update(move.case.value for move in moves if move.case)


def keep_fresh(at: datetime.datetime, *, dry_run: bool = False) -> Report:
    """Do what is due on the day of `at`, whatever was missed before. With dry_run: only tell."""
    report = Report(timezone.localdate(at), is_dry=dry_run)
    for group in groups(moves_of_day(at)):
        if dry_run:
            report.count(group)
            continue
        try:
            report.count(_carry_out(group, at))
        except Exception:
            # One broken listing must not keep all others from being asked about.
            logger.exception("Freshness: a group of %s listings was left for the next run", len(group))
            report.failures += 1
    if not dry_run:
        report.cases_closed = _close_answered(at)
    return report


def run_today() -> dict[str, object]:
    """The daily job (directory.apps)."""
    return keep_fresh(timezone.now()).as_json()


def groups(moves: list[Move]) -> list[list[Move]]:
    """Listings whose letters go to the same addresses, together; each of the others by itself."""
    alone = [[move] for move in moves if not move.to]
    group_of: dict[str, list[Move]] = {}
    for move in moves:
        joined = {id(group_of[each.address]): group_of[each.address] for each in move.to if each.address in group_of}
        group = max(joined.values(), key=len, default=[])
        added = [move, *(member for other in joined.values() if other is not group for member in other)]
        group += added
        group_of.update({each.address: group for member in added for each in member.to})
    return [*alone, *{id(group): group for group in group_of.values()}.values()]


# --- Writing ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def _carry_out(group: list[Move], at: datetime.datetime) -> list[Move]:
    """Write what was planned; the moves that still held."""
    day = timezone.localdate(at)
    now = {each.key: each for each in Upkeep.objects.select_for_update().filter(key__in=[move.key for move in group])}
    # Checked since it was read, or another run was faster: then it is settled.
    moves = [move for move in group if _state(now.get(move.key)) == _state(move.upkeep)]
    if len(moves) < len(group):
        # A letter is one whole: who else stands in it is planned anew tomorrow.
        moves = [move for move in moves if not move.to]
    for move in moves:
        _write(move, now.get(move.key), at, day)
    _ask(moves, day)
    changed = [move.key for move in moves if move.changes_stage]
    if changed:
        services_changed.send(sender=Service, keys=changed)
    return moves


def _state(upkeep: Upkeep | None) -> tuple[object, ...] | None:
    if upkeep is None:
        return None
    return upkeep.stage, upkeep.counts_from, upkeep.step, upkeep.last_notice_on, upkeep.hidden_on


def _write(move: Move, before: Upkeep | None, at: datetime.datetime, day: datetime.date) -> None:
    listing, stage = move.listing, move.decision.stage
    if move.case:
        organisation = Organisation.objects.select_related("home_municipality").get(pk=listing.organisation_id)
        open_case(move.case, organisation=organisation, key=move.key, at=at)
    if move.changes_stage:
        StageChange.objects.create(key=move.key, before=move.stage_before, after=stage, on=day)
        log(
            instance=Service.objects.get(pk=listing.row_id),
            action="directory.stage",
            data={"before": move.stage_before, "after": stage.value, "on": day.isoformat()},
        )
    same_round = before if move.is_same_round else None
    if stage is Freshness.FRESH and move.step is None and same_round is None:
        Upkeep.objects.filter(key=move.key).delete()
        return
    upkeep = same_round or Upkeep(key=move.key, counts_from=listing.counts_from, stage_since=day)
    if upkeep.stage != stage:
        upkeep.stage, upkeep.stage_since = stage, day
    if move.step:
        upkeep.step, upkeep.last_notice_on = move.step, day
        upkeep.notices += 1
    if stage is Freshness.HIDDEN and upkeep.hidden_on is None:
        upkeep.hidden_on = day
    upkeep.save()


def _ask(moves: list[Move], day: datetime.date) -> None:
    """One question a person, with all that they should look at."""
    by_recipient: dict[Recipient, list[Move]] = defaultdict(list)
    for move in moves:
        for recipient in move.to:
            by_recipient[recipient].append(move)
    for recipient, own in by_recipient.items():
        campaigns = {move.campaign for move in own if move.campaign}
        notice = Notice.objects.create(
            user_id=recipient.user,
            organisation_id=recipient.organisation,
            address=recipient.address,
            campaign_id=campaigns.pop() if campaigns else None,
            on=day,
        )
        NoticeItem.objects.bulk_create(
            NoticeItem(notice=notice, key=move.key, step=move.step, counts_from=move.listing.counts_from)
            for move in own
        )
        notice_made.send(sender=Notice, notice=notice)


def _close_answered(at: datetime.datetime) -> int:
    """Take off the queue what somebody has checked, or ended, since: how many cases."""
    asked = Upkeep.objects.filter(step=NoticeStep.AREA).values("key")
    waiting = Service.objects.offered(at).filter(translation_key__in=asked).order_by().values("translation_key")
    over = Case.objects.open().filter(kind=CaseKind.NO_ANSWER).exclude(key__in=waiting)
    return close_cases(None, at=at, pk__in=list(over.values_list("pk", flat=True)))
