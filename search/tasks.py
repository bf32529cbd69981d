"""Tasks of the search room: one-line wrappers, fit to run twice."""

from uuid import UUID

from django_tasks import task

from search import indexing


@task(backend="db")
def reindex_task(kind: str, keys: list[str]) -> None:
    """Write the documents of these services or pages."""
    indexing.reindex(kind, [UUID(key) for key in keys])
