"""What the templates of editorial pages ask of Python: the way to a page, its table of contents, words in groups."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext
from wagtail.blocks import StreamValue
from wagtail.models import Page

from portal.base import languages
from portal.base.remembering import remembered
from portal.base.translations import best_in_language
from portal.content import page_checks
from portal.content.glossary_words import words_on
from portal.content.models import StagePage
from portal.content.presentation import path_stages

register = template.Library()

# Below the root of the tree stand the front pages, one for each language.
HOME_DEPTH = 2


@register.simple_tag(takes_context=True)
def trail(context: template.Context, page: Page) -> list[dict[str, str]]:
    """From the front page down to this page: inputs of the breadcrumb component. What is not published has no place."""
    language = get_language()
    above = remembered("trail", page.pk, language, make=lambda: _above(context, page))
    return [*above, {"label": page.title, "url": ""}]


def _above(context: template.Context, page: Page) -> list[dict[str, str]]:
    request = context.get("request")
    return [
        {"label": gettext("Front page") if each.depth == HOME_DEPTH else each.title, "url": each.get_url(request)}
        for each in page.get_ancestors().live().filter(depth__gt=1).select_related("locale")
    ]


def _heading_of(block: Any) -> str:
    value = block.value
    if block.block_type == "heading":
        return str(value)
    if hasattr(value, "get"):
        return str(value.get("title") or value.get("question") or "")
    return ""


@register.filter
def outline(body: StreamValue) -> list[dict[str, str]]:
    """The parts of a body that have a heading of their own, with their addresses (see blocks/_body.html)."""
    parts = ({"anchor": f"part-{n}", "title": _heading_of(block)} for n, block in enumerate(body, start=1))
    return [part for part in parts if part["title"]]


@register.filter
def in_groups(terms: StreamValue) -> list[dict[str, Any]]:
    """The words of a glossary under their groups, in the order of the block's own list."""
    group_block = terms.stream_block.child_blocks["term"].child_blocks["group"]
    names = dict(group_block.field.choices)
    groups: dict[str, list[Any]] = {code: [] for code in names if code}
    for term in terms:
        groups.setdefault(term.value["group"], []).append(term.value)
    return [
        {
            "code": code,
            "name": str(names.get(code, code)),
            "terms": sorted(words, key=lambda each: each["term"].lower()),
        }
        for code, words in groups.items()
        if words
    ]


@register.simple_tag(takes_context=True)
def stage_links(context: template.Context, numbers: Iterable[str], page: Page | None = None) -> list[dict[str, Any]]:
    """Number, name and address of stages, in the page's or else the reader's language, or in Finnish."""
    request = context.get("request")
    language = page.locale.language_code if page else get_language() or languages.FINNISH
    stages = best_in_language(StagePage.objects.live().filter(number__in=list(numbers)), language)
    return [
        {"number": stage.number, "label": stage.short_name, "url": stage.get_url(request) or ""} for stage in stages
    ]


@register.simple_tag(takes_context=True)
def as_path(context: template.Context, stages: Iterable[StagePage]) -> list[dict[str, Any]]:
    """Stage pages as the path component takes them, with the person's words."""
    return path_stages(list(stages), request=context.get("request"), with_words=True)


@register.filter
def language_name(code: str) -> str:
    """What the readers of a language call it."""
    language = languages.BY_CODE.get(code)
    return language.endonym if language else code


@register.simple_tag(takes_context=True)
def glossary_words(context: template.Context, page: Page) -> dict[str, Any]:
    """The words of the glossary that a page uses, and where the glossary is."""
    words, url = words_on(page, is_published=not getattr(context.get("request"), "is_preview", False))
    return {"words": words, "url": url}


@register.simple_tag
def page_check(page: Page) -> dict[str, Any]:
    """What an editor should look at on a page, and what points to it."""
    groups = page_checks.groups_of(page)
    return {"groups": groups, "summary": page_checks.summary(groups), "pointers": page_checks.pointing_to(page)}


@register.simple_tag
def today() -> datetime.date:
    """The day it is in Helsinki."""
    return timezone.localdate()
