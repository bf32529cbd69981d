"""`manage.py read_bounces PATH`: reads a mailbox file and marks the letters that came back. For a timer."""

import mailbox
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.post import bounces, letters


class Command(BaseCommand):
    help = (
        "Read a mailbox file (mbox) and mark the letters that came back. Changes nothing in it; a second run is safe."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        box = mailbox.mbox(path, create=False)
        reports = [report for message in box if (report := bounces.read_report(message))]
        now = timezone.now()
        marked = [report for report in reports if letters.mark_bounced(report, now)]
        self.stdout.write(f"{len(box)} mails, {len(reports)} about letters that came back, {len(marked)} of them new.")
