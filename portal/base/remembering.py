"""Remembers for a while what pages say of each other: titles, addresses, languages. No domain words.

A change of any page makes all of it forgotten at once in this process; another process learns of it within SECONDS.
Only what everybody may see is remembered, and plain values alone.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar

from django.core.cache import cache

SECONDS = 300
_GENERATION = "remembered:generation"

Value = TypeVar("Value")


def remembered(name: str, *parts: Any, make: Callable[[], Value]) -> Value:
    """What `make` answered for these parts, asked again when a page has changed since. None is not remembered."""
    # Some caches want short keys.
    said = blake2b(":".join(map(str, parts)).encode(), digest_size=16).hexdigest()
    key = f"remembered:{cache.get(_GENERATION, 0)}:{name}:{said}"
    found = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, SECONDS)
    return found


def forget(**_kwargs: Any) -> None:
    """Ask anew from now on. Receives the signals of pages."""
    # A number that was never used before, also after the cache has dropped the last one.
    cache.set(_GENERATION, cache.get(_GENERATION, 0) + 1, None)
