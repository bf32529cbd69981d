"""Whole addresses that stand on paper: where a person opens their own view. No database."""

from django.conf import settings
from django.urls import reverse


def own_address(code: str = "") -> str:
    """Where the person opens their own view, in the reader's language; with the code in it for a phone's camera."""
    address = settings.SITE_URL.rstrip("/") + reverse("referrals:own")
    return f"{address}?koodi={code}" if code else address
