"""`manage.py rotate_referral_keys`: closes everything sealed with the first key of REFERRAL_KEYS. Fit to run twice."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from referrals.rotating import count_sealed, rotate
from referrals.sealing import has_keys


class Command(BaseCommand):
    help = "Closes all that is sealed about people with the first of REFERRAL_KEYS; then the other keys can go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if not has_keys():
            raise CommandError("REFERRAL_KEYS is empty.")
        with tqdm(total=count_sealed(), file=sys.stderr, disable=None, unit="text", leave=False) as bar:
            rotation = rotate(dry_run=dry_run, each=bar.update)
        verb = "would be closed anew" if dry_run else "closed anew"
        self.stdout.write(f"{rotation.resealed} {verb}, {rotation.already} closed by the first key already.")
        for model, pk in rotation.unopened:
            self.stdout.write(f"  no key opens {model} {pk}")
        if rotation.unopened:
            raise CommandError(
                f"{len(rotation.unopened)} cannot be opened by any key. Do not throw the old keys away yet."
            )
