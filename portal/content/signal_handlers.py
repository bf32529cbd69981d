"""Keeps the frame's links true when pages change; forgets what Wagtail keeps of a person whose account closes."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move
from wagtail.users.models import UserProfile

from portal.accounts.signals import account_closed
from portal.base import remembering
from portal.content.frame import forget


@receiver(account_closed)
def forget_profile(sender: Any, user: Any, **kwargs: Any) -> None:
    """The picture and the settings of the admin are a person's, too."""
    for profile in UserProfile.objects.filter(user=user):
        profile.avatar.delete(save=False)
        profile.delete()


for name, receives in (("frame", forget), ("remembered", remembering.forget)):
    page_published.connect(receives, dispatch_uid=f"{name}_published")
    page_unpublished.connect(receives, dispatch_uid=f"{name}_unpublished")
    post_page_move.connect(receives, dispatch_uid=f"{name}_moved")
    post_delete.connect(receives, sender=Page, dispatch_uid=f"{name}_deleted")
