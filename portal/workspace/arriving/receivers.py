"""What follows when people come, go or cannot be reached: letters, and new homes for what they took care of."""

from django.dispatch import receiver

from directory import actions
from directory.actions import TeamChange
from directory.choices import Role
from directory.models import Claim, Invitation, Membership, Organisation
from directory.signals import claim_decided, invited, team_changed
from portal.accounts.models import User
from portal.accounts.signals import account_closed
from portal.post.bounces import Kind
from portal.post.models import Letter
from portal.post.signals import letter_bounced
from portal.workspace.arriving import letters


@receiver(invited)
def send_invitation(sender, invitation: Invitation, **kwargs) -> None:
    letters.invitation_letter(invitation)


@receiver(claim_decided)
def tell_decision(sender, claim: Claim, **kwargs) -> None:
    letters.claim_decided(claim)


@receiver(team_changed)
def tell_of_change(sender, organisation: Organisation, user: User, change="", by=None, role="", services=(), **kwargs):
    """Whoever did it needs no letter of it."""
    if change == TeamChange.JOINED:
        for owner in Membership.objects.reachable().filter(organisation=organisation, role=Role.OWNER):
            if owner.user not in (user, by):
                letters.joined(organisation, user, owner.user)
    elif change == TeamChange.TOOK_OVER:
        letters.took_over(organisation, user, services, by)
    elif user == by:
        return
    elif change == TeamChange.ROLE:
        letters.role_changed(organisation, user, role)
    elif change == TeamChange.REMOVED:
        letters.removed(organisation, user)


@receiver(account_closed)
def find_new_homes(sender, user: User, **kwargs) -> None:
    actions.leave_everything(user)


@receiver(letter_bounced)
def look_for_others(sender, letter: Letter, **kwargs) -> None:
    """A full mailbox passes; an address that is none is as good as a person who is gone."""
    user = User.objects.filter(email__iexact=letter.to).first()
    if letter.bounce_kind == Kind.HARD and user is not None:
        actions.mail_came_back(user)
