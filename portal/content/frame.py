"""What the frame of every page shows: navigation, languages, footer, help, exit. Read by base.html alone.

Lazy: a response that does not use base.html (the admin, the API) asks nothing of the database.
"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from cards.models import HelpContact, PracticeModelIndexPage, SharedToolsPage, ToolCataloguePage
from directory import shortlist
from portal.base import languages
from portal.base.remembering import remembered
from portal.content.models import GlossaryPage, PathwayPage, TextPage
from referrals.switch import is_in_use as referrals_are_in_use

CACHE_SECONDS = 300


@dataclass(frozen=True)
class Link:
    """A link of the frame. `lang`: the language of the page behind it when it is not the reader's."""

    label: str
    url: str
    is_current: bool = False
    lang: str = ""

    @property
    def language(self) -> str:
        """What the readers of that other language call it; "" in the reader's own."""
        return languages.BY_CODE[self.lang].endonym if self.lang else ""


@dataclass(frozen=True)
class LanguageLink:
    """One language of the switch. `has_translation`: whether this very page exists in it."""

    code: str
    name: str
    url: str
    is_current: bool
    has_translation: bool
    absolute_url: str = ""


@dataclass
class SiteMap:
    """Addresses of the pages the frame links to, in one language: (title, url, language) by role.

    has_referrals: whether the frame leads to referrals; their pages look again whether they are in use.
    """

    roles: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    footer: list[tuple[str, str, str]] = field(default_factory=list)
    has_referrals: bool = False


def _cache_key(language: str) -> str:
    return f"frame:{language}"


def forget() -> None:
    """Read all of it anew at the next request.

    Called when a page is published, moved, restricted or removed, and when referrals are switched on or off.
    """
    cache.delete_many([_cache_key(code) for code in languages.CODES])


def site_map(language: str) -> SiteMap:
    """The pages the frame links to, each in the language or the first of its fallbacks that has it."""
    found = cache.get(_cache_key(language))
    if found is not None:
        return found
    types = {
        ContentType.objects.get_for_model(model).pk: role
        for role, model in (
            ("pathway", PathwayPage),
            ("cards", PracticeModelIndexPage),
            ("tools", ToolCataloguePage),
            ("together", SharedToolsPage),
            ("glossary", GlossaryPage),
        )
    }
    order = languages.reading_order(language)
    result = SiteMap(has_referrals=referrals_are_in_use())
    pages = Page.objects.live().public().filter(content_type__in=types).select_related("locale")
    for page in sorted(pages, key=lambda each: _rank(order, each)):
        role = types[page.content_type_id]
        result.roles.setdefault(role, (page.title, page.url or "", page.locale.language_code))
    footer = TextPage.objects.live().public().filter(show_in_footer=True).select_related("locale").order_by("path")
    best: dict[Any, TextPage] = {}
    for page in footer:
        kept = best.get(page.translation_key)
        if kept is None or _rank(order, page) < _rank(order, kept):
            best[page.translation_key] = page
    result.footer = [(page.title, page.url or "", page.locale.language_code) for page in best.values()]
    cache.set(_cache_key(language), result, CACHE_SECONDS)
    return result


def _rank(order: tuple[str, ...], page: Page) -> int:
    code = page.locale.language_code
    return order.index(code) if code in order else len(order)


