"""How often one visitor may send a form, or anybody try one thing. Counts in Django's cache, by keyed hash."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def address_of(request: HttpRequest) -> str:
    """The visitor's own address. Never to be stored or logged."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # Everybody comes from the proxy, which adds the visitor's address last; what stands before it is hearsay.
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    return address


def is_too_often(request: HttpRequest, action: str, *, most: int, seconds: int) -> bool:
    """Count one more try of `action` by this visitor; true when it is over `most` within `seconds`."""
    return _is_over(action, address_of(request), most=most, seconds=seconds)


def is_tried_too_often(thing: str, action: str, *, most: int, seconds: int) -> bool:
    """Count one more try of `action` on one thing, whoever tries; true when it is over `most` within `seconds`."""
    return _is_over(action, f"thing {thing}", most=most, seconds=seconds)


def _is_over(action: str, counted: str, *, most: int, seconds: int) -> bool:
    key = f"rate:{action}:{salted_hmac('portal.base.ratelimit', counted).hexdigest()[:16]}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:
        # The window ended between the two calls: this is the first try of the next one.
        cache.set(key, 1, seconds)
        return False
