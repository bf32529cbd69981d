"""Keeps every account fit for signing in by mail code, however it was made, and tells when one is put out of use."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.db.models.signals import post_save, pre_delete, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from portal.accounts.actions import end_sessions
from portal.accounts.browsers import browser_name
from portal.accounts.models import User
from portal.accounts.signals import account_closed

NO_ADDRESS = "0.0.0.0"  # noqa: S104 stands for nothing kept


@receiver(pre_save, sender=User)
def make_empty_password_unusable(sender, instance: User, **kwargs) -> None:
    """Wagtail's user form leaves "" behind, which counts as usable: enrolling a second factor would then ask for it."""
    if not instance.password:
        instance.set_unusable_password()


@receiver(post_save, sender=User)
def ensure_email_address(sender, instance: User, raw: bool = False, **kwargs) -> None:
    """Without this row allauth would ask a second code after the first."""
    if not raw and instance.email and not instance.closed_at:
        EmailAddress.objects.get_or_create(user=instance, email=instance.email, defaults={"primary": True})


@receiver(pre_save, sender=User)
def notice_deactivation(sender, instance: User, raw: bool = False, update_fields=None, **kwargs) -> None:
    """Remember for `tell_of_deactivation` whether this save puts somebody out of use."""
    may_deactivate = not raw and instance.pk and not instance.is_active
    if update_fields is not None:
        may_deactivate = may_deactivate and "is_active" in update_fields
    instance._is_deactivated = may_deactivate and User.objects.filter(pk=instance.pk, is_active=True).exists()


@receiver(post_save, sender=User)
def tell_of_deactivation(sender, instance: User, **kwargs) -> None:
    """Sign the person out, and tell the rooms above that what they took care of needs somebody else."""
    if instance._is_deactivated:
        end_sessions(instance)
        account_closed.send(sender=User, user=instance)


@receiver(pre_delete, sender=User)
def tell_of_removal(sender, instance: User, **kwargs) -> None:
    """A removed account is closed too; one that was out of use has been told of already."""
    if instance.is_active:
        end_sessions(instance)
        account_closed.send(sender=User, user=instance)


@receiver(pre_save, sender=UserSession)
def keep_little_of_a_session(sender, instance: UserSession, **kwargs) -> None:
    """Enough to know one's own phone in the list of sessions: no address, and of the browser its name alone."""
    instance.ip = NO_ADDRESS
    instance.user_agent = browser_name(instance.user_agent)


@receiver(authenticator_added)
def count_enrolment_as_use(sender, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs) -> None:
    """Who has just made a second factor has just shown it: nobody is asked for it twice within a minute."""
    record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)
