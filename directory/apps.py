"""App configuration."""

import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "directory"
    label = "directory"

    def ready(self) -> None:
        from directory import signal_handlers  # noqa: F401
        from portal.jobs.schedule import daily

        # Before the letters, which tell of what was found.
        daily("find_evidence", _("Looking for wrong numbers"), "directory.findings.refresh", at=datetime.time(hour=6))
        daily("keep_fresh", _("Asking keepers"), "directory.keeping.run_today", at=datetime.time(hour=7))
        daily(
            "forget_input",
            _("Throwing away what was typed and never saved"),
            "directory.actions.editing.forget_old_input",
            at=datetime.time(hour=4),
        )
