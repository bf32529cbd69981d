"""App configuration of the post: what of it runs by itself, and what it hears of an address."""

import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PostConfig(AppConfig):
    name = "portal.post"
    label = "post"
    verbose_name = "Post"

    def ready(self) -> None:
        from portal.jobs import schedule
        from portal.post import signal_handlers  # noqa: F401

        schedule.often("resume_letters", _("Letters that were cut off"), "portal.post.tasks.resume_letters")
        schedule.daily(
            "prune_letters", _("Old letters"), "portal.post.tasks.prune_letters", at=datetime.time(hour=2, minute=20)
        )
