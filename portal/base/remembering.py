"""Remembers for a while what pages say of each other: titles, addresses, languages. No domain words.

A change of any page makes all of it forgotten at once in this process; another process learns of it within SECONDS.
Only what everybody may see is remembered, and plain values alone.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar
from uuid import uuid4

from django.core.cache import cache

SECONDS = 300
_GENERATION = "remembered:generation"

Value = TypeVar("Value")


def remembered(name: str, *parts: Any, make: Callable[[], Value]) -> Value:
    """What `make` answered for these parts, asked again when a page has changed since.

    None is not remembered, nor is what is said of something that has no key yet (a part that is None): two pages that
    an editor only looks at before saving them are not the same page.
    """
    if None in parts:
        return make()
    # Some caches want short keys.
    said = blake2b(":".join(map(str, parts)).encode(), digest_size=16).hexdigest()
    # Read before `make` is asked: what it answers while a page changes is kept under what was then.
    key = f"remembered:{cache.get_or_set(_GENERATION, _new_generation, None)}:{name}:{said}"
    found = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, SECONDS)
    return found


def forget() -> None:
    """Ask anew from now on."""
    cache.set(_GENERATION, _new_generation(), None)


def _new_generation() -> str:
    """A name that was never used before, also after the cache has dropped the last one."""
    return uuid4().hex
