"""`manage.py check_index`: find what the search index holds otherwise than the data, and mend it."""

import sys

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from search import indexing, sources
from search.engines.base import EngineUnavailableError


class Command(BaseCommand):
    help = "Compare the search index with the data and mend the differences."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only tell what differs; exit code 1 if anything")

    def handle(self, *args, dry_run: bool, **options) -> None:
        differs = False
        for name in indexing.engine_names():
            try:
                with tqdm(
                    total=len(sources.public_ids()), desc=name, file=sys.stderr, disable=None, unit="doc", leave=False
                ) as bar:
                    found = indexing.differences(name, bar.update)
                if found and not dry_run:
                    indexing.mend(name, found)
            except EngineUnavailableError as problem:
                raise CommandError(f"{name} does not answer; run this again when it does.") from problem
            differs = differs or bool(found)
            said = f"{len(found.missing)} missing, {len(found.stale)} stale, {len(found.extra)} too many"
            self.stdout.write(
                f"{name}: {said if found else 'as the data says'}{'' if dry_run or not found else '; mended'}"
            )
        if differs and dry_run:
            raise CommandError("The index differs from the data.")
