"""Pages in the reader's language, or in the first of its fallbacks that has them. No domain words."""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from wagtail.models import Page

from portal.base import languages
from portal.base.models import BasePage

AnyPage = TypeVar("AnyPage", bound=BasePage)


def best_in_language(pages: "QuerySet[AnyPage]", language: str) -> "list[AnyPage]":
    """Each page once, in the tree's order: in the reader's language, else in the first of its fallbacks that has it."""
    order = languages.reading_order(language)
    best: dict[Any, AnyPage] = {}
    for page in pages.filter(locale__language_code__in=order).select_related("locale").order_by("path"):
        kept = best.get(page.translation_key)
        if kept is None or order.index(page.locale.language_code) < order.index(kept.locale.language_code):
            best[page.translation_key] = page
    return list(best.values())


def children_in_language(parent: BasePage, model: type[AnyPage]) -> "list[AnyPage]":
    """The public children of a page and of its translations, each once in the parent's language or a fallback.

    So a part of the site whose pages are not all translated shows the others too, in their own language.
    """
    below = Q()
    for path in parent.get_translations(inclusive=True).values_list("path", flat=True):
        below |= Q(path__startswith=path, depth=parent.depth + 1)
    return best_in_language(model.objects.live().public().filter(below), parent.locale.language_code)


def language_if_other(page: Page, language: str) -> str:
    """The language of a page for `lang=` when it is not the reader's; else ""."""
    code = page.locale.language_code
    return code if code != language else ""
