"""The abstract base page and the record of loaded content. No concrete page, no domain words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page
from wagtail.search import index
from wagtail.utils.decorators import cached_classmethod
from wagtail_localize.fields import SynchronizedField

from portal.base.panels import BeforePublishingPanel


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

    @cached_classmethod
    def get_edit_handler(cls):  # noqa: N805 a class method, as Wagtail's own is
        """Wagtail's three tabs, and a fourth that says what to look at before publishing."""
        tabs = [
            ObjectList(cls.content_panels, heading=_("Content")),
            ObjectList([BeforePublishingPanel()], heading=_("Before publishing")),
            ObjectList(cls.promote_panels, heading=_("Promotion")),
            ObjectList(cls.settings_panels, heading=_("Settings")),
        ]
        return TabbedInterface(tabs, base_form_class=cls.base_form_class).bind_to_model(cls)

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


class LinkCheck(models.Model):
    """What the last automatic look at an address elsewhere found. Evidence only: it dates no listing and no tool."""

    class Status(models.TextChoices):
        WORKS = "works", _("Works")
        BROKEN = "broken", _("Does not work")
        # A page can refuse machines and still open to people.
        UNSURE = "unsure", _("Could not be seen")

    url = models.URLField(_("address"), max_length=500, unique=True)
    status = models.CharField(_("result"), max_length=10, choices=Status.choices)
    problem = models.CharField(_("problem"), max_length=20, blank=True)
    checked_at = models.DateTimeField(_("looked at"))

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")

    def __str__(self) -> str:
        return self.url
