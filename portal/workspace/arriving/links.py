"""Addresses that leave the site in letters, and the signed one of an invitation. No views."""

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation

from directory.models import Invitation

_SALT = "workspace.invitation"


def whole_address(name: str, language: str, **values: Any) -> str:
    """A page's address as a letter needs it, in the reader's language."""
    with translation.override(language):
        return f"{settings.SITE_URL.rstrip('/')}{reverse(name, kwargs=values)}"


def token_of(invitation: Invitation) -> str:
    """What the link in an invitation carries: it cannot be guessed, and opens nothing else."""
    return Signer(salt=_SALT).sign(invitation.key.hex)


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link is about, whatever its state; None when the link is not ours."""
    try:
        key = Signer(salt=_SALT).unsign(token)
    except BadSignature:
        return None
    return Invitation.objects.filter(key=key).select_related("organisation", "invited_by", "accepted_by").first()
