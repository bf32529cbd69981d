"""Posters for the wall (huoneentaulut): one page of a few thoughts, on the web and as PDF in A4 and A3."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from portal.base.models import BasePage


class PosterPointBlock(blocks.StructBlock):
    """One thought of a poster."""

    title = blocks.CharBlock(max_length=60, label=_("Heading"))
    text = blocks.TextBlock(required=False, max_length=220, label=_("Text"))

    class Meta:
        icon = "pick"
        label = _("Thought")


class PosterPage(BasePage):
    """A poster. Its QR code leads to this page."""

    points = StreamField([("point", PosterPointBlock())], min_num=3, max_num=10, verbose_name=_("thoughts"))
    closing = models.CharField(_("last line"), max_length=160, blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("points"), FieldPanel("closing")]
    search_fields = [*BasePage.search_fields, index.SearchField("points"), index.SearchField("closing")]
    parent_page_types = ["cards.SharedToolsPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("poster")
        verbose_name_plural = _("posters")
