"""When each job ran and what it did, and which workers are alive. Who decides: portal.jobs.schedule."""

from django.db import models
from django.db.models import F


class JobRun(models.Model):
    """One run of a job. due_at: the moment of the timetable that it answers, and all missed ones before."""

    name = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True, help_text="What the job says of its work: counts, no names.")
    error = models.CharField(max_length=100, blank=True, help_text="The class of the error; the rest is with the task.")

    class Meta:
        ordering = [F("due_at").desc()]
        # Two workers that think of the same moment: one of them makes the row.
        constraints = [models.UniqueConstraint(fields=["name", "due_at"], name="jobs_one_run_for_a_moment")]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def has_succeeded(self) -> bool:
        """Whether it ran to its end."""
        return self.finished_at is not None and not self.error


class Worker(models.Model):
    """A process that works on tasks. It says every half a minute that it is alive."""

    worker_id = models.CharField(max_length=64, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = [F("seen_at").desc()]

    def __str__(self) -> str:
        return self.worker_id
