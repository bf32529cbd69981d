"""App configuration."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "directory"
    label = "directory"

    def ready(self) -> None:
        from directory import signal_handlers  # noqa: F401
