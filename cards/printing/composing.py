"""The document of a print as HTML, and as PDF: pages drawn with the same blocks as on the web, in the look of paper."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from cards import choices
from cards.models import ActionCardPage, PosterPage, PracticeModelPage, QualityCriteriaPage
from cards.printing import engine, markup
from cards.printing.selection import Layout, Selection
from portal.base.models import BasePage

# What a millimetre of poster.css is on each paper. Its text is as large as fits on one page.
POSTER_PAPERS = {Layout.A4: 1.0, Layout.A3: 1.4142}
TEXT_SIZES = (1.3, 1.2, 1.12, 1.05, 1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76, 0.72, 0.66, 0.6, 0.54)
# A page with a service blueprint: one A3 if it can be, else more of them in letters of this last size.
WIDE_SIZES = (12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 10)
# The white around the sheet becomes the paper's own, so that text that does not fit goes on to a second page.
PAPER = """
@page {{ size: {size} portrait; margin: calc({unit} * 17) calc({unit} * 18) calc({unit} * 62); }}
body {{ margin: 0; }}
.poster {{ page: auto; }}
.poster__sheet {{ --paper: {unit}; position: static; min-height: 0; padding: 0; overflow: visible; }}
.poster__foot {{ position: fixed; left: 0; right: 0; bottom: calc({unit} * -36); }}
.poster__horizon {{ position: fixed; left: calc({unit} * -18); right: calc({unit} * -18); bottom: calc({unit} * -62); }}
"""

OnPart = Callable[[int], None]


def parts_of(selection: Selection) -> int:
    """In how many parts the work is counted: each page, then the steps of drawing."""
    return len(selection.pages) + engine.STEPS


def make_pdf(selection: Selection, printed_on: datetime.date, on_part: OnPart = lambda done: None) -> bytes:
    """The print as PDF. on_part hears how many of parts_of() are done."""
    with translation.override(selection.language):
        html = make_html(selection, printed_on, on_part)
    if selection.layout != Layout.PAGES:
        paper = POSTER_PAPERS[selection.layout]
        styles = [engine.style("portal/css/poster.css"), PAPER.format(size=selection.layout, unit=f"{paper}mm")]
        sizes = [f".poster__sheet {{ --text: {paper * size:.3f}mm; }}" for size in TEXT_SIZES]
        return engine.draw_on_one_page(html, styles, sizes)
    style = engine.style("portal/css/pdf.css")
    if len(selection.pages) == 1 and has_blueprint(selection.pages[0]):
        return engine.draw_on_one_page(
            html, [style], [f".sheet--wide {{ font-size: {size}pt; }}" for size in WIDE_SIZES]
        )
    done = len(selection.pages)
    return engine.draw(html, [style], lambda step: on_part(done + step - 1))


def make_html(selection: Selection, printed_on: datetime.date, on_part: OnPart = lambda done: None) -> str:
    """The whole document in the language that is active."""
    articles = []
    for number, page in enumerate(selection.pages, start=1):
        articles.append(mark_safe(_article(page, printed_on)))
        on_part(number)
    first = selection.pages[0]
    context = {
        "title": selection.title,
        "language": selection.language,
        "layout": selection.layout,
        "articles": articles,
        "entries": [{"page": page, "anchor": anchor_of(page), **_kind(page)} for page in selection.pages],
        "has_cover": len(selection.pages) > 1,
        "first": first,
        "is_model": selection.is_model,
        "printed_on": printed_on,
        **_address(first),
    }
    template = "cards/print/document.html" if selection.layout == Layout.PAGES else "cards/print/poster.html"
    html = markup.self_contained(render_to_string(template, context))
    sprite = finders.find("portal/sprite.svg")
    return markup.with_symbols(markup.with_addresses(html, settings.SITE_URL), Path(sprite))


def _article(page: BasePage, printed_on: datetime.date) -> str:
    """One page of the site in the document."""
    context: dict[str, Any] = {
        "page": page,
        "page_lang": page.locale.language_code,
        "anchor": anchor_of(page),
        "printed_on": printed_on,
        "is_wide": has_blueprint(page),
        **_kind(page),
        **_address(page),
    }
    template = "cards/print/_page.html"
    if isinstance(page, QualityCriteriaPage):
        template = "cards/print/_criteria.html"
        words = page.get_context(HttpRequest())
        context = {**words, **context, "request": None}
    elif isinstance(page, PosterPage):
        template = "cards/print/_poster.html"
    return render_to_string(template, context)


def _kind(page: BasePage) -> dict[str, Any]:
    """Where a page belongs: its practice model, and for a step its number among the steps."""
    if isinstance(page, PracticeModelPage):
        return {"practice_model": page, "is_front": True}
    if not isinstance(page, ActionCardPage | QualityCriteriaPage):
        return {}
    model = page.get_parent().specific
    if not isinstance(page, ActionCardPage) or page.role != choices.CardRole.STEP:
        return {"practice_model": model}
    steps = [card.pk for card in model.cards() if card.role == choices.CardRole.STEP]
    number = steps.index(page.pk) + 1 if page.pk in steps else None
    return {"practice_model": model, "step_number": number, "step_total": len(steps)}


def has_blueprint(page: BasePage) -> bool:
    """Whether a service blueprint is on the page, which then gets wide paper."""
    return any(block.block_type == "blueprint" for block in getattr(page, "body", ()))


def anchor_of(page: BasePage) -> str:
    """Where the page begins in the document."""
    return f"page-{page.pk}"


def address_of(page: BasePage) -> str:
    """The whole address of a page, as a telephone opens it."""
    return urljoin(settings.SITE_URL, page.get_url() or "/")


def short(address: str) -> str:
    """An address as one reads it aloud and types it."""
    parts = urlsplit(address)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"


def _address(page: BasePage) -> dict[str, str]:
    address = address_of(page)
    return {"address": address, "short_address": short(address)}
