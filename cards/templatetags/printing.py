"""What templates ask about printing: whether there are PDFs, and where today's rows of a saved query are."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from cards.live_search import filter_of
from cards.printing import engine, markup
from cards.printing.composing import short
from cards.printing.history import LastPrint, changes_since_last_print

register = template.Library()


@register.simple_tag
def pdf_is_possible() -> bool:
    """Whether this machine can make PDFs."""
    return engine.is_available()


@register.simple_tag
def live_search_address(value: Mapping[str, Any]) -> str:
    """The whole address of the search that a live search block stands for."""
    return urljoin(settings.SITE_URL, f"{reverse('search:search')}?{filter_of(value).to_query()}")


@register.simple_tag
def last_print(page: Page) -> LastPrint | None:
    """When a page was last printed as PDF, and whether it has changed since."""
    return changes_since_last_print(page)


@register.filter
def qr(address: str) -> SafeString:
    """The QR code of an address."""
    return mark_safe(markup.qr_code(address))


@register.filter
def short_address(address: str) -> str:
    """An address as one reads it aloud and types it: without https, www and the question at its end."""
    return short(address)
