"""Takes prints away with the pages they hold: whoever kept an address of a file does not read on what was taken off."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_unpublished, post_page_move

from cards.printing import making


@receiver(page_unpublished, dispatch_uid="prints_unpublished")
@receiver(post_page_move, dispatch_uid="prints_moved")
@receiver(post_delete, sender=Page, dispatch_uid="prints_deleted")
@receiver(post_save, sender=PageViewRestriction, dispatch_uid="prints_restricted")
def remove_hidden(**kwargs: Any) -> None:
    transaction.on_commit(making.remove_hidden)
