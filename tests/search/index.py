"""What tests ask of the index itself: to be up to date, and what is written in it."""

from django.conf import settings
from django.db import connections
from django_tasks_db.models import DBTaskResult

TABLES = ("search_document", "search_text", "search_vocabulary")
SPELLINGS = ("search_word", "search_spelling")


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
            found.extend(str(value) for row in cursor.fetchall() for value in row)
    return "\n".join(found).lower()
