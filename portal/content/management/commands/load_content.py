"""`manage.py load_content`: puts every room's content into the database and spares what editors have changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.base.loading import ContentError
from portal.base.logging import quiet
from portal.content.loading import load_everything
from search import indexing


class Command(BaseCommand):
    help = "Loads the content that comes with the site. Run it as often as you like: what editors have changed stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--no-sample", action="store_true", help="leave the invented listings out")
        group.add_argument("--sample", action="store_true", help="bring them in even if somebody has removed them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with quiet(), indexing.together():
                loading = load_everything(with_sample=not options["no_sample"], sample_again=options["sample"])
        except ContentError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if options["verbosity"]:
            counts = ", ".join(f"{number} {what}" for what, number in sorted(loading.counts.items()) if number)
            self.stdout.write(self.style.SUCCESS(f"Content: {counts}."))
            for line in loading.left:
                self.stdout.write(f"  left alone: {line}")
