"""What the cards' blocks ask of Python: live results, dated records that are published, links of the tool themes."""

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from wagtail.models import Page

from cards.choices import ToolTheme
from cards.live_search import MOST_ON_A_CARD, Found, filter_of, find, own_list, pinned
from cards.models import HelpContact, LawReference, ToolThemePage
from cards.showing import cards_showing
from directory.models import Service
from portal.base import languages
from portal.base.fields import Multilingual
from portal.base.languages import FINNISH
from portal.base.remembering import remembered
from portal.base.translations import language_if_other

register = template.Library()


@register.simple_tag(takes_context=True)
def live_results(context: template.Context, value: Mapping[str, Any]) -> Found:
    """What a live search block finds today."""
    return find(filter_of(value), get_language() or FINNISH, MOST_ON_A_CARD, own_list(context.get("request")))


@register.simple_tag(takes_context=True)
def pinned_listings(context: template.Context, value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The picked listings that anybody may see."""
    return pinned(value["listings"], get_language() or FINNISH, own_list(context.get("request")))


@register.simple_tag
def cards_with(service: Service) -> list[dict[str, str]]:
    """Title, address and, when it is not the reader's, language of the cards that show a listing."""
    return cards_showing(service, get_language() or FINNISH)


@register.simple_tag
def live_contacts(chosen: Iterable[HelpContact | None]) -> list[HelpContact]:
    """The published ones of the contacts a block names, each with its area. A deleted one leaves an empty place."""
    contacts = [contact for contact in chosen if contact is not None and contact.live]
    prefetch_related_objects(contacts, "county")
    return contacts


@register.simple_tag
def live_laws(chosen: Iterable[LawReference | None]) -> list[LawReference]:
    """The published ones of the laws a block names, each with its successor."""
    laws = [law for law in chosen if law is not None and law.live]
    prefetch_related_objects(laws, "successor")
    return laws


@register.simple_tag(takes_context=True)
def tool_theme_links(context: template.Context, numbers: Iterable[str], page: Any = None) -> list[dict[str, str]]:
    """Number, name and address of tool themes, from the pages in the page's language or else in Finnish.

    A theme without a page keeps its name and has no address.
    """
    request, wanted = context.get("request"), [str(number) for number in numbers]
    found: dict[str, ToolThemePage] = {}
    theme_pages = ToolThemePage.objects.live().filter(number__in=wanted).select_related("locale")
    for theme in theme_pages:
        is_own = bool(page) and theme.locale_id == page.locale_id
        if is_own or (theme.locale.language_code == FINNISH and theme.number not in found):
            found[theme.number] = theme
    names = dict(ToolTheme.choices)
    return [
        {
            "number": number,
            "label": found[number].title if number in found else str(names.get(number, number)),
            "url": found[number].get_url(request) or "" if number in found else "",
        }
        for number in wanted
    ]


@register.filter
def other_language(text: Multilingual) -> str:
    """The language a text comes in when it is not the reader's, for `lang=`; else ""."""
    code = text.language_of(get_language())
    return code if code != get_language() else ""


@register.filter
def page_language(page: Page) -> str:
    """The language of a page when it is not the reader's, for `lang=`; else ""."""
    return language_if_other(page, get_language() or FINNISH)


@register.filter
def host(address: str) -> str:
    """The name of a site, for reading: https://www.112.fi/apua → 112.fi."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value under a key that is itself a value."""
    return mapping.get(key, "")


@register.filter
def one_a_line(text: str) -> list[str]:
    """The points of a text that has one on each line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


@register.filter
def cells(row: Mapping[str, Any], columns: Iterable[str]) -> list[tuple[str, str]]:
    """(column, text) of a row of a comparison; a cell that is missing is empty."""
    return list(zip_longest(columns, list(row["cells"])[: len(list(columns))], fillvalue=""))


@register.simple_tag(takes_context=True)
def live_pages(context: template.Context, chosen: Iterable[Page | None]) -> list[dict[str, str]]:
    """Title, lead, address and, when it is not the reader's, language of the chosen pages.

    Each in the reader's language or the first of its fallbacks that has it. A removed or hidden page is left out.
    """
    keys = list(dict.fromkeys(page.translation_key for page in chosen if page is not None))
    language, request = get_language() or FINNISH, context.get("request")
    return remembered("pages", language, *keys, make=lambda: _rows_of(keys, language, request)) if keys else []


def _rows_of(keys: list[Any], language: str, request: Any) -> list[dict[str, str]]:
    order = languages.reading_order(language)
    rows = Page.objects.live().public().filter(translation_key__in=keys, locale__language_code__in=order)
    best: dict[Any, Page] = {}
    for page in sorted(rows.select_related("locale"), key=lambda each: -order.index(each.locale.language_code)):
        best[page.translation_key] = page
    leads = {page.pk: page.lead for page in Page.objects.filter(pk__in=[each.pk for each in best.values()]).specific()}
    return [
        {
            "title": page.title,
            "lead": leads[page.pk],
            "url": page.get_url(request) or "",
            "lang": language_if_other(page, language),
        }
        for key in keys
        if (page := best.get(key)) is not None
    ]
