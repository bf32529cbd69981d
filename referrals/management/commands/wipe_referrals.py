"""`manage.py wipe_referrals`: removes what has had its time, as the daily job does. Fit to run twice."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from referrals import retention


class Command(BaseCommand):
    help = "Removes what is kept about people and has had its time. The daily job does the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be removed")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        try:
            counts = retention.due(now) if dry_run else retention.run(now)
        except retention.NotAllRemovedError as problem:
            raise CommandError("Something could not be removed: see the log. The next run tries again.") from problem
        for rule in retention.RULES:
            self.stdout.write(f"{rule.name} ({rule.days} days): {counts[rule.name]}")
