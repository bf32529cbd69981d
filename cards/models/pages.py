"""Practice models and their cards: PracticeModelIndexPage › PracticeModelPage › ActionCardPage."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cards import choices
from cards.blocks import card_blocks
from directory.choices import NeedTier, Stage
from portal.base.fields import ChoiceSetField
from portal.base.languages import FINNISH
from portal.base.models import BasePage
from portal.base.panels import ChoiceSetPanel
from portal.base.remembering import remembered
from portal.base.translations import children_in_language, language_if_other


class PracticeModelIndexPage(BasePage):
    """The front page of the action cards: the four practice models."""

    body = StreamField(card_blocks(), blank=True, verbose_name=_("content"))

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    parent_page_types = ["content.HomePage"]
    subpage_types = ["cards.PracticeModelPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("front page of the action cards")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        models = children_in_language(self, PracticeModelPage)
        context["practice_models"] = sorted(models, key=lambda model: model.letter)
        return context


class PracticeModelPage(BasePage):
    """One of the four parts the cards belong to."""

    letter = models.CharField(_("letter"), max_length=1, help_text=_("A, B, C or D"))
    body = StreamField(card_blocks(), blank=True, verbose_name=_("content"))

    content_panels = [*BasePage.content_panels, FieldPanel("letter"), FieldPanel("body")]
    override_translatable_fields = [*BasePage.override_translatable_fields, SynchronizedField("letter")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    parent_page_types = ["cards.PracticeModelIndexPage"]
    subpage_types = ["cards.ActionCardPage", "cards.QualityCriteriaPage"]

    class Meta:
        verbose_name = _("practice model")
        verbose_name_plural = _("practice models")

    def cards(self) -> "list[ActionCardPage]":
        """The model's published cards in their order; one that is not translated comes in Finnish."""
        return children_in_language(self, ActionCardPage)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        language = get_language() or FINNISH
        rows = remembered("model", self.pk, language, make=lambda: self._rows(language, request))
        context["steps"] = [row for row in rows if row["role"] == choices.CardRole.STEP]
        context["continuous_cards"] = [row for row in rows if row["role"] == choices.CardRole.CONTINUOUS]
        context["theme_cards"] = [row for row in rows if row["role"] == choices.CardRole.THEME]
        context["criteria"] = next((row for row in rows if not row["role"]), None)
        return context

    def _rows(self, language: str, request) -> list[dict[str, str]]:
        """The cards, and last the criteria (without a role), as plain values."""
        from cards.models.criteria import QualityCriteriaPage

        return [
            {
                "title": page.title,
                "lead": page.lead,
                "url": page.get_url(request) or "",
                "lang": language_if_other(page, language),
                "role": getattr(page, "role", ""),
            }
            for page in (*self.cards(), *children_in_language(self, QualityCriteriaPage))
        ]


class ActionCardPage(BasePage):
    """What to do at one point of the guidance. Its place among the siblings is its place in the model."""

    role = models.CharField(
        _("what kind of card"), max_length=12, choices=choices.CardRole.choices, default=choices.CardRole.STEP
    )
    stages = ChoiceSetField(
        _("applies at these stages of the pathway"),
        choices=Stage.choices,
        help_text=_("The sources do not say this: it is our own judgement, and yours to change."),
    )
    need_tiers = ChoiceSetField(_("applies to these needs"), choices=NeedTier.choices)
    body = StreamField(card_blocks(), blank=True, verbose_name=_("content"))

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("role"), ChoiceSetPanel("stages"), ChoiceSetPanel("need_tiers")],
            heading=_("Where the card belongs"),
            classname="collapsed",
        ),
        FieldPanel("body"),
    ]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("role"),
        SynchronizedField("stages"),
        SynchronizedField("need_tiers"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body"), index.FilterField("role")]
    parent_page_types = ["cards.PracticeModelPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("action card")
        verbose_name_plural = _("action cards")

    def practice_model(self) -> PracticeModelPage:
        """The model the card belongs to."""
        return self.get_parent().specific

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        model = self.practice_model()
        steps = [card for card in model.cards() if card.role == choices.CardRole.STEP]
        position = next((n for n, card in enumerate(steps) if card.pk == self.pk), None)
        context["practice_model"] = model
        context["steps"] = steps
        # Previous and next only between steps: the other cards stand beside the path.
        if position is not None:
            context["step_number"] = position + 1
            context["previous_step"] = steps[position - 1] if position else None
            context["next_step"] = steps[position + 1] if position + 1 < len(steps) else None
        return context
