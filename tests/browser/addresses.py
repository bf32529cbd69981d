"""The pages of the site for tests that look at all of them: every template once, by name, in each language.

Asks the database, so that no test depends on what the content is called this week.
"""

from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, override, pgettext

from cards.models import (
    ActionCardPage,
    DigitalToolPage,
    LifeSituationPage,
    NetworkMapPage,
    PosterPage,
    PracticeModelIndexPage,
    PracticeModelPage,
    QualityCriteriaPage,
    ReminderPage,
    SharedToolsPage,
    ToolCataloguePage,
    ToolThemePage,
)
from directory import shortlist
from directory.models import Service
from directory.presentation import shared_list_path
from portal.base import languages
from portal.content.models import GlossaryPage, HomePage, PathwayPage, StagePage, TextPage

# Everyday words that find services in the sample directory, and words that find nothing.
WORDS = "yksinäisyys"
NONSENSE = "xyzzyq"
MUNICIPALITY, MUNICIPALITY_NAME = "179", "Jyväskylä"


def word(message: str, language: str = languages.FINNISH, *, context: str = "") -> str:
    """What the interface says for a message in a language."""
    with override(language):
        return pgettext(context, message) if context else gettext(message)


def url(name: str, language: str = languages.FINNISH, **values: str) -> str:
    """The path of a named address in a language."""
    with override(language):
        return reverse(name, kwargs=values)


def search_url(language: str = languages.FINNISH, **asked: str) -> str:
    """The path of a search."""
    return f"{url('search:search', language)}?{urlencode(asked, doseq=True)}"


def some_services(number: int = 3) -> list[Service]:
    """Public services in Finnish that have a place, hours, a contact way and a check, so that every part is drawn."""
    rows = Service.objects.public().filter(locale__language_code=languages.FINNISH, checked_on__isnull=False)
    rows = rows.filter(service_places__isnull=False, opening_hours__isnull=False, contact_ways__isnull=False)
    return list(rows.distinct().order_by("slug")[:number])


def step_card() -> ActionCardPage:
    """A step of a practice model with branches, and with a next step."""
    return next(card for card in _cards() if "branches" in {block.block_type for block in card.body})


def card_with_tools() -> ActionCardPage:
    """A step that points to tool themes by their symbols."""
    return next(card for card in _cards() if "tool_themes" in {block.block_type for block in card.body})


def _cards() -> list[ActionCardPage]:
    return list(_finnish(ActionCardPage).filter(role="step"))


def _finnish(model: type):
    return model.objects.live().filter(locale__language_code=languages.FINNISH).order_by("path")


# Parts of a body that have a look of their own.
DRAWN_BLOCKS = ("fill_in_form", "partnership", "model_map", "four_field", "wheel", "blueprint", "comparison")


def pages_with_drawn_blocks() -> dict[str, str]:
    """Name → path of a Finnish page for each part that is drawn or filled in."""
    found: dict[str, str] = {}
    for model in (TextPage, PracticeModelIndexPage, PracticeModelPage, ActionCardPage):
        for page in _finnish(model):
            for block in page.body:
                if block.block_type in DRAWN_BLOCKS:
                    found.setdefault(block.block_type, page.url)
    # One page may show several.
    by_path = {path: kind for kind, path in found.items()}
    return {f"page with {kind}": path for path, kind in by_path.items()}


def shared_list(services: list[Service], language: str) -> str:
    """The path of a list as somebody shared it."""
    with override(language):
        return shared_list_path(shortlist.pack(service.uuid for service in services))


PAGE_MODELS: dict[str, type] = {
    "home": HomePage,
    "pathway": PathwayPage,
    "practice model index": PracticeModelIndexPage,
    "practice model": PracticeModelPage,
    "criteria": QualityCriteriaPage,
    "catalogue": ToolCataloguePage,
    "theme": ToolThemePage,
    "tool": DigitalToolPage,
    "tools used together": SharedToolsPage,
    "life situation": LifeSituationPage,
    "reminder": ReminderPage,
    "network map": NetworkMapPage,
    "poster": PosterPage,
    "glossary": GlossaryPage,
    "text page": TextPage,
}


def editorial_pages(language: str) -> dict[str, str]:
    """One page of each type that exists in a language; all five stages."""
    found = {}
    for name, model in PAGE_MODELS.items():
        page = model.objects.live().filter(locale__language_code=language).order_by("path").first()
        if page:
            found[name] = page.url
    for stage in StagePage.objects.live().filter(locale__language_code=language):
        found[f"stage {stage.number}"] = stage.url
    if language == languages.FINNISH:
        found["card"] = step_card().url
        found["card with tools"] = card_with_tools().url
        shown = set(found.values())
        found |= {name: path for name, path in pages_with_drawn_blocks().items() if path not in shown}
    return found


def every_page(language: str) -> dict[str, str]:
    """Name → path of every template that a GET shows, in one language."""
    services = some_services()
    first = services[0]
    named = partial(url, language=language)
    return editorial_pages(language) | {
        "search, nothing asked": named("search:search"),
        "search, results": search_url(language, q=WORDS),
        "search, narrowed": search_url(language, type="service", municipality=MUNICIPALITY, charge="free"),
        "search, all types": search_url(language, q=WORDS, type=""),
        "search, nothing found": search_url(language, q=NONSENSE),
        "search, unknown place": search_url(language, q=WORDS, place=NONSENSE),
        "service": named("directory:service", slug=first.slug),
        "organisation": named("directory:organisation", slug=first.organisation.slug),
        "report": named("directory:report", slug=first.slug),
        "report sent": named("directory:report_sent", slug=first.slug),
        "my list, empty": named("directory:my_list"),
        "shared list": shared_list(services, language),
        "help now": named("content:help_now"),
        "login": named("account_login"),
        "not found": f"/{language}/ei-ole/",
    }
