"""Whether the daily round of questions is late, for the pages that hang on it."""

from typing import NamedTuple

from django import template
from django.http import HttpRequest
from django.utils import timezone

from directory.permissions import Action, may
from portal.jobs import schedule, workers
from portal.jobs.models import JobRun
from portal.workspace.administering.runs_words import KEEP_FRESH

register = template.Library()


class Lateness(NamedTuple):
    """What to warn of. last: the last run that has begun. may_look: whether the person may open the page of runs."""

    is_late: bool
    is_silent: bool
    last: JobRun | None
    may_look: bool


@register.simple_tag
def lateness(request: HttpRequest) -> Lateness:
    """Whether the round of questions did not run when it should have, and whether no worker is alive."""
    now = timezone.now()
    is_late, is_silent = schedule.is_late(KEEP_FRESH, now), not workers.alive(now)
    if not (is_late or is_silent):
        return Lateness(is_late=False, is_silent=False, last=None, may_look=False)
    return Lateness(is_late, is_silent, schedule.last_run(KEEP_FRESH), may(request.user, Action.SEE_RUNS, None))


@register.simple_tag
def may_see_runs(request: HttpRequest) -> bool:
    """Whether the person may open the page of runs."""
    return may(request.user, Action.SEE_RUNS, None)
