"""`manage.py sample_referrals`: a team of sample workers and what they have sent. For a machine of one's own."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from referrals.sample import ensure_sample_referrals


class Command(BaseCommand):
    help = "Makes a sample team and its referrals. In debug mode only; a second run does nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Only in debug mode.")
        made = ensure_sample_referrals()
        if options["verbosity"]:
            self.stdout.write("Made." if made else "Nothing to do.")
