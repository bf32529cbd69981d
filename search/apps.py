"""Registers the search room with Django. Its index is no model: it is the engine's own affair."""

import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        from portal.jobs.schedule import command, daily
        from search import checks, signal_handlers  # noqa: F401

        daily("check_index", _("Looking after the search index"), command("check_index"), at=datetime.time(hour=3))
