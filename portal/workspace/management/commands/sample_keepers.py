"""`manage.py sample_keepers`: gives the sample people sample organisations to keep. For a machine of one's own."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.workspace.sample import ensure_sample_keepers


class Command(BaseCommand):
    help = "Gives the sample people organisations to keep. In debug mode only; a second run does nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Only in debug mode.")
        made = ensure_sample_keepers()
        if options["verbosity"]:
            self.stdout.write("Made." if made else "Nothing to do.")
