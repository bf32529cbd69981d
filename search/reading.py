"""Hits → rows, read again through what is public: a stale index can never show a row that may not be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import translation
from wagtail.models import Locale, Page

from directory.models import Service
from portal.base import languages
from search.query import Hit

SERVICE = "service"


@dataclass(frozen=True)
class Row:
    """What a hit points to, in the reader's language or the first of its fallbacks.

    thing: the Service, or the specific page. language: the language the thing is written in.
    """

    thing: Any
    title: str
    url: str
    language: str


def read_hits(hits: Iterable[Hit], language: str) -> list[tuple[Hit, Row]]:
    """The hits that are still public, in their order, each with its row. A fixed number of queries."""
    hits = list(hits)
    rows = _services([hit.uuid for hit in hits if hit.type == SERVICE], language)
    rows |= _pages([hit.uuid for hit in hits if hit.type != SERVICE], language)
    return [(hit, rows[hit.uuid]) for hit in hits if hit.uuid in rows]


def _services(keys: list[UUID], language: str) -> dict[UUID, Row]:
    if not keys:
        return {}
    found = Service.objects.public().of_keys(keys).best_for(language).with_list_facts().prefetch_related("counties")
    with translation.override(language):
        return {row.uuid: Row(row, row.title, row.get_absolute_url(), row.language) for row in found}


def _pages(keys: list[UUID], language: str) -> dict[UUID, Row]:
    if not keys:
        return {}
    order = languages.reading_order(language)
    found = list(Page.objects.live().public().filter(translation_key__in=keys).specific())
    # `specific` forgets what was selected beside it.
    locales = {locale.pk: locale for locale in Locale.objects.all()}
    for page in found:
        page.locale = locales[page.locale_id]
    rows: dict[UUID, Row] = {}
    for page in sorted(found, key=lambda each: _rank(order, each), reverse=True):
        rows[page.translation_key] = Row(page, page.title, page.url or "", page.locale.language_code)
    return rows


def _rank(order: tuple[str, ...], page: Page) -> int:
    code = page.locale.language_code
    return order.index(code) if code in order else len(order)
