"""A person who shows that an address is theirs has shown that mail arrives there."""

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from portal.post import letters


@receiver(email_confirmed)
def forget_old_bounce(sender, email_address: EmailAddress, **kwargs) -> None:
    letters.trust_again(email_address.email)
