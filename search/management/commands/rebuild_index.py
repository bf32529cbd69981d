"""`manage.py rebuild_index`: write the whole search index anew, while the old one serves."""

import sys
import time

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from search import indexing, sources
from search.engines.base import EngineUnavailableError


class Command(BaseCommand):
    help = "Write the whole search index anew; the old one serves meanwhile. One that was cut off is taken up again."

    def handle(self, *args, verbosity: int = 1, **options) -> None:
        for name in indexing.engine_names():
            started = time.monotonic()
            try:
                with tqdm(
                    total=len(sources.public_ids()), desc=name, file=sys.stderr, disable=None, unit="doc", leave=False
                ) as bar:
                    count = indexing.rebuild(name, bar.update)
            except EngineUnavailableError as problem:
                raise CommandError(f"{name} does not answer; run this again when it does.") from problem
            except indexing.RebuildError as problem:
                raise CommandError(f"{problem} The former index goes on serving; run this again.") from problem
            if verbosity:
                self.stdout.write(f"{name}: {count} documents in {time.monotonic() - started:.1f} s")
