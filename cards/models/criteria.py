"""The quality criteria of a practice model: statements by theme, each rated 1–5."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from cards import choices
from cards.quality.words import anchors
from portal.base.models import BasePage


class StatementBlock(blocks.StructBlock):
    """One statement, and who rates it."""

    text = blocks.TextBlock(label=_("Statement"))
    simple = blocks.TextBlock(
        required=False,
        label=_("The same in Easy Finnish"),
        help_text=_("For the person's own part. Leave empty when the statement is easy already."),
    )
    answered_by = blocks.ChoiceBlock(choices=choices.AnsweredBy.choices, label=_("Who answers"))


class CriteriaThemeBlock(blocks.StructBlock):
    """One of the four themes with its statements."""

    theme = blocks.ChoiceBlock(choices=choices.CriteriaTheme.choices, label=_("Theme"))
    statements = blocks.ListBlock(StatementBlock(), label=_("Statements"))

    class Meta:
        icon = "list-ul"
        label = _("Theme")


class QualityCriteriaPage(BasePage):
    """The criteria of one practice model."""

    themes = StreamField([("theme", CriteriaThemeBlock())], blank=True, verbose_name=_("themes"))

    content_panels = [*BasePage.content_panels, FieldPanel("themes")]
    search_fields = [*BasePage.search_fields, index.SearchField("themes")]
    parent_page_types = ["cards.PracticeModelPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("quality criteria")
        verbose_name_plural = _("quality criteria")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["practice_model"] = self.get_parent().specific
        context["answered_by"] = dict(choices.AnsweredBy.choices)
        context["theme_names"] = dict(choices.CriteriaTheme.choices)
        context["anchors"] = anchors()
        return context
