"""What may not reach a log, and what need not: query strings can hold what a person searched for."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

_QUERY_STRING = re.compile(r"\?[^\s\"]+")


def without_query(text: str) -> str:
    """The text with every query string replaced by `?…`."""
    return _QUERY_STRING.sub("?…", text)


class WithoutQueryString(logging.Filter):
    """Strips query strings from messages and their arguments. Attach it to every handler."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_query(record.getMessage())
        record.args = None
        return True


@contextmanager
def quiet() -> Iterator[None]:
    """Without a line for each save, index job and publication: a loader makes thousands, and they are no news."""
    loggers = [logging.getLogger(name) for name in ("wagtail", "django_tasks")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
