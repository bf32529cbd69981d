"""`manage.py ensure_index`: rebuild the search index when it is missing, empty or built by other analysers."""

from django.core.management import BaseCommand, call_command

from search import indexing, sources


class Command(BaseCommand):
    help = "Rebuild the search index if it is missing, empty or out of date with the analysers."

    def handle(self, *args, verbosity: int = 1, **options) -> None:
        if indexing.is_current():
            if not indexing.suggests():
                indexing.refresh_suggestions(sources.public_ids())
            if verbosity:
                self.stdout.write("The search index is up to date.")
        else:
            call_command("rebuild_index", verbosity=verbosity)
