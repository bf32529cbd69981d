"""What tests ask of the index itself: to be up to date, and what is written in it."""

from collections.abc import Iterable

import numpy as np
from django.conf import settings
from django.db import connections
from django_tasks_db.models import DBTaskResult

from search import indexing
from search.analysis import TextAnalysis
from search.documents import Document
from search.engines.base import SearchEngine
from search.entries import entry_of
from search.lexicon import Lexicon

TABLES = ("search_document", "search_name", "search_value", "search_text", "search_term", "search_suggestion")
SPELLINGS = ("search_form", "search_spelling_key", "search_spelt")


def indexed() -> set[str]:
    """Ids of what the index holds."""
    settle()
    return set(indexing.engine().digests())


def empty_index() -> None:
    """An index that lost everything."""
    indexing.engine().delete(indexed())


def put(engine: SearchEngine, lexicon: Lexicon, analysis: TextAnalysis, documents: Iterable[Document]) -> None:
    """Write documents as search.indexing does, without a database of services."""
    documents = list(documents)
    lexicon.learn(documents, analysis)
    entries = [entry_of(document, analysis) for document in documents]
    before = engine.terms_of([entry.id for entry in entries])
    engine.upsert(entries)
    lexicon.count(before.values(), entries)


def settle() -> int:
    """Do what waits in the task queue (on PostgreSQL the index is written from there); how many tasks there were."""
    waiting = list(DBTaskResult.objects.ready())
    for row in waiting:
        result = row.task_result
        result.task.func(*result.args, **result.kwargs)
        row.delete()
    return len(waiting)


def everything_written(*, with_spellings: bool = False) -> str:
    """Every value of every table of the index, as one text in small letters."""
    settle()
    found: list[str] = []
    connection = connections[settings.SEARCH_DATABASE]
    with connection.cursor() as cursor:
        for table in (*TABLES, *(SPELLINGS if with_spellings else ())):
            cursor.execute(f"SELECT * FROM {table}")
            # Whole numbers are keys and days: their digits tell nothing, and by chance may be those of a secret.
            found.extend(_as_text(value) for row in cursor.fetchall() for value in row if not isinstance(value, int))
    return "\n".join(found).lower()


def _as_text(value: object) -> str:
    """Points are kept as numbers in bytes."""
    is_points = isinstance(value, bytes) and len(value) % 8 == 0
    return str(np.frombuffer(value, np.float64).tolist() if is_points else value)
