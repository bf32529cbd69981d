"""`manage.py keep_fresh`: asks keepers whether their listings are right, as the daily job does. Fit to run twice."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from directory.keeping import keep_fresh


class Command(BaseCommand):
    help = "Asks the keepers of listings that are due for a check, and does all that a missed run has left undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", type=_moment, metavar="ISO-TIME", help="as if it were then: 2027-03-01T07:00")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        report = keep_fresh(options["at"] or timezone.now(), dry_run=options["dry_run"])
        if report.is_dry:
            self.stdout.write("Nothing was written. It would be:")
        for line in report.lines():
            self.stdout.write(line)
        if report.failures:
            raise CommandError("Something broke: see the log. It is tried again by the next run.")


def _moment(written: str) -> datetime.datetime:
    moment = parse_datetime(written)
    day = None if moment else parse_date(written)
    if day:
        moment = datetime.datetime.combine(day, datetime.time(hour=7))
    if moment is None:
        raise ValueError(written)
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
