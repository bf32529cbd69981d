"""The catalogue of digital tools: ToolCataloguePage › ToolThemePage (eight) and DigitalToolPage.

A tool is a child of the catalogue and names its themes by number, so that it can belong to several.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cards import choices
from cards.blocks import card_blocks
from directory.choices import SERVICE_LANGUAGES
from portal.base.blocks import RICH_TEXT_FEATURES
from portal.base.fields import ChoiceSetField
from portal.base.models import BasePage
from portal.base.panels import ChoiceSetPanel
from portal.base.translations import children_in_language


class ToolCataloguePage(BasePage):
    """The catalogue's front page: by theme, by side, by need."""

    body = StreamField(card_blocks(), blank=True, verbose_name=_("content"))

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    parent_page_types = ["content.HomePage"]
    subpage_types = ["cards.ToolThemePage", "cards.DigitalToolPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("tool catalogue")

    def tools(self) -> "list[DigitalToolPage]":
        """The published tools by name; one that is not translated comes in Finnish."""
        return sorted(children_in_language(self, DigitalToolPage), key=lambda tool: tool.title.casefold())

    def themes(self) -> "list[ToolThemePage]":
        """The eight themes in their order."""
        return sorted(children_in_language(self, ToolThemePage), key=lambda theme: theme.number)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        side = request.GET.get("side", "")
        need = request.GET.get("need", "")
        tools = self.tools()
        if side in choices.Side.values:
            tools = [tool for tool in tools if side in tool.sides]
        if need in choices.ToolNeed.values:
            tools = [tool for tool in tools if need in tool.needs]
        context.update(
            themes=self.themes(),
            tools=tools,
            sides=choices.Side.choices,
            needs=choices.ToolNeed.choices,
            chosen_side=side if side in choices.Side.values else "",
            chosen_need=need if need in choices.ToolNeed.values else "",
        )
        return context


class ToolThemePage(BasePage):
    """One of the eight themes, with its symbol and its two sides."""

    number = models.CharField(_("theme"), max_length=1, choices=choices.ToolTheme.choices)
    side_person = RichTextField(_("A: what the person does with it"), features=RICH_TEXT_FEATURES, blank=True)
    side_professional = RichTextField(
        _("B: what the professional does with it"), features=RICH_TEXT_FEATURES, blank=True
    )
    body = StreamField(card_blocks(), blank=True, verbose_name=_("content"))

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("number"),
        FieldPanel("side_person"),
        FieldPanel("side_professional"),
        FieldPanel("body"),
    ]
    override_translatable_fields = [*BasePage.override_translatable_fields, SynchronizedField("number")]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("side_person"),
        index.SearchField("side_professional"),
        index.FilterField("number"),
    ]
    parent_page_types = ["cards.ToolCataloguePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("tool theme")
        verbose_name_plural = _("tool themes")

    def catalogue(self) -> ToolCataloguePage:
        """The catalogue that the theme belongs to."""
        return self.get_parent().specific

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        catalogue = self.catalogue()
        context["tools"] = [tool for tool in catalogue.tools() if self.number in tool.themes]
        context["themes"] = catalogue.themes()
        return context


class DigitalToolPage(BasePage):
    """One app, e-service, method or measure."""

    themes = ChoiceSetField(_("themes"), choices=choices.ToolTheme.choices, blank=False)
    tool_type = models.CharField(_("type"), max_length=15, choices=choices.ToolType.choices)
    status = models.CharField(
        _("status"), max_length=10, choices=choices.ToolStatus.choices, default=choices.ToolStatus.UNKNOWN
    )
    status_note = models.CharField(_("more about the status"), max_length=250, blank=True)
    successor = models.CharField(_("what to use now"), max_length=250, blank=True)
    purpose = models.TextField(_("what it is for"), max_length=500)
    description = RichTextField(_("description"), features=RICH_TEXT_FEATURES, blank=True)
    audience = models.CharField(
        _("by whom it is used"), max_length=15, choices=choices.ToolAudience.choices, default=choices.ToolAudience.BOTH
    )
    sides = ChoiceSetField(_("sides"), choices=choices.Side.choices)
    needs = ChoiceSetField(_("needed for"), choices=choices.ToolNeed.choices)
    price = models.CharField(_("price"), max_length=200, blank=True)
    login = models.CharField(_("signing in"), max_length=200, blank=True)
    data_protection = models.TextField(_("data protection"), max_length=800, blank=True)
    languages = ChoiceSetField(_("languages"), choices=SERVICE_LANGUAGES)
    accessibility = models.TextField(_("accessibility"), max_length=500, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    link_checked_on = models.DateField(_("link checked on"), null=True, blank=True)
    experience = models.TextField(
        _("what users have found"),
        max_length=800,
        blank=True,
        help_text=_("A summary in our words. No names, no quotations."),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("purpose"),
        FieldPanel("description"),
        MultiFieldPanel(
            [
                ChoiceSetPanel("themes"),
                FieldPanel("tool_type"),
                FieldPanel("audience"),
                ChoiceSetPanel("sides"),
                ChoiceSetPanel("needs"),
            ],
            heading=_("Where the tool belongs"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("price"),
                FieldPanel("login"),
                FieldPanel("data_protection"),
                ChoiceSetPanel("languages"),
                FieldPanel("accessibility"),
            ],
            heading=_("Is it safe, and for whom?"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("link"),
                FieldPanel("link_checked_on"),
                FieldPanel("status"),
                FieldPanel("status_note"),
                FieldPanel("successor"),
            ],
            heading=_("Can it still be had?"),
        ),
        FieldPanel("experience"),
    ]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        *(
            SynchronizedField(name)
            for name in (
                "themes",
                "tool_type",
                "status",
                "audience",
                "sides",
                "needs",
                "languages",
                "link",
                "link_checked_on",
            )
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("purpose"),
        index.SearchField("description"),
        index.FilterField("tool_type"),
        index.FilterField("status"),
    ]
    parent_page_types = ["cards.ToolCataloguePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("digital tool")
        verbose_name_plural = _("digital tools")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["theme_pages"] = [theme for theme in self.get_parent().specific.themes() if theme.number in self.themes]
        return context
