"""Pages of the editorial site: home, text, the pathway and its five stages, the glossary."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cards.blocks import card_blocks
from cards.choices import Audience
from directory.choices import Stage
from portal.base.blocks import RICH_TEXT_FEATURES
from portal.base.models import BasePage


class HomePage(BasePage):
    """The front page of one language: where do I start? The way to every page below it begins here."""

    def route(self, request, path_components):
        """Wagtail goes down the tree by two look-ups a level; the whole path leads there in two."""
        if len(path_components) > 1:
            path = f"{self.url_path}{'/'.join(path_components)}/"
            page = (
                Page.objects.live().filter(url_path=path, path__startswith=self.path).select_related("locale").first()
            )
            if page is not None:
                # A page may have its own ways to go on; its parents are only passed by.
                found = page.specific
                found.locale = page.locale
                return found.route(request, [])
        return super().route(request, path_components)

    search_example = models.CharField(
        _("example under the search box"), max_length=100, blank=True, help_text=_("A word people really search with.")
    )
    body = StreamField(card_blocks(), blank=True, verbose_name=_("content"))

    content_panels = [*BasePage.content_panels, FieldPanel("search_example"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("front page")

    def get_context(self, request, *args, **kwargs):
        from portal.content.presentation import home_context

        return {**super().get_context(request, *args, **kwargs), **home_context(self)}


class TextPage(BasePage):
    """A page of text; it may have others under it."""

    body = StreamField(card_blocks(), blank=True, verbose_name=_("content"))
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience.choices, default=Audience.EVERYONE)
    show_in_footer = models.BooleanField(_("link in the footer"), default=False)

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    promote_panels = [*BasePage.promote_panels, FieldPanel("audience"), FieldPanel("show_in_footer")]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("audience"),
        SynchronizedField("show_in_footer"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")

    def get_context(self, request, *args, **kwargs):
        # A page with pages under it is also their table of contents.
        below = TextPage.objects.child_of(self).live().order_by("path")
        return {**super().get_context(request, *args, **kwargs), "pages_below": below}


class PathwayPage(BasePage):
    """The pathway as a whole; its children are the stages."""

    body = StreamField(card_blocks(), blank=True, verbose_name=_("content"))

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.StagePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("pathway")

    def stages(self) -> "models.QuerySet[StagePage]":
        """The published stages in their order."""
        return StagePage.objects.child_of(self).live().order_by("number")

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request, *args, **kwargs), "stages": self.stages()}


class WhereToLookBlock(blocks.StructBlock):
    """One place to look in, outside this site."""

    label = blocks.CharBlock(label=_("Name"))
    url = blocks.URLBlock(required=False, label=_("Address"))
    note = blocks.CharBlock(required=False, label=_("Note"))


class StagePage(BasePage):
    """One stage of the pathway, for the person and for the worker."""

    number = models.CharField(_("stage"), max_length=1, choices=Stage.choices)
    short_name = models.CharField(_("short name"), max_length=40, help_text=_("Shown on the path."))
    person_words = models.TextField(_("what the person might say"), max_length=300)
    person_situation = RichTextField(_("the person's situation"), features=RICH_TEXT_FEATURES, blank=True)
    worker_cue = models.TextField(_("what the worker notices"), max_length=400)
    guidance_form = models.CharField(_("form of guidance"), max_length=120)
    guidance_how = RichTextField(_("how to guide in this form"), features=RICH_TEXT_FEATURES, blank=True)
    offers = RichTextField(_("what organisations offer"), features=RICH_TEXT_FEATURES, blank=True)
    where_to_look = StreamField(
        [("place", WhereToLookBlock(label=_("Place to look")))], blank=True, verbose_name=_("where to look")
    )
    public_counterpart = models.CharField(_("public counterpart"), max_length=250, blank=True)
    live_query = models.CharField(
        _("saved search"),
        max_length=300,
        blank=True,
        help_text=_("The end of a search page's address, for example stage=1&topic=culture"),
    )
    body = StreamField(card_blocks(), blank=True, verbose_name=_("content"))

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("number"), FieldPanel("short_name")], heading=_("The stage")),
        MultiFieldPanel([FieldPanel("person_words"), FieldPanel("person_situation")], heading=_("For the person")),
        MultiFieldPanel(
            [FieldPanel("worker_cue"), FieldPanel("guidance_form"), FieldPanel("guidance_how")],
            heading=_("For the worker"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("offers"),
                FieldPanel("where_to_look"),
                FieldPanel("public_counterpart"),
                FieldPanel("live_query"),
            ],
            heading=_("What exists"),
        ),
        FieldPanel("body"),
    ]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("number"),
        SynchronizedField("live_query"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("person_words"),
        index.SearchField("worker_cue"),
        index.SearchField("guidance_form"),
        index.SearchField("offers"),
    ]
    parent_page_types = ["content.PathwayPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")

    def get_context(self, request, *args, **kwargs):
        from portal.content.presentation import stage_context

        return {**super().get_context(request, *args, **kwargs), **stage_context(self, request)}


class TermBlock(blocks.StructBlock):
    """One word and what it means here."""

    key = blocks.RegexBlock(regex=r"^[a-z0-9-]+$", label=_("Key"), help_text=_("Letters a–z, digits and hyphens."))
    term = blocks.CharBlock(label=_("Word"))
    definition = blocks.TextBlock(label=_("What it means"))
    simple = blocks.TextBlock(required=False, label=_("The same in Easy Finnish"))
    swedish = blocks.CharBlock(required=False, label=_("In Swedish"))
    english = blocks.CharBlock(required=False, label=_("In English"))
    group = blocks.ChoiceBlock(
        choices=[
            ("guidance", _("Guidance")),
            ("pathway", _("Pathway")),
            ("people", _("People and clients")),
            ("cooperation", _("Cooperation")),
            ("digital", _("Digital")),
        ],
        label=_("Group"),
    )

    class Meta:
        icon = "openquote"
        label = _("Word")


class GlossaryPage(BasePage):
    """The words of the field, explained once; the client segments among them."""

    terms = StreamField([("term", TermBlock())], blank=True, verbose_name=_("words"))

    content_panels = [*BasePage.content_panels, FieldPanel("terms")]
    search_fields = [*BasePage.search_fields, index.SearchField("terms")]
    parent_page_types = ["content.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("glossary")