class Frame:
    """The frame of one response; each part is worked out when the template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.language = get_language() or languages.FINNISH
        self.site_name = settings.WAGTAIL_SITE_NAME
        self.exit_url = settings.QUICK_EXIT_URL
        self.home_url = f"/{self.language}/"
        self.search_url = reverse("search:search")
        self.help_url = reverse("content:help_now")
        self.list_url = reverse("directory:my_list")

    @cached_property
    def list_count(self) -> int:
        """How many services are on the visitor's own list."""
        return len(shortlist.unpack(self.request.COOKIES.get(shortlist.COOKIE, "")))

    @cached_property
    def compare_url(self) -> str:
        """Where the visitor's own list stands side by side; "" while there is nothing to compare."""
        return reverse("directory:compare") if self.list_count > 1 else ""

    @cached_property
    def referral_url(self) -> str:
        """Where a worker begins a referral; "" while referrals are not in use."""
        return reverse("referrals:new") if self._pages.has_referrals else ""

    @cached_property
    def urgent_contacts(self) -> list[HelpContact]:
        """Whom to call this minute, for pages that must tell it before anything else."""
        return list(HelpContact.objects.urgent().filter(county=None))

    @cached_property
    def messages(self):
        """Messages of the last action."""
        return get_messages(self.request)

    @cached_property
    def _pages(self) -> SiteMap:
        return site_map(self.language)

    def _link(self, label: str, url: str, lang: str = "") -> Link:
        is_current = bool(url) and url != self.home_url and self.request.path.startswith(url)
        return Link(label, url, is_current, lang if lang != self.language else "")

    @cached_property
    def nav(self) -> list[Link]:
        """The main navigation."""
        links = [self._link(_("Search"), self.search_url)]
        for role, label in (
            ("pathway", _("Service path")),
            ("cards", _("Action cards")),
            ("tools", _("Digital tools")),
        ):
            if role in self._pages.roles:
                _title, url, lang = self._pages.roles[role]
                links.append(self._link(label, url, lang))
        return links

    @cached_property
    def footer(self) -> list[Link]:
        """The links at the foot of the page."""
        links = [self._link(title, url, lang) for title, url, lang in self._pages.footer]
        roles = self._pages.roles
        links += [self._link(*roles[role]) for role in ("together", "glossary") if role in roles]
        if self._pages.has_referrals:
            links.append(self._link(_("I have a code of a referral"), reverse("referrals:own")))
            links.append(self._link(_("Referrals and your data"), reverse("referrals:privacy")))
        links.append(Link(_("For organisations: sign in"), reverse("workspace:home")))
        return links

    @cached_property
    def languages(self) -> list[LanguageLink]:
        """The language switch: the same page in each language, else the nearest page above it that exists there."""
        page = getattr(self.request, "current_page", None)
        if page is None:
            return [self._language_link(code, self._same_path(code), True) for code in languages.CODES]
        rows = remembered("languages", page.pk, make=lambda: [self._of_page(code) for code in languages.CODES])
        return [self._language_link(code, url, has_translation) for code, url, has_translation in rows]

    @cached_property
    def _translations(self) -> dict[str, Page]:
        page = self.request.current_page
        rows = page.get_translations(inclusive=True).live().select_related("locale")
        return {row.locale.language_code: row for row in rows}

    def _of_page(self, code: str) -> tuple[str, str, bool]:
        """A language, the address of the page in it or of the nearest above it, and whether it is the page itself."""
        if code in self._translations:
            return code, self._translations[code].url or f"/{code}/", True
        return code, self._nearest(code), False

    def _language_link(self, code: str, url: str, has_translation: bool) -> LanguageLink:
        name, is_current = languages.BY_CODE[code].endonym, code == self.language
        return LanguageLink(code, name, url, is_current, has_translation, self.request.build_absolute_uri(url))

    def _same_path(self, code: str) -> str:
        path = self.request.get_full_path()
        prefix = f"/{self.language}/"
        return f"/{code}/{path[len(prefix) :]}" if path.startswith(prefix) else f"/{code}/"

    @cached_property
    def _above(self) -> list[dict[str, Page]]:
        """The pages above this one, nearest first: each a dictionary of language → page."""
        ancestors = list(self.request.current_page.get_ancestors().filter(depth__gt=1).order_by("-depth"))
        keys = [ancestor.translation_key for ancestor in ancestors]
        rows: dict[Any, dict[str, Page]] = {key: {} for key in keys}
        for row in Page.objects.live().filter(translation_key__in=keys).select_related("locale"):
            rows[row.translation_key][row.locale.language_code] = row
        return [rows[key] for key in keys]

    def _nearest(self, code: str) -> str:
        found = next((rows[code] for rows in self._above if code in rows), None)
        return (found.url if found is not None else None) or f"/{code}/"


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame`."""
    return {"frame": SimpleLazyObject(lambda: Frame(request))}
