"""The abstract base page and the record of loaded content. No concrete page, no domain words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField


class BasePage(Page):
    """What every page of ours has: a lead sentence, and the same slug in every language.

    Abstract, not Wagtail's swappable page model: wagtail-localize does not support that (docs/adr/0001).
    """

    lead = models.TextField(
        _("lead"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences under the heading: what is this page for?"),
    )

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    search_fields = [*Page.search_fields, index.SearchField("lead")]
    # The slug is one for all languages, so that a language switch only changes the prefix.
    override_translatable_fields = [SynchronizedField("slug", overridable=False)]

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        # A language without a page of its own can be served another's: the document must say which it is in.
        context["page_lang"] = self.locale.language_code
        # The frame's language switch asks which page this is.
        request.current_page = self
        return context


class LoadedContent(models.Model):
    """What the content loaders have put in, so that a second run can tell an editor's change from its own.

    key: the data file's name in its room. source: hash of the file's data as loaded. state: what the object looked
    like right after loading; when it looks otherwise, a person has edited it and it is left alone.
    """

    key = models.CharField(max_length=200, unique=True)
    source = models.CharField(max_length=64)
    state = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.key
