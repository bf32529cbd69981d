"""App configuration."""

import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "referrals"
    label = "referrals"

    def ready(self) -> None:
        from portal.accounts.access import also_guard, also_needs_second_factor
        from portal.jobs.schedule import daily
        from referrals import checks, signal_handlers  # noqa: F401
        from referrals.permissions import is_worker

        also_needs_second_factor(is_worker)
        # Not what anybody opens: sending one's own, the privacy notice.
        also_guard(r"lahete/(?!itse/|tietosuoja/)")
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
        daily(
            "tell_referral_figures",
            _("Reckoning the figures of referrals when a quarter is settled"),
            "referrals.figures.telling.run_today",
            at=datetime.time(hour=4, minute=10),
        )
        daily(
            "tell_reply_times",
            _("Telling how soon organisations usually answer"),
            "referrals.figures.reply_times.run_today",
            at=datetime.time(hour=4, minute=20),
        )
