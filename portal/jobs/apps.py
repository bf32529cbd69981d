"""App configuration of what runs by itself, and the jobs that are about the house itself."""

import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "portal.jobs"
    label = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        from portal.jobs.schedule import command, daily

        daily("clear_sessions", _("Old sessions"), command("clearsessions"), at=datetime.time(hour=2))
        daily(
            "prune_tasks",
            _("Old tasks"),
            command("prune_db_task_results", "--backend", "db", "--queue-name", "*"),
            at=datetime.time(hour=2, minute=10),
        )
        daily("prune_runs", _("Old runs"), "portal.jobs.tasks.prune_runs", at=datetime.time(hour=2, minute=15))
