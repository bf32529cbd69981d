"""Keeps the index true when services or pages change."""

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from directory.signals import services_changed
from portal.base.models import BasePage
from search import indexing


@receiver(services_changed)
def write_services(sender, keys, **kwargs) -> None:
    indexing.touch(indexing.SERVICE, keys)


@receiver([page_published, page_unpublished, post_page_move])
def write_page(sender, instance: Page, **kwargs) -> None:
    indexing.touch(indexing.PAGE, [instance.translation_key])


@receiver(post_delete)
def forget_page(sender, instance, **kwargs) -> None:
    if isinstance(instance, BasePage):
        indexing.touch(indexing.PAGE, [instance.translation_key])
