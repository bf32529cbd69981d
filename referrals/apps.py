"""App configuration."""

import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "referrals"
    label = "referrals"

    def ready(self) -> None:
        from portal.accounts.access import also_needs_second_factor
        from portal.jobs.schedule import daily
        from referrals import signal_handlers  # noqa: F401
        from referrals.permissions import is_worker

        also_needs_second_factor(is_worker)
        daily(
            "wipe_referrals",
            _("Removing personal data of referrals in time"),
            "referrals.retention.run_today",
            at=datetime.time(hour=3),
        )
        daily(
            "verify_referral_log",
            _("Proving that the log of referrals is whole"),
            "referrals.audit.verify_daily",
            at=datetime.time(hour=3, minute=30),
        )
        daily(
            "keep_referrals",
            _("Reminding organisations of referrals"),
            "referrals.keeping.run_today",
            at=datetime.time(hour=8),
        )
