"""App configuration."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "portal.content"
    label = "content"

    def ready(self) -> None:
        from portal.content import signal_handlers  # noqa: F401
