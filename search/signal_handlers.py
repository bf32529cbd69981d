"""Keeps the index true when services or pages change."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from directory.models import Term
from directory.signals import services_changed
from portal.base.models import BasePage
from search import indexing, vocabulary


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


@receiver([post_save, post_delete], sender=Term)
def read_other_words_again(**kwargs) -> None:
    """The other words of a term lead to its listings: at once here, in other processes within half a minute."""
    vocabulary.look_again()
