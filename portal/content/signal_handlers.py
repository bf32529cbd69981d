"""Keeps the frame's links true when pages change; forgets what Wagtail keeps of a person whose account closes."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move
from wagtail.users.models import UserProfile

from portal.accounts.signals import account_closed
from portal.content.frame import forget


@receiver(account_closed)
def forget_profile(sender: Any, user: Any, **kwargs: Any) -> None:
    """The picture and the settings of the admin are a person's, too."""
    for profile in UserProfile.objects.filter(user=user):
        profile.avatar.delete(save=False)
        profile.delete()


page_published.connect(forget, dispatch_uid="frame_published")
page_unpublished.connect(forget, dispatch_uid="frame_unpublished")
post_page_move.connect(forget, dispatch_uid="frame_moved")
post_delete.connect(forget, sender=Page, dispatch_uid="frame_deleted")
