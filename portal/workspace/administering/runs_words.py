"""What a job did, in words for administrators; every job with its last and next run. Reads only."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.choices import CaseKind
from directory.freshness import Freshness
from directory.selection import STAGE_WORDS
from portal.jobs import schedule
from portal.jobs.models import JobRun

KEEP_FRESH = "keep_fresh"


@dataclass(frozen=True)
class ShownJob:
    """A job as its page shows it."""

    name: str
    label: str
    last: JobRun | None
    next_at: datetime.datetime
    is_late: bool
    did: list[str]

    @property
    def is_often(self) -> bool:
        """Whether it runs all the time, and not once a day."""
        return schedule.job_named(self.name).at is None


def shown_jobs(now: datetime.datetime) -> list[ShownJob]:
    """Every job; the round of questions first, since all of freshness hangs on it."""
    jobs = sorted(schedule.jobs(), key=lambda job: job.name != KEEP_FRESH)
    found = []
    for job in jobs:
        last = schedule.last_run(job.name)
        next_at = schedule.next_run(job.name, now)
        found.append(ShownJob(job.name, str(job.label), last, next_at, schedule.is_late(job.name, now), words_of(last)))
    return found


def words_of(run: JobRun | None) -> list[str]:
    """What a run did, a sentence each."""
    if run is None or run.result in (None, ""):
        return []
    if run.name == KEEP_FRESH and isinstance(run.result, Mapping):
        return report_words(run.result)
    if isinstance(run.result, Mapping):
        return [f"{name}: {value}" for name, value in run.result.items()]
    return [str(run.result)]


def report_words(result: Mapping[str, Any]) -> list[str]:
    """What directory.keeping.Report says, a sentence each; one that says so when there was nothing to do."""

    def number(name: str) -> int:
        value = result.get(name, 0)
        return value if isinstance(value, int) else 0

    found = []
    if letters := number("letters"):
        words = ngettext("%(count)d letter", "%(count)d letters", letters) % {"count": letters}
        questions = number("questions")
        asked = ngettext("%(count)d question", "%(count)d questions", questions) % {"count": questions}
        found.append(_("%(letters)s with %(questions)s.") % {"letters": words, "questions": asked})
    for stage, count in dict(result.get("stages") or {}).items():
        name = str(STAGE_WORDS[Freshness(stage)]) if stage in set(Freshness) else stage
        found.append(_("Stage «%(stage)s»: %(count)d more.") % {"stage": name, "count": count})
    for kind, count in dict(result.get("cases") or {}).items():
        name = str(CaseKind(kind).label) if kind in CaseKind.values else kind
        found.append(_("To the queue, «%(kind)s»: %(count)d.") % {"kind": name, "count": count})
    if closed := number("cases_closed"):
        found.append(ngettext("%(count)d case was closed.", "%(count)d cases were closed.", closed) % {"count": closed})
    if failures := number("failures"):
        words = ngettext(
            "%(count)d group of listings failed; the next run tries again.",
            "%(count)d groups of listings failed; the next run tries again.",
            failures,
        )
        found.append(words % {"count": failures})
    return found or [_("Nothing was to be done.")]
