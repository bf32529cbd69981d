"""Tasks of the search room: thin wrappers, fit to run twice."""

import logging
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django_tasks import task

from search import indexing
from search.engines.base import EngineUnavailableError

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)


@task(backend="db")
def reindex_task(engine: str, kind: str, keys: list[str], tries: int = 0) -> None:
    """Write the documents of these services or pages to one engine; one that is down is tried again, ever later."""
    if engine not in indexing.engine_names():
        # The site has moved to another engine since, and that one was built whole.
        return
    try:
        indexing.reindex(engine, kind, [UUID(key) for key in keys])
    except EngineUnavailableError:
        wait = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)
        logger.warning("%s is away; %d changes wait for %s.", engine, len(keys), wait)
        reindex_task.using(run_after=timezone.now() + wait).enqueue(engine, kind, keys, tries + 1)
