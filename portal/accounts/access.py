"""What the ways in ask of a person: may they open the admin, must they prove twice who they are? No views."""

import re
import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

ADMIN_ACCESS = "wagtailadmin.access_admin"


def may_open_admin(user: Any) -> bool:
    """Whether the admin lets this person in."""
    return bool(user.is_authenticated and user.has_perm(ADMIN_ACCESS))


_sensitive: list[Callable[[Any], bool]] = []


def also_needs_second_factor(holds: Callable[[Any], bool]) -> None:
    """Ask a second factor of everybody of whom this holds, too. For rooms above, in AppConfig.ready."""
    _sensitive.append(holds)


_guarded: list[re.Pattern[str]] = []


def also_guard(pattern: str) -> None:
    """Ask for the second factor on these addresses too; a pattern of what follows the language, such as `room/`.

    For rooms above, in AppConfig.ready.
    """
    _guarded.append(re.compile(pattern))


def is_guarded_by_a_room(path: str) -> bool:
    """Whether a room above wants the second factor on an address; path: what follows the language."""
    return any(pattern.match(path) for pattern in _guarded)


def needs_second_factor(user: Any) -> bool:
    """Whether what this person may do asks for more than a mail box or a password.

    Keepers of organisations have memberships, never groups: whoever is in a group works for the directory.
    """
    if not user.is_authenticated:
        return False
    return may_open_admin(user) or user.groups.exists() or any(holds(user) for holds in _sensitive)


def has_second_factor(user: Any) -> bool:
    """Whether this person has a passkey, a security key or an authenticator app. Spare codes alone are none."""
    return is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def has_used_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed since, with a second factor or a passkey."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def has_just_shown_who_they_are(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed since, within the last minutes, in whatever way."""
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for record in records)
