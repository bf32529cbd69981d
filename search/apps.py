"""Registers the search room with Django. It has no models: the index is the engine's own affair."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        from search import signal_handlers  # noqa: F401
