"""The translators' list: which page stands in which language, what is missing, what has fallen behind. Reads only."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import reverse
from wagtail.models import Page

from portal.base import languages

HOME_DEPTH = 2


class State(StrEnum):
    """Of one page in one language."""

    CURRENT = "current"
    # Published before the Finnish text was last changed.
    BEHIND = "behind"
    DRAFT = "draft"
    MISSING = "missing"


@dataclass(frozen=True)
class Cell:
    """One page in one language. url: where it is edited, or where its translation is begun."""

    code: str
    language: str
    state: State
    url: str


@dataclass(frozen=True)
class Row:
    """One page in every language but Finnish. depth: below the front page."""

    title: str
    depth: int
    url: str
    cells: tuple[Cell, ...]


def rows(only: str = "") -> list[Row]:
    """Every published Finnish page in the tree's order. only: a language, to keep the pages that want work in it."""
    versions: dict[Any, dict[str, Page]] = defaultdict(dict)
    for page in Page.objects.filter(depth__gte=HOME_DEPTH).select_related("locale").order_by("path"):
        versions[page.translation_key][page.locale.language_code] = page
    found = []
    for group in versions.values():
        source = group.get(languages.FINNISH)
        if source is None or not source.live:
            continue
        cells = tuple(_cell(source, group, each) for each in languages.ALL if each.code != languages.FINNISH)
        if not only or any(cell.code == only and cell.state is not State.CURRENT for cell in cells):
            edit = reverse("wagtailadmin_pages:edit", args=[source.pk])
            found.append(Row(source.title, source.depth - HOME_DEPTH, edit, cells))
    return found


def _cell(source: Page, group: dict[str, Page], language: languages.Language) -> Cell:
    version = group.get(language.code)
    if version is None:
        begin = reverse("wagtail_localize:submit_page_translation", args=[source.pk])
        return Cell(language.code, language.endonym, State.MISSING, begin)
    return Cell(
        language.code,
        language.endonym,
        state_of(version, source),
        reverse("wagtailadmin_pages:edit", args=[version.pk]),
    )


def state_of(version: Page, source: Page) -> State:
    """How a version stands to the Finnish page it was made of."""
    if not version.live:
        return State.DRAFT
    told, asked = version.last_published_at, source.last_published_at
    return State.BEHIND if told and asked and told < asked else State.CURRENT
