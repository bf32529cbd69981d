"""The one question the ways in ask of a person: may they open the admin? No views, no models."""

from typing import Any

ADMIN_ACCESS = "wagtailadmin.access_admin"


def may_open_admin(user: Any) -> bool:
    """Whether the admin lets this person in."""
    return bool(user.is_authenticated and user.has_perm(ADMIN_ACCESS))
