"""`manage.py erase_referral`: removes a referral with all that is known of its person, at once and for good.

The code is asked for, or read from standard input: as an argument it would stay in the history of the shell.
"""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.views.decorators.debug import sensitive_variables

from referrals.data_requests import erase, referral_of_code
from referrals.management.typed import typed
from referrals.models import Referral


class Command(BaseCommand):
    help = "Removes everything about a person (GDPR art. 17), by the code on their paper or by the referral's UUID."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--uuid", type=UUID, help="of the referral, from the address of its page; else the code")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    @sensitive_variables()
    def handle(self, *args: Any, **options: Any) -> None:
        by_uuid: UUID | None = options["uuid"]
        if by_uuid is not None:
            referral = Referral.objects.filter(uuid=by_uuid).first()
        else:
            referral = referral_of_code(typed("Code: ", hidden=True))
        if referral is None:
            raise CommandError("There is no such referral. It may have been removed already.")
        sure = (
            f"Remove the referral of {referral.sent_at:%Y-%m-%d} to {referral.enquiries.count()} organisations? [y/N] "
        )
        if not options["yes"] and typed(sure).lower() != "y":
            raise CommandError("Nothing was removed.")
        asked = erase(referral)
        self.stdout.write("Removed. The log keeps that it was, and nothing of whom it was about.")
        self.stdout.write("Tell these organisations to remove what they have noted down (GDPR art. 19):")
        for name in asked:
            self.stdout.write(f"  {name}")
        self.stdout.write("Backups hold it, sealed, until they are too old.")
