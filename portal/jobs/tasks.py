"""Tasks of the jobs: thin wrappers, fit to run twice."""

from django.utils import timezone
from django_tasks import task

from portal.jobs import schedule


@task(backend="db")
def carry_out_run(run_id: int) -> None:
    """Do the work of one run."""
    schedule.carry_out(run_id, timezone.now())


def prune_runs() -> int:
    """Remove old runs."""
    return schedule.prune_runs(timezone.now())
