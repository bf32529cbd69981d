"""`manage.py worker`: works on the queue, runs what is due, and takes up what a killed worker left."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string

from portal.jobs.workers import Ticker


class Command(BaseCommand):
    help = "Work on the tasks of every queue and start the jobs that are due. Ends politely on SIGTERM and Ctrl+C."

    def handle(self, *args: Any, **options: Any) -> None:
        worker_id = get_random_string(32)
        ticker = Ticker(worker_id)
        ticker.start()
        try:
            words = ("--backend", "db", "--queue-name", "*", "--worker-id", worker_id, "--no-reload")
            call_command("db_worker", *words, verbosity=options["verbosity"])
        finally:
            ticker.stop()
