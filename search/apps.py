"""Registers the search room with Django. Its index is no model: it is the engine's own affair."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        from search import checks, signal_handlers  # noqa: F401
