"""Which database holds what."""


class SearchFileRouter:
    """Keeps models and migrations out of the embedded index's own file (only there beside PostgreSQL)."""

    def allow_migrate(self, db: str, app_label: str, **hints) -> bool | None:
        return False if db == "search" else None
