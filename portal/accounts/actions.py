"""Every write about an account that means something: check → write → log. Asks nothing about organisations."""

import logging

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User

logger = logging.getLogger(__name__)


def end_sessions(user: User) -> None:
    """Sign a person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


@transaction.atomic
def close_account(user: User, by: User) -> None:
    """Close an account for good: nobody signs in with it, and whose it was is forgotten.

    The row stays without name and address, so that the log of a listing can still tell one person from another.
    What the person took care of is told to the rooms above by the signal of deactivation.

    Raises PermissionDenied when it is not one's own and one may not change accounts, ValidationError when nobody
    would be left to administer the site.
    """
    if user != by and not by.has_perm("accounts.change_user"):
        raise PermissionDenied
    if is_last_administrator(user):
        raise ValidationError(_("You are the only administrator. Make somebody else one first."))
    user.is_active = False
    user.save(update_fields=["is_active"])  # while the name is there: signal_handlers.py tells the rooms above

    user.closed_at = timezone.now()
    user.email = f"closed-{user.pk}@account.invalid"
    user.first_name = user.last_name = ""
    user.is_superuser = user.is_staff = False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    logger.info("Account %s closed by account %s", user.pk, by.pk)


def is_last_administrator(user: User) -> bool:
    """Whether the site would be left without anybody who may do everything."""
    return user.is_superuser and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists()
