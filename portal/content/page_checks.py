"""The guided check before publishing: what of a page an editor should look at, and who points to it. Writes nothing.

Nothing here stops a page from being published: what must be so is a constraint of the page's own. A new check is a
function in CHECKS. Reading level and words: directory.writing; links: portal.content.links.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.blocks import ListBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, ReferenceIndex, get_page_models

from cards.models import ActionCardPage, HelpContact, LawReference
from cards.upkeep import due_on, pin_troubles
from directory.writing import Facts, Severity, advise
from directory.writing_finders import HARDEST, Reading, lix
from portal.base import languages
from portal.base.models import BasePage
from portal.content.links import broken_on
from portal.content.texts import parts_of
from portal.content.translating import State, state_of

FEWEST_THINGS, MOST_THINGS = 3, 7
# A wall of text is not read on a phone.
MOST_CHARACTERS_WITHOUT_HEADING = 1_500
FEWEST_WORDS_MEASURED = 60
LONGEST_ALT = 200

IMPORTANT, HINT = Severity.IMPORTANT, Severity.HINT


@dataclass(frozen=True)
class Check:
    """One thing to look at. where: the part of the page, "" for the whole; url: where it is mended, when elsewhere."""

    severity: Severity
    text: str
    where: str = ""
    url: str = ""


@dataclass(frozen=True)
class Group:
    """What one kind of check found; without checks all is well."""

    title: str | Promise
    checks: list[Check]


# --- Words -----------------------------------------------------------------------------------------------------------
def _words(page: Page) -> Iterator[Check]:
    """Reading level and heavy sentences."""
    language = page.locale.language_code
    facts = Facts(today=timezone.localdate(), language=language)
    texts = {part.title or _("Part %(number)d") % {"number": part.number}: part.text for part in parts_of(page)}
    read = Reading("page", "\n".join(texts.values()), {}, facts)
    if len(read.words) >= FEWEST_WORDS_MEASURED and read.sentences:
        level = lix(len(read.words), len(read.sentences), sum(len(word) > 6 for word in read.words))
        if level > HARDEST.get(language, HARDEST[languages.FINNISH]):
            yield Check(
                HINT, _("The whole page is heavy to read. Shorter sentences and everyday words help everybody.")
            )
    for advice in advise(texts, facts):
        if advice.field not in texts:
            # What a listing must tell and a page need not.
            continue
        text = f"{advice.message} «{advice.excerpt}»" if advice.excerpt else advice.message
        yield Check(advice.severity, text, advice.field)


# --- Shape -----------------------------------------------------------------------------------------------------------
def _shape(page: Page) -> Iterator[Check]:
    """Lead, description, headings, pictures, and what a card needs to be usable in a meeting."""
    if not getattr(page, "lead", "x"):
        yield Check(IMPORTANT, _("The lead is missing: say in a sentence what the page is for."))
    if not page.search_description:
        yield Check(HINT, _("The description for search results is missing."))
    body = getattr(page, "body", None) or []
    since_heading = 0
    for number, block in enumerate(body, start=1):
        if block.block_type == "text":
            since_heading += len(BeautifulSoup(str(block.value), "html.parser").get_text())
        elif block.block_type != "notice":
            since_heading = 0
        if since_heading > MOST_CHARACTERS_WITHOUT_HEADING:
            yield Check(HINT, _("Long text without a heading between."), _("Part %(number)d") % {"number": number})
            since_heading = 0
        if block.block_type == "heading" and number < len(body) and body[number].block_type == "heading":
            yield Check(IMPORTANT, _("A heading with nothing under it."), str(block.value))
        if block.block_type == "comparison":
            columns = len(block.value["columns"])
            if any(len(row["cells"]) != columns for row in block.value["rows"]):
                yield Check(IMPORTANT, _("A row has more or fewer cells than there are columns."), block.value["title"])
    if isinstance(page, ActionCardPage):
        yield from _shape_of_card(page)


def _shape_of_card(page: ActionCardPage) -> Iterator[Check]:
    lists = [block.value for block in page.body if block.block_type == "things_to_do"]
    if not lists and page.role == "step":
        yield Check(IMPORTANT, _("A step begins with things to do. This one has none."))
    for value in lists:
        if not FEWEST_THINGS <= len(value["items"]) <= MOST_THINGS:
            said = {"least": FEWEST_THINGS, "most": MOST_THINGS, "count": len(value["items"])}
            text = _("Things to do: %(least)d–%(most)d are easy to keep in mind, here there are %(count)d.") % said
            yield Check(HINT, text, value["title"])


# --- Pictures --------------------------------------------------------------------------------------------------------
def _pictures(page: Page) -> Iterator[Check]:
    """Wagtail asks for a text alternative or the word «decoration»; here it is looked at whether it tells anything."""
    for value in _values(page, ImageBlock):
        if value is None or getattr(value, "decorative", False):
            continue
        alt = (getattr(value, "contextual_alt_text", "") or "").strip()
        name = value.title
        if not alt or alt.casefold() in (name.casefold(), value.filename.casefold()):
            yield Check(IMPORTANT, _("The picture's text alternative tells only its name. Say what it shows."), name)
        elif len(alt) > LONGEST_ALT:
            yield Check(HINT, _("The text alternative is long. Move what it explains to the caption."), name)


def _values(page: Page, kind: type) -> Iterator[Any]:
    """The values of every block of a kind on the page, however deep."""
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField):
            for child in getattr(page, field.name):
                yield from _inside(child.block, child.value, kind)


def _inside(block: Any, value: Any, kind: type) -> Iterator[Any]:
    if isinstance(block, kind):
        yield value
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _inside(child, value.get(name), kind)
    elif isinstance(block, ListBlock):
        for each in value:
            yield from _inside(block.child_block, each, kind)


# --- What the page refers to -----------------------------------------------------------------------------------------
def _references(page: Page) -> Iterator[Check]:
    """Links that do not open, records that are old, picked listings that have gone off."""
    for link in broken_on(page):
        severity = HINT if link.is_unsure else IMPORTANT
        yield Check(severity, f"{link.words} {link.link.address or link.link.page}")
    day = timezone.localdate()
    records = [row for block in getattr(page, "body", None) or [] for row in _records(block)]
    for record in dict.fromkeys(records):
        yield from _record(record, day)
    waiting = [str(each) for each in dict.fromkeys(records) if each.live and due_on(each) <= day]
    if waiting:
        yield Check(HINT, _("To be checked: %(names)s.") % {"names": "; ".join(waiting)}, "", reverse("due_records"))
    for trouble in pin_troubles(page):
        yield Check(IMPORTANT, trouble.words, trouble.title, trouble.url)
    if any(row is None for block in getattr(page, "body", None) or [] for row in _chosen(block)):
        yield Check(
            HINT, _("Something the page named has been removed. Its place is empty; readers see nothing of it.")
        )


def _chosen(block: Any) -> list[Any]:
    names = {"laws": "laws", "contacts": "contacts", "pages": "pages"}
    if block.block_type == "pinned_listings":
        return [row["service"] for row in block.value["listings"]]
    return list(block.value[names[block.block_type]]) if block.block_type in names else []


def _records(block: Any) -> list[HelpContact | LawReference]:
    return [row for row in _chosen(block) if isinstance(row, HelpContact | LawReference)]


def _record(record: HelpContact | LawReference, day: datetime.date) -> Iterator[Check]:
    url = reverse(type(record).snippet_viewset.get_url_name("edit"), args=[record.pk])
    if isinstance(record, LawReference) and not record.is_in_force(day):
        said = {"successor": record.successor} if record.successor else {}
        text = _("No longer in force. In its place: %(successor)s") % said if said else _("No longer in force.")
        yield Check(HINT if said else IMPORTANT, text, str(record), url)
    if not record.live:
        yield Check(IMPORTANT, _("Not published: readers do not see it."), str(record), url)


# --- Translations ----------------------------------------------------------------------------------------------------
def _translations(page: Page) -> Iterator[Check]:
    """Languages that have no version, or one older than the Finnish."""
    rows = page.get_translations(inclusive=True).select_related("locale")
    versions = {each.locale.language_code: each for each in rows}
    source = versions.get(languages.FINNISH)
    for language in languages.ALL:
        version = versions.get(language.code)
        said = {"language": language.endonym}
        if version is None or not version.live:
            yield Check(HINT, _("Not in this language yet: %(language)s") % said)
        elif source and state_of(version, source) is State.BEHIND:
            url = reverse("wagtailadmin_pages:edit", args=[version.pk])
            yield Check(HINT, _("Older than the Finnish text: %(language)s") % said, "", url)


CHECKS: tuple[tuple[str | Promise, Callable[[Page], Iterable[Check]]], ...] = (
    (gettext_lazy("Shape of the page"), _shape),
    (gettext_lazy("Pictures"), _pictures),
    (gettext_lazy("Reading"), _words),
    (gettext_lazy("Links, laws, contacts and picked listings"), _references),
    (gettext_lazy("Languages"), _translations),
)


def groups_of(page: Page) -> list[Group]:
    """Every kind of check with what it found, the important first."""
    return [Group(title, sorted(find(page), key=lambda each: each.severity != IMPORTANT)) for title, find in CHECKS]


def pages_to_mend() -> list[tuple[Page, list[Check]]]:
    """The published pages of which something important is wrong in what they refer to, by title."""
    models = (model for model in get_page_models() if issubclass(model, BasePage))
    pages = (page for model in models for page in model.objects.live().select_related("locale"))
    checked = ((page, [check for check in _references(page) if check.severity == IMPORTANT]) for page in pages)
    return sorted(((page, wrong) for page, wrong in checked if wrong), key=lambda each: each[0].title.casefold())


def summary(groups: Iterable[Group]) -> str:
    """How much there is to look at, in a sentence."""
    count = sum(len(group.checks) for group in groups)
    if not count:
        return _("Nothing to mend was found.")
    return ngettext("%(count)d thing to look at.", "%(count)d things to look at.", count) % {"count": count}


# --- Who points here -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Pointer:
    """A page, a tool or a record that names this one."""

    title: str
    kind: str
    url: str


def pointing_to(page: Page) -> list[Pointer]:
    """What refers to a page, by name. Saved searches and picked listings are parts of the page itself."""
    found: dict[tuple[Any, Any], Pointer] = {}
    for reference in ReferenceIndex.get_references_to(page):
        model = reference.model_name
        source = reference.content_type.get_object_for_this_type(pk=reference.object_id)
        if isinstance(source, Page):
            source = source.specific
            url = reverse("wagtailadmin_pages:edit", args=[source.pk])
        else:
            url = _edit_url(source)
        found[(reference.content_type_id, reference.object_id)] = Pointer(str(source), str(model), url)
    return sorted(found.values(), key=lambda each: each.title.casefold())


def _edit_url(record: Any) -> str:
    try:
        return reverse(type(record).snippet_viewset.get_url_name("edit"), args=[record.pk])
    except (AttributeError, NoReverseMatch):
        return ""
