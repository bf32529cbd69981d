"""Tools that a worker and a person use together: SharedToolsPage › LifeSituationPage, ReminderPage, NetworkMapPage.

The pages hold what editors write: areas of life, words of the scale, hints. What a person enters lives in their own
browser and on paper; no model here, or anywhere, keeps it.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from cards.blocks import card_blocks
from cards.taken_along import listings_on_own_list
from cards.together.network_figure import network_figure
from cards.together.profile import profile
from directory.vocabulary import topic_choices
from portal.base.models import BasePage


class SharedToolsPage(BasePage):
    """The front page of the tools used together, the posters among them."""

    body = StreamField(card_blocks(), blank=True, verbose_name=_("content"))

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    parent_page_types = ["content.HomePage"]
    subpage_types = ["cards.LifeSituationPage", "cards.ReminderPage", "cards.NetworkMapPage", "cards.PosterPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("front page of the tools used together")

    def get_context(self, request, *args, **kwargs):
        from cards.models.posters import PosterPage

        below = [page.specific for page in self.get_children().live()]
        return {
            **super().get_context(request, *args, **kwargs),
            "tools": [page for page in below if not isinstance(page, PosterPage)],
            "posters": [page for page in below if isinstance(page, PosterPage)],
        }


class SharedToolPage(BasePage):
    """What the tools have in common: a text after the tool, for the worker."""

    body = StreamField(card_blocks(), blank=True, verbose_name=_("for the worker"))

    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    parent_page_types = ["cards.SharedToolsPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        abstract = True


class LifeAreaBlock(blocks.StructBlock):
    """One area of life that is rated, and the topics it may lead to."""

    key = blocks.RegexBlock(
        regex=r"^[a-z-]+$", label=_("Key"), help_text=_("Letters a–z and hyphens. The same in every language.")
    )
    name = blocks.CharBlock(max_length=60, label=_("Name"))
    help = blocks.CharBlock(required=False, max_length=200, label=_("What belongs to it"))
    topics = blocks.MultipleChoiceBlock(
        choices=topic_choices, required=False, label=_("Topics offered when help is wanted")
    )

    class Meta:
        icon = "radio-full"
        label = _("Area of life")


class LifeSituationPage(SharedToolPage):
    """«Mitä sinulle kuuluu?»: areas of life rated 1–5, then a talk. It assesses nobody's ability to function."""

    anchors = StreamField(
        [("anchor", blocks.CharBlock(max_length=120, label=_("What the number means")))],
        min_num=5,
        max_num=5,
        verbose_name=_("the numbers in words"),
        help_text=_("From 1 (difficult, help is needed) to 5 (all is well)."),
    )
    areas = StreamField([("area", LifeAreaBlock())], min_num=3, max_num=14, verbose_name=_("areas of life"))
    questions = StreamField(
        [("question", blocks.CharBlock(max_length=200, label=_("Question")))],
        blank=True,
        verbose_name=_("part 2: to talk about"),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("anchors"),
        FieldPanel("areas"),
        FieldPanel("questions"),
        FieldPanel("body"),
    ]
    search_fields = [*SharedToolPage.search_fields, index.SearchField("areas"), index.SearchField("questions")]

    class Meta:
        verbose_name = _("tool: How are you?")

    def clean(self):
        super().clean()
        keys = [block.value["key"] for block in self.areas]
        if len(set(keys)) < len(keys):
            raise ValidationError({"areas": _("Each area of life needs a key of its own.")})

    def get_context(self, request, *args, **kwargs):
        areas = [block.value for block in self.areas]
        labels = dict(topic_choices())
        return {
            **super().get_context(request, *args, **kwargs),
            "profile": profile([(area["key"], area["name"]) for area in areas]),
            # (area, [(code, label) of its topics]); a topic that was removed since is left out.
            "offers": [
                (area, found)
                for area in areas
                if (found := [(code, labels[code]) for code in area["topics"] or () if code in labels])
            ],
        }


class ReminderPage(SharedToolPage):
    """«Asioinnin muistilista»: what was agreed, who does what by when, whom to contact, the next meeting."""

    content_panels = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("tool: reminder")

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request, *args, **kwargs), "listings": listings_on_own_list(request)}


class NetworkMapPage(SharedToolPage):
    """«Verkostokartta»: the person's network, drawn together."""

    groups = StreamField(
        [("group", blocks.CharBlock(max_length=40, label=_("Group")))],
        min_num=3,
        max_num=6,
        verbose_name=_("groups of people"),
        help_text=_("The sectors of the map, for example family, friends, professionals."),
    )

    content_panels = [*BasePage.content_panels, FieldPanel("groups"), FieldPanel("body")]

    class Meta:
        verbose_name = _("tool: network map")

    def get_context(self, request, *args, **kwargs):
        groups = [str(group.value) for group in self.groups]
        return {**super().get_context(request, *args, **kwargs), "figure": network_figure(groups)}
