"""What this room does when the rooms below tell of something."""

from typing import Any

from django.dispatch import receiver

from portal.accounts.models import User
from portal.accounts.signals import account_closed
from referrals import actions


@receiver(account_closed, dispatch_uid="worker_leaves_teams")
def leave_teams(sender: Any, user: User, **kwargs: Any) -> None:
    """Whoever closes the account sees no referral any more; a colleague keeps the open ones."""
    actions.leave_teams(user)
