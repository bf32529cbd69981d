"""Tasks of the editorial site: one-line wrappers, fit to run twice."""

from django_tasks import task

from portal.content import links


@task(backend="db")
def check_links(limit: int = 200) -> int:
    """Look at the links that have waited longest."""
    return links.check_links(limit=limit)
