"""Keeps the frame true when pages change or referrals are switched; forgets what Wagtail keeps of a closed account."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move
from wagtail.users.models import UserProfile

from portal.accounts.signals import account_closed
from portal.base import remembering
from portal.content import frame
from referrals.models import Controller


@receiver(account_closed)
def forget_profile(sender: Any, user: Any, **kwargs: Any) -> None:
    """The picture and the settings of the admin are a person's, too."""
    for profile in UserProfile.objects.filter(user=user):
        profile.avatar.delete(save=False)
        profile.delete()


def forget_pages(**kwargs: Any) -> None:
    """A page has come, gone, moved or been restricted: nothing that was remembered of pages holds any more.

    At once for whoever made the change, and again when the database shows it to others: one of them may have read what
    was in between.
    """
    _forget()
    transaction.on_commit(_forget)


def _forget() -> None:
    frame.forget()
    remembering.forget()


def forget_switch(**kwargs: Any) -> None:
    """Referrals have been switched on or off, or what they need has been filled in or emptied."""
    frame.forget()
    transaction.on_commit(frame.forget)


page_published.connect(forget_pages, dispatch_uid="pages_published")
page_unpublished.connect(forget_pages, dispatch_uid="pages_unpublished")
post_page_move.connect(forget_pages, dispatch_uid="pages_moved")
post_delete.connect(forget_pages, sender=Page, dispatch_uid="pages_deleted")
post_save.connect(forget_pages, sender=PageViewRestriction, dispatch_uid="pages_restricted")
post_delete.connect(forget_pages, sender=PageViewRestriction, dispatch_uid="pages_opened")
post_save.connect(forget_switch, sender=Controller, dispatch_uid="referrals_switched")
post_delete.connect(forget_switch, sender=Controller, dispatch_uid="referrals_gone")
