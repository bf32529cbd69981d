"""Who is alive, and what becomes of the tasks of those who are not."""

import datetime

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from portal.jobs import workers
from portal.jobs.models import Worker

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LONG_AGO = NOW - workers.SILENT_AFTER


@task(backend="db")
def nothing() -> None:
    """A task."""


def begun(worker_id: str, started_at: datetime.datetime = LONG_AGO, before: tuple[str, ...] = ()) -> DBTaskResult:
    """A task that a worker has taken up."""
    row = DBTaskResult.objects.get(pk=nothing.enqueue().id)
    row.status, row.started_at, row.worker_ids = TaskResultStatus.RUNNING, started_at, [*before, worker_id]
    row.save()
    return row


def test_a_dead_workers_task_is_put_back():
    workers.beat("dead", LONG_AGO)
    row = begun("dead")

    assert workers.reap(NOW) == 1

    row.refresh_from_db()
    assert (row.status, row.started_at) == (TaskResultStatus.READY, None)
    assert DBTaskResult.objects.ready().get() == row
    assert workers.reap(NOW) == 0
    assert not Worker.objects.exists()


def test_a_busy_workers_task_is_left_alone():
    workers.beat("busy", NOW)
    row = begun("busy", started_at=NOW - datetime.timedelta(hours=5))

    assert workers.reap(NOW + workers.TICK) == 0

    row.refresh_from_db()
    assert row.status == TaskResultStatus.RUNNING
    assert workers.alive(NOW + workers.TICK) == ["busy"]


def test_only_the_last_worker_counts():
    workers.beat("busy", NOW)
    begun("dead", before=("busy",))

    assert workers.reap(NOW) == 1


def test_a_task_just_begun_is_left_alone():
    """Its worker may not have said yet that it is alive."""
    begun("new", started_at=NOW)

    assert workers.reap(NOW) == 0


def test_what_kills_every_worker_is_not_tried_for_ever():
    row = begun("dead", before=tuple(f"dead-{number}" for number in range(workers.MOST_WORKERS - 1)))

    workers.reap(NOW)

    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED
    assert row.task_result.errors[0].exception_class is workers.WorkersLostError


def test_what_is_finished_stays_so():
    row = begun("dead")
    row.set_successful(None)

    assert workers.reap(NOW) == 0


def test_a_tick_says_that_one_is_alive_before_it_looks_at_others():
    """After a night with the lid closed, a worker must not take its own task for a dead one's."""
    workers.beat("me", LONG_AGO)
    row = begun("me")

    workers.tick("me", NOW)

    row.refresh_from_db()
    assert row.status == TaskResultStatus.RUNNING
