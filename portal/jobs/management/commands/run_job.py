"""`manage.py run_job NAME`: runs a job here and now, for who keeps timetables elsewhere."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.jobs import schedule


class Command(BaseCommand):
    help = "Run one of the jobs that run by themselves. Without a name: list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?")

    def handle(self, *args: Any, name: str | None, **options: Any) -> None:
        if name is None:
            for job in schedule.jobs():
                self.stdout.write(f"{job.name:20} {f'{job.at:%H:%M}' if job.at else 'often':6} {job.label}")
            return
        if name not in {job.name for job in schedule.jobs()}:
            raise CommandError(f"There is no job {name}.")
        run = schedule.run_now(name, timezone.now())
        self.stdout.write(f"{name}: {run.result}")
