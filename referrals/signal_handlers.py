"""What this room does when the rooms below tell of something."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from directory.models import Organisation
from directory.signals import organisations_merged, removing_sample
from portal.accounts.models import User
from portal.accounts.signals import account_closed
from portal.post.models import Letter
from portal.post.signals import letter_bounced
from referrals import actions, keeping, letters, sample


@receiver(account_closed, dispatch_uid="worker_leaves_teams")
def leave_teams(sender: Any, user: User, **kwargs: Any) -> None:
    """Whoever closes the account sees no referral any more; a colleague keeps the open ones."""
    actions.leave_teams(user)


@receiver(letter_bounced, dispatch_uid="referral_link_came_back")
def note_bounce(sender: Any, letter: Letter, **kwargs: Any) -> None:
    """A letter to an organisation did not arrive: when no other one can, the sender need not wait."""
    enquiry = letters.enquiry_of_letter(letter)
    if enquiry is not None:
        keeping.note_bounce(enquiry, lost=letter.to, at=letter.bounced_at or timezone.now())


@receiver(removing_sample, dispatch_uid="sample_referrals_go_too")
def take_away_sample(sender: Any, **kwargs: Any) -> None:
    """What was tried out with invented organisations goes with them."""
    sample.take_away_sample_referrals()


@receiver(organisations_merged, dispatch_uid="referrals_of_merged_organisations")
def move_to_kept(sender: Any, keep: Organisation, drop: Organisation, **kwargs: Any) -> None:
    """What was asked of one of two is answered by the people of the one that is kept."""
    actions.move_to_organisation(drop, keep)
