"""`manage.py remove_sample`: takes the invented organisations, places and services out of the directory."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory import sample


class Command(BaseCommand):
    help = "Removes all sample data for good. `load_content --sample` brings it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        before = sample.counts()
        if not any(before.values()):
            self.stdout.write("There is no sample data left.")
            return
        found = ", ".join(f"{number} {kind}" for kind, number in before.items())
        if not options["yes"] and input(f"Remove {found}, with all that was done to them? [y/N] ").lower() != "y":
            raise CommandError("Nothing was removed.")
        kept = sample.remove()
        after = sample.counts()
        removed = ", ".join(f"{number - after[kind]} {kind}" for kind, number in before.items())
        self.stdout.write(self.style.SUCCESS(f"Removed {removed}."))
        for name in kept:
            self.stdout.write(f"  kept, because a listing of yours needs it: {name}")
