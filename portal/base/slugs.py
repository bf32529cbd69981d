"""Makes addresses of names. No models: the caller tells which addresses are taken."""

import itertools
from collections.abc import Callable

from django.utils.text import slugify


def free_slug(name: str, *, is_taken: Callable[[str], bool], fallback: str, length: int = 80) -> str:
    """The name as an address that nobody has yet: `talo`, `talo-2`, `talo-3` …"""
    base = slugify(name)[:length].strip("-") or fallback
    candidates = itertools.chain([base], (f"{base}-{number}" for number in itertools.count(2)))
    return next(slug for slug in candidates if not is_taken(slug))
