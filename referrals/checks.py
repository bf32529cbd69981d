"""Settings of this room that cannot work, told when the site starts."""

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def referral_keys(app_configs, **kwargs) -> list[CheckMessage]:
    """Each of REFERRAL_KEYS is a key. Which one is not is told by its place: a key is written nowhere."""
    return [
        Error(
            f"REFERRAL_KEYS: number {place} is no Fernet key.",
            hint=".env.example tells how to make one.",
            id="referrals.E001",
        )
        for place, key in enumerate(settings.REFERRAL_KEYS, start=1)
        if not _is_key(key)
    ]


def _is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True
