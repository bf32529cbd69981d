"""`manage.py verify_referral_log`: proves that the log of referrals is whole. Exit code 1 when it is not."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from referrals import audit


class Command(BaseCommand):
    help = "Reads the whole log of referrals. Note the head down elsewhere, and give it the next time with --expect."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect", metavar="HEAD", default="", help="a head that was noted down before")

    def handle(self, *args: Any, expect: str, **options: Any) -> None:
        verdict = audit.verify()
        if not verdict.is_whole:
            raise CommandError(f"The log is broken at line {verdict.broken_at}.")
        self.stdout.write(f"{verdict.lines} lines, whole. Head: {verdict.head or '(no line yet)'}")
        if not expect:
            return
        place = audit.place_of(expect.strip().lower())
        if place is None:
            raise CommandError(
                "The log does not hold the expected head: it was written anew, or that line is too old to be kept."
            )
        self.stdout.write(f"The expected head is line {place}: nothing up to there has changed since.")
