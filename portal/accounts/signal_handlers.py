"""Keeps every account fit for signing in by mail code, however it was made."""

from allauth.account.models import EmailAddress
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from portal.accounts.models import User


@receiver(pre_save, sender=User)
def make_empty_password_unusable(sender, instance: User, **kwargs) -> None:
    """Wagtail's user form leaves "" behind, which counts as usable: enrolling a second factor would then ask for it."""
    if not instance.password:
        instance.set_unusable_password()


@receiver(post_save, sender=User)
def ensure_email_address(sender, instance: User, raw: bool = False, **kwargs) -> None:
    """Without this row allauth would ask a second code after the first."""
    if not raw and instance.email:
        EmailAddress.objects.get_or_create(user=instance, email=instance.email, defaults={"primary": True})
