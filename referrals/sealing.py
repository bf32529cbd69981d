"""What is known about a person, closed so that the database alone tells nothing: Fernet of `cryptography`.

The keys come from the environment (REFERRAL_KEYS): the first one closes, each of them opens. Who reads the database, a
dump or a backup without the keys reads nothing. Changing keys: `manage.py rotate_referral_keys`.
"""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables


class CannotOpenError(Exception):
    """No key in use opens this. Tells nothing of what it is. In a template it leaves an empty place."""

    silent_variable_failure = True


class NoKeyError(CannotOpenError, ImproperlyConfigured):
    """There is no key at all: nothing can be closed, nothing opened."""


def has_keys() -> bool:
    """Whether anything can be closed at all."""
    return bool(settings.REFERRAL_KEYS)


@sensitive_variables()
def seal(value: Any) -> str:
    """Close something that can be written as JSON. Raises NoKeyError without a key."""
    return _box().encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()


@sensitive_variables()
def unseal(text: str) -> Any:
    """What was closed. Raises CannotOpenError when no key opens it, or there is none."""
    if not has_keys():
        raise CannotOpenError
    try:
        return json.loads(_box().decrypt(text.encode()))
    except InvalidToken:
        raise CannotOpenError from None


def reseal(text: str) -> str:
    """The same, closed by the first key; it is never in the clear outside this call. Raises CannotOpenError."""
    if not has_keys():
        raise CannotOpenError
    try:
        return _box().rotate(text.encode()).decode()
    except InvalidToken:
        raise CannotOpenError from None


def is_sealed_by_first(text: str) -> bool:
    """Whether the first key alone opens it: then the others are not needed for it."""
    try:
        Fernet(settings.REFERRAL_KEYS[0]).decrypt(text.encode())
    except (InvalidToken, IndexError):
        return False
    return True


def _box() -> MultiFernet:
    if not has_keys():
        raise NoKeyError("REFERRAL_KEYS is empty: referrals cannot hold anything about a person.")
    return MultiFernet([Fernet(key) for key in settings.REFERRAL_KEYS])
