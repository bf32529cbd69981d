"""What the editorial templates show, gathered: the path, the stage with its live options, the front page. No HTML."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import get_language

from cards.choices import CardRole
from cards.live_search import find, own_list
from cards.models import ActionCardPage, HelpContact, PracticeModelPage
from directory.filters import ServiceFilter
from directory.models import Term
from directory.vocabulary import municipality_choices
from portal.base import languages
from portal.base.translations import best_in_language
from portal.content.models import HomePage, StagePage

OPTIONS_ON_A_STAGE = 8
URGENT_ON_THE_FRONT_PAGE = 3


# --- the path ------------------------------------------------------------------------------------------------------
def path_stages(
    stages: Sequence[StagePage], *, current: str = "", request: HttpRequest | None = None, with_words: bool = False
) -> list[dict[str, Any]]:
    """The stages as the path component takes them."""
    return [
        {
            "number": stage.number,
            "label": stage.short_name,
            "url": stage.get_url(request) or "",
            "words": stage.person_words if with_words else "",
            "is_current": stage.number == current,
        }
        for stage in sorted(stages, key=lambda stage: stage.number)
    ]


def stages_for(language: str) -> list[StagePage]:
    """The published stages for a reader of a language, in their order."""
    return sorted(best_in_language(StagePage.objects.live(), language), key=lambda stage: stage.number)


# --- the front page ------------------------------------------------------------------------------------------------
def home_context(page: HomePage) -> dict[str, Any]:
    """The path in a person's words, the topics as a tree of two levels, and whom to call this minute."""
    narrower = Prefetch("children", queryset=Term.objects.topics().order_by("order", "code"), to_attr="narrower")
    return {
        "stages": path_stages(stages_for(page.locale.language_code), with_words=True),
        "topics": Term.objects.topics()
        .filter(parent__isnull=True)
        .order_by("order", "code")
        .prefetch_related(narrower),
        "urgent_contacts": HelpContact.objects.urgent().exclude(phone="")[:URGENT_ON_THE_FRONT_PAGE],
    }


# --- a stage -------------------------------------------------------------------------------------------------------
def cards_for_stage(number: str, language: str, request: HttpRequest | None = None) -> list[dict[str, Any]]:
    """The cards that apply at a stage, under their practice models: steps apart from the others."""
    cards = best_in_language(ActionCardPage.objects.live().filter(stages__has=number), language)
    models = {model.path: model for model in PracticeModelPage.objects.live().select_related("locale")}
    groups: dict[str, dict[str, Any]] = {}
    for card in cards:
        model = models.get(card.path[: -card.steplen])
        if model is None:
            continue
        group = groups.setdefault(model.path, {"model": model, "steps": [], "others": []})
        lang = card.locale.language_code
        row = {"title": card.title, "url": card.get_url(request) or "", "lang": lang if lang != language else ""}
        group["steps" if card.role == CardRole.STEP else "others"].append(row)
    return sorted(groups.values(), key=lambda group: group["model"].letter)


def stage_context(page: StagePage, request: HttpRequest) -> dict[str, Any]:
    """The stage among the five, the cards that apply, and what the directory holds for it today.

    `?municipality=049` narrows the options; an unknown code is left out.
    """
    language = get_language() or languages.FINNISH
    stages = stages_for(page.locale.language_code)
    position = next((n for n, stage in enumerate(stages) if stage.number == page.number), None)

    chosen = ServiceFilter.from_query(page.live_query)
    municipality = next(iter(ServiceFilter.from_query(request.GET).values("municipality")), "")
    if municipality:
        chosen = chosen.without("municipality").with_value("municipality", municipality)

    groups = cards_for_stage(page.number, page.locale.language_code, request)
    return {
        "stages": path_stages(stages, current=page.number, request=request),
        "previous_stage": stages[position - 1] if position else None,
        "next_stage": stages[position + 1] if position is not None and position + 1 < len(stages) else None,
        "found": find(chosen, language, OPTIONS_ON_A_STAGE, own_list(request)),
        "municipalities": municipality_choices(),
        "municipality": municipality,
        "municipality_name": dict(municipality_choices()).get(municipality, ""),
        "card_groups": groups,
        "other_cards": sum(len(group["others"]) for group in groups),
    }
