"""What may not reach a log: the query string of an address can hold what a person searched for."""

import logging
import re

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
