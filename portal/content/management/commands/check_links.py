"""`manage.py check_links`: looks whether the site's links to other sites open. For a timer, once a night."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.content.links import broken_links, check_links


class Command(BaseCommand):
    help = "Looks at the links to other sites that have waited longest, and tells which do not open."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, help="look at no more than this many addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        number = check_links(limit=options["limit"])
        broken = broken_links()
        self.stdout.write(f"Looked at {number} addresses. {len(broken)} links have a problem.")
        if options["verbosity"] > 1:
            for each in broken:
                self.stdout.write(f"  {each.link.address or each.link.page}  {each.words}  ({each.link.where})")
