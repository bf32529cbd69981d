"""Reads the vocabulary for forms and filters: choices of topics, target groups and places, cached for a moment.

What a term is lives in directory.models.vocabulary.
"""

from django.core.cache import cache
from django.db import OperationalError, ProgrammingError
from django.utils.translation import get_language

from directory.choices import Scheme

CACHE_SECONDS = 60


def _choices(scheme: Scheme) -> list[tuple[str, str]]:
    from directory.models import Term

    key = f"vocabulary:{scheme}:{get_language()}"
    found = cache.get(key)
    if found is None:
        try:
            found = [(term.code, str(term)) for term in Term.objects.filter(scheme=scheme)]
        except (OperationalError, ProgrammingError):
            # Block definitions are read before the first migration has run.
            return []
        cache.set(key, found, CACHE_SECONDS)
    return found


def topic_choices() -> list[tuple[str, str]]:
    """(code, label) of every topic, in the language of the moment."""
    return _choices(Scheme.TOPIC)


def target_group_choices() -> list[tuple[str, str]]:
    """(code, label) of every target group, in the language of the moment."""
    return _choices(Scheme.TARGET_GROUP)


def municipality_choices() -> list[tuple[str, str]]:
    """(code, name) of every municipality by name, in the language of the moment."""
    from directory.models import Municipality

    key = f"vocabulary:municipality:{get_language()}"
    found = cache.get(key)
    if found is None:
        found = sorted(((each.code, str(each)) for each in Municipality.objects.all()), key=lambda pair: pair[1])
        cache.set(key, found, CACHE_SECONDS)
    return found
