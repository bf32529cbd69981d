"""`manage.py answer_access_request`: everything that is held about a person, as JSON, by the code on their paper.

The code is asked for, or read from standard input: as an argument it would stay in the history of the shell.
"""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.views.decorators.debug import sensitive_variables

from referrals.data_requests import answer_access_request, referral_of_code
from referrals.management.typed import typed


class Command(BaseCommand):
    help = "Writes a copy of all that is held about a person (GDPR art. 15). Needs the code from the person's paper."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FILE", help="write to a new file that only you can read")

    @sensitive_variables()
    def handle(self, *args: Any, **options: Any) -> None:
        referral = referral_of_code(typed("Code: ", hidden=True))
        if referral is None:
            raise CommandError("No referral has this code. It may have been removed already.")
        target: Path | None = options["to"]
        if target is not None and target.exists():
            raise CommandError(f"{target} exists already.")
        answer = json.dumps(answer_access_request(referral), ensure_ascii=False, indent=2)
        if target is None:
            self.stdout.write(answer)
            return
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(answer + "\n")
        self.stdout.write(f"Written to {target}. Hand it over, then remove it.")
