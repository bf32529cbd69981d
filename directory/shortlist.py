"""My list: services a person has collected, without an account. Pure: UUIDs ↔ a signed text.

The list lives in a cookie of the visitor's own browser and nowhere else; a shared link carries it in the address.
Only ids travel: what is shown is read again through the public queryset.
"""

import base64
from collections.abc import Iterable
from uuid import UUID

from django.core import signing

COOKIE = "list"
MOST = 30
# Long enough for the next meeting, short enough not to tell much of last winter's trouble.
COOKIE_SECONDS = 14 * 24 * 3600
_SALT = "directory.shortlist"


def pack(keys: Iterable[UUID]) -> str:
    """UUIDs → a signed text fit for a cookie or an address. Order is kept, at most MOST are taken."""
    raw = b"".join(key.bytes for key in list(dict.fromkeys(keys))[:MOST])
    return signing.Signer(salt=_SALT).sign(base64.urlsafe_b64encode(raw).decode().rstrip("="))


def unpack(text: str) -> list[UUID]:
    """The UUIDs of a packed text; an empty list when it is not ours."""
    try:
        packed = signing.Signer(salt=_SALT).unsign(text)
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        return [UUID(bytes=raw[start : start + 16]) for start in range(0, len(raw), 16)][:MOST]
    except (signing.BadSignature, ValueError):
        return []


def toggled(keys: list[UUID], key: UUID) -> list[UUID]:
    """The list with the key taken away if it was there, else added at the end."""
    return [each for each in keys if each != key] if key in keys else [*keys, key][:MOST]
