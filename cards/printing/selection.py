"""What a print holds: which pages may be printed, in what order, on what paper, and the key of exactly that.

Reads only what is public; draws nothing.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Max
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import Page

from cards.live_search import pinned
from cards.models import ActionCardPage, HelpContact, LawReference, PosterPage, PracticeModelPage, QualityCriteriaPage
from cards.models.together import SharedToolPage, SharedToolsPage
from portal.base.models import BasePage

MOST_PAGES = 60


class Layout(StrEnum):
    """The paper: a document of pages, or a poster in one of its two sizes."""

    PAGES = "pages"
    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True)
class Selection:
    """Pages in the order of printing (public ones, each printable) and their paper."""

    pages: tuple[BasePage, ...]
    layout: Layout

    @property
    def language(self) -> str:
        """The language of the document: its first page's."""
        return self.pages[0].locale.language_code

    @property
    def is_model(self) -> bool:
        """Whether it is one practice model with what belongs to it."""
        models = [page for page in self.pages if isinstance(page, PracticeModelPage)]
        return len(models) == 1 and self.pages[0] == models[0]

    @property
    def title(self) -> str:
        """What is on the cover and in the name of the file."""
        if len(self.pages) == 1 or self.is_model:
            return self.pages[0].title
        with translation.override(self.language):
            return gettext("Chosen cards")

    @property
    def revisions(self) -> list[list[int | None]]:
        """[page, published revision] of each."""
        return [[page.pk, page.live_revision_id] for page in self.pages]

    def key(self, today: datetime.date) -> str:
        """The same key, the same file. A document tells when it was printed, so it is one of its day."""
        facts = [
            self.revisions,
            [str(page.last_published_at) for page in self.pages],
            self.language,
            self.layout,
            today.isoformat(),
            _state_of_references(),
            self._picked(),
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def _picked(self) -> list[list[str]]:
        """The picked listings that are public now: one that is hidden today is on no paper of today."""
        blocks = (block for page in self.pages for block in getattr(page, "body", ()))
        values = [block.value["listings"] for block in blocks if block.block_type == "pinned_listings"]
        items = (item for listings in values for item in pinned(listings, self.language))
        return [[item["url"], item["title"], str(item["organisation"])] for item in items]


def _state_of_references() -> list[str]:
    """Changes when a contact or a law does: cards show them, and have no new revision for it."""
    facts = []
    for model in (HelpContact, LawReference):
        found = model._default_manager.aggregate(latest=Max("updated_at"), number=Count("pk"))
        facts += [str(found["latest"]), str(found["number"])]
    return facts


def selection_of(keys: Iterable[int], layout: str = Layout.PAGES) -> Selection | None:
    """The public pages among these, in the order of the site; a practice model brings its cards and its criteria.

    None when nothing is left, when it is too much, or when pages and paper do not fit together.
    """
    wanted = set(keys)
    if layout not in set(Layout) or len(wanted) > MOST_PAGES:
        return None
    pages = [page.specific for page in _public().filter(pk__in=wanted).order_by("path")]
    chosen: dict[int, BasePage] = {}
    for page in pages:
        for each in _with_what_belongs(page):
            if is_printable(each):
                chosen.setdefault(each.pk, each)
    has_right_paper = all(isinstance(page, PosterPage) == (layout != Layout.PAGES) for page in chosen.values())
    is_one_poster = layout == Layout.PAGES or len(chosen) == 1
    if not chosen or len(chosen) > MOST_PAGES or not has_right_paper or not is_one_poster:
        return None
    return Selection(tuple(chosen.values()), Layout(layout))


def selection_again(keys: Iterable[int], layout: str) -> Selection | None:
    """Exactly these pages, those of them that are public still: for a print that was asked for earlier."""
    order = {key: place for place, key in enumerate(keys)}
    pages = [page.specific for page in _public().filter(pk__in=order)]
    kept = sorted((page for page in pages if is_printable(page)), key=lambda page: order[page.pk])
    return Selection(tuple(kept), Layout(layout)) if kept else None


def public_ones(keys: Iterable[int]) -> set[int]:
    """Those of these pages that anybody may read just now."""
    return set(_public().filter(pk__in=set(keys)).values_list("pk", flat=True))


def _public():
    return Page.objects.live().public().select_related("locale")


def _with_what_belongs(page: BasePage) -> list[BasePage]:
    if not isinstance(page, PracticeModelPage):
        return [page]
    below = _public().child_of(page).order_by("path").specific()
    cards = [each for each in below if isinstance(each, ActionCardPage)]
    criteria = [each for each in below if isinstance(each, QualityCriteriaPage)]
    return [page, *cards, *criteria]


def is_printable(page: Page) -> bool:
    """Posters, criteria and every page whose parts can stand on paper; tools that are filled in print themselves."""
    if isinstance(page, SharedToolPage | SharedToolsPage):
        return False
    return isinstance(page, PosterPage | QualityCriteriaPage) or (isinstance(page, BasePage) and hasattr(page, "body"))
