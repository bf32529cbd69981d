"""`manage.py rebuild_index`: write the whole search index anew."""

import time

from django.core.management import BaseCommand

from search import indexing


class Command(BaseCommand):
    help = "Write the whole search index anew."

    def handle(self, *args, **options) -> None:
        started = time.monotonic()
        count = indexing.rebuild()
        self.stdout.write(f"{count} documents in {time.monotonic() - started:.1f} s")
