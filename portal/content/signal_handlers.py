"""Keeps the frame's links true when pages change."""

from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from portal.content.frame import forget

page_published.connect(forget, dispatch_uid="frame_published")
page_unpublished.connect(forget, dispatch_uid="frame_unpublished")
post_page_move.connect(forget, dispatch_uid="frame_moved")
post_delete.connect(forget, sender=Page, dispatch_uid="frame_deleted")
