"""App configuration."""

import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CardsConfig(AppConfig):
    name = "cards"
    label = "cards"

    def ready(self) -> None:
        import cards.printing.signal_handlers  # noqa: F401  connects them
        from portal.jobs.schedule import daily

        daily(
            "remove_old_rounds",
            _("Removing old rounds of self-assessment"),
            "cards.quality.actions.remove_old_rounds",
            at=datetime.time(hour=4),
        )
        daily(
            "remove_old_prints",
            _("Old prints"),
            "cards.printing.tasks.remove_old_prints",
            at=datetime.time(hour=4, minute=10),
        )
