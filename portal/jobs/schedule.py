"""What runs by itself, and when: rooms register their jobs in AppConfig.ready; the clock is always an argument.

A job has a timetable: once a day at a time of the site's own time zone, or every ten minutes. A moment of it that
passed while nothing ran is made good by one run, however many were missed: a job does what is due, not what is missed.
Nothing here waits or starts a process: that is portal.jobs.workers.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import StringIO

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django_tasks.base import Task

from portal.jobs.models import JobRun

OFTEN = datetime.timedelta(minutes=10)
# A run that is this late has not only waited for its turn.
GRACE = datetime.timedelta(hours=1)
KEEP_RUNS = datetime.timedelta(days=60)

# A dotted path to one, or one: without arguments; what it returns is kept with the run.
Work = str | Callable[[], object]


@dataclass(frozen=True)
class Job:
    """Something that runs by itself. at: the time of day, or None when it runs every ten minutes."""

    name: str
    label: str | Promise
    work: Work
    at: datetime.time | None = None

    def moment_before(self, now: datetime.datetime) -> datetime.datetime:
        """The last moment of the timetable that has come."""
        if self.at is None:
            return now - (now - datetime.datetime.min.replace(tzinfo=datetime.UTC)) % OFTEN
        today = self._on(self._date_of(now))
        return today if today <= now else self._on(self._date_of(now) - datetime.timedelta(days=1))

    def moment_after(self, now: datetime.datetime) -> datetime.datetime:
        """The next moment of the timetable."""
        if self.at is None:
            return self.moment_before(now) + OFTEN
        today = self._on(self._date_of(now))
        return today if today > now else self._on(self._date_of(now) + datetime.timedelta(days=1))

    def _date_of(self, now: datetime.datetime) -> datetime.date:
        return now.astimezone(timezone.get_default_timezone()).date()

    def _on(self, day: datetime.date) -> datetime.datetime:
        assert self.at is not None  # noqa: S101 for the type checker: only asked of a daily job
        local = datetime.datetime.combine(day, self.at, tzinfo=timezone.get_default_timezone())
        # Compared as moments: two local times of one zone would be compared by the wall clock.
        return local.astimezone(datetime.UTC)

    def run(self) -> object:
        """Do the work, here and now."""
        work = import_string(self.work) if isinstance(self.work, str) else self.work
        return work.call() if isinstance(work, Task) else work()


# --- What there is ----------------------------------------------------------------------------------------------------
_jobs: dict[str, Job] = {}


def daily(name: str, label: str | Promise, run: Work, at: datetime.time) -> None:
    """Register a job that runs once a day. A second of the same name takes the first one's place."""
    _jobs[name] = Job(name, label, run, at)


def often(name: str, label: str | Promise, run: Work) -> None:
    """Register a job that runs every ten minutes."""
    _jobs[name] = Job(name, label, run)


def command(*words: str) -> Callable[[], str]:
    """A management command, as it would be typed, as a job's work; it returns what the command printed."""
    return partial(_run_command, words)


def _run_command(words: tuple[str, ...]) -> str:
    printed = StringIO()
    call_command(*words, stdout=printed)
    return printed.getvalue().strip()


def jobs() -> list[Job]:
    """Every job, in the order of the day."""
    return sorted(_jobs.values(), key=lambda job: (job.at is not None, job.at or datetime.time.min, job.name))


def job_named(name: str) -> Job:
    """A job by its name. KeyError when there is none."""
    return _jobs[name]


# --- When -------------------------------------------------------------------------------------------------------------
def due(now: datetime.datetime) -> list[Job]:
    """The jobs whose last moment has no run yet."""
    return [
        job for job in jobs() if not JobRun.objects.filter(name=job.name, due_at__gte=job.moment_before(now)).exists()
    ]


def last_run(name: str) -> JobRun | None:
    """The latest run that has begun."""
    return JobRun.objects.filter(name=name, started_at__isnull=False).first()


def next_run(name: str, now: datetime.datetime) -> datetime.datetime:
    """When the job runs next."""
    return job_named(name).moment_after(now)


def is_late(name: str, now: datetime.datetime) -> bool:
    """Whether the job should have run to its end by now and has not: nothing worked, or it failed."""
    moment = job_named(name).moment_before(now - GRACE)
    return not JobRun.objects.filter(name=name, due_at__gte=moment, finished_at__isnull=False, error="").exists()


# --- Runs -------------------------------------------------------------------------------------------------------------
def enqueue_due(now: datetime.datetime) -> list[str]:
    """Put every due job into the queue, once, however many workers ask: the names."""
    return [job.name for job in due(now) if _enqueue(job, now)]


def _enqueue(job: Job, now: datetime.datetime) -> bool:
    from portal.jobs.tasks import carry_out_run  # which imports this module

    with transaction.atomic():
        run, is_new = JobRun.objects.get_or_create(name=job.name, due_at=job.moment_before(now))
        if is_new:
            carry_out_run.enqueue(run.pk)
    return is_new


def run_now(name: str, now: datetime.datetime) -> JobRun:
    """Run a job here and now, whatever the timetable says. KeyError when there is none; its own errors pass through."""
    job_named(name)
    run, _is_new = JobRun.objects.get_or_create(name=name, due_at=now)
    carry_out(run.pk, now)
    run.refresh_from_db()
    return run


def carry_out(run_id: int, now: datetime.datetime) -> None:
    """Do the work of a run and write down what came of it. Fit to be called twice: a finished run is left alone."""
    run = JobRun.objects.filter(pk=run_id, finished_at__isnull=True).first()
    if run is None:
        return
    if JobRun.objects.filter(name=run.name, due_at__gt=run.due_at).exists() or run.name not in _jobs:
        # The queue stood still and a later run waits behind this one, or there is no such job any more.
        run.delete()
        return
    run.started_at = now
    run.save(update_fields=["started_at"])
    try:
        run.result = _plain(job_named(run.name).run())
    except BaseException as error:
        run.error = type(error).__name__
        raise
    finally:
        run.finished_at = timezone.now()
        run.save(update_fields=["result", "error", "finished_at"])


def _plain(result: object) -> object:
    """What can be kept as JSON; anything else as its text."""
    return result if isinstance(result, dict | list | str | int | float | bool | None) else str(result)


def prune_runs(now: datetime.datetime) -> int:
    """Remove old runs, but never the last of a job: how many."""
    last = [run.pk for job in jobs() if (run := last_run(job.name))]
    removed, _by_model = JobRun.objects.filter(due_at__lt=now - KEEP_RUNS).exclude(pk__in=last).delete()
    return removed
