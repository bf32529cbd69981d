"""App configuration."""

import datetime

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    name = "portal.content"
    label = "content"

    def ready(self) -> None:
        from portal.content import signal_handlers  # noqa: F401
        from portal.jobs.schedule import command, daily, often

        often("publish_scheduled", _("Publishing at a set time"), command("publish_scheduled"))
        if not settings.DEBUG:
            # It asks other people's servers, which a developer's machine has no reason to.
            daily("check_links", _("Looking at links"), "portal.content.tasks.check_links", at=datetime.time(hour=4))
