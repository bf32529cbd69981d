"""Workers: which are alive, what the dead left undone, and what each does twice a minute. The clock is an argument.

django-tasks leaves the task of a killed worker RUNNING for ever, and tries no task twice. So every worker says now and
then that it is alive, and any of them puts back what one that fell silent had begun. Tasks are therefore fit to run
twice.
"""

import datetime
import logging
import threading

from django.db import close_old_connections, connections
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal.jobs import schedule
from portal.jobs.models import Worker

logger = logging.getLogger(__name__)

TICK = datetime.timedelta(seconds=30)
# Several ticks: a machine can be busy.
SILENT_AFTER = datetime.timedelta(minutes=2)
# A task that has lost this many workers is what kills them.
MOST_WORKERS = 5


class WorkersLostError(Exception):
    """Every worker that took this task up died at it."""


def alive(now: datetime.datetime) -> list[str]:
    """The workers that have been heard of lately."""
    return list(Worker.objects.filter(seen_at__gt=now - SILENT_AFTER).values_list("worker_id", flat=True))


def beat(worker_id: str, now: datetime.datetime) -> None:
    """Say that a worker is alive."""
    Worker.objects.update_or_create(worker_id=worker_id, defaults={"seen_at": now})


def reap(now: datetime.datetime) -> int:
    """Put back the tasks of workers that fell silent: how many."""
    still_alive = set(alive(now))
    begun = DBTaskResult.objects.running().filter(started_at__lte=now - SILENT_AFTER)
    lost = [task for task in begun if not still_alive.intersection(task.worker_ids[-1:])]
    for task in lost:
        logger.warning("Task id=%s was left by a worker that died, for the %d. time", task.pk, len(task.worker_ids))
        if len(task.worker_ids) >= MOST_WORKERS:
            task.set_failed(WorkersLostError())
        else:
            # Only as it was seen: another worker may have put it back, and a third have begun it, since.
            DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at).update(
                status=TaskResultStatus.READY, started_at=None
            )
    Worker.objects.exclude(worker_id__in=still_alive).delete()
    return len(lost)


def tick(worker_id: str, now: datetime.datetime) -> None:
    """What every worker does twice a minute."""
    beat(worker_id, now)
    reap(now)
    schedule.enqueue_due(now)


class Ticker(threading.Thread):
    """Ticks beside a worker that may be busy with a long task."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(name="ticker", daemon=True)
        self.worker_id = worker_id
        self._is_over = threading.Event()

    def run(self) -> None:
        while not self._is_over.is_set():
            close_old_connections()
            try:
                tick(self.worker_id, timezone.now())
            except Exception:
                # A database that is away comes back; a ticker that died would have its own worker's tasks put back.
                logger.exception("A tick failed")
            self._is_over.wait(TICK.total_seconds())
        connections.close_all()

    def stop(self) -> None:
        """End it, and say that the worker is gone."""
        self._is_over.set()
        self.join(timeout=TICK.total_seconds())
        Worker.objects.filter(worker_id=self.worker_id).delete()
