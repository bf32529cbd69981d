"""Which things are searchable, and what of them: one function per kind, each fed by the queryset of what is public.

A secret address cannot get in: places are read through `public_places`. Everything is batched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.utils import translation
from wagtail.models import Page
from wagtail.search.index import SearchField

from cards.choices import Audience, ToolAudience
from cards.models import (
    ActionCardPage,
    DigitalToolPage,
    LifeSituationPage,
    NetworkMapPage,
    PosterPage,
    PracticeModelPage,
    QualityCriteriaPage,
    ReminderPage,
    ToolThemePage,
)
from directory.choices import Capacity, Kind
from directory.freshness import Freshness
from directory.models import County, Municipality, Service, Term
from directory.presentation import short_facts
from portal.base import languages
from portal.base.models import BasePage
from search.documents import MARK, Document, Text, document_id, mark_of
from search.query import Point

BATCH = 200

# Page models by the type a reader knows them as. Pages of rooms above this one are found by their base class.
PAGE_TYPES: dict[type[Page], str] = {
    PracticeModelPage: "card",
    ActionCardPage: "card",
    QualityCriteriaPage: "card",
    ToolThemePage: "tool",
    DigitalToolPage: "tool",
    LifeSituationPage: "tool",
    ReminderPage: "tool",
    NetworkMapPage: "tool",
    PosterPage: "tool",
}
# Front pages of a section say nothing that the section's own pages do not.
UNSEARCHED = ("HomePage", "PracticeModelIndexPage", "SharedToolsPage", "ToolCataloguePage")


# --- services ------------------------------------------------------------------------------------------------------
def services(keys: Iterable[UUID] | None = None) -> Iterator[Document]:
    """Documents of the public services with these UUIDs (all when None)."""
    public = Service.objects.public()
    if keys is not None:
        public = public.of_keys(keys)
    wanted = list(public.order_by("translation_key").values_list("translation_key", flat=True).distinct())
    for start in range(0, len(wanted), BATCH):
        rows = (
            Service.objects.public()
            .of_keys(wanted[start : start + BATCH])
            .with_page_facts()
            .prefetch_related("life_events", "service_classes", "topics__parent", "counties__municipalities__region")
            .prefetch_related("municipalities__region")
        )
        groups: dict[UUID, list[Service]] = defaultdict(list)
        for row in rows:
            groups[row.translation_key].append(row)
        for group in groups.values():
            yield service_document(group)


def service_document(rows: list[Service]) -> Document:
    """One document of a service's rows in all its languages; facts are read from the first by reading order."""
    order = {code: position for position, code in enumerate(languages.CODES)}
    rows = sorted(rows, key=lambda row: order.get(row.language, 99))
    first = rows[0]
    places = first.public_places
    topics = list(first.topics.all())
    broader = [topic.parent for topic in topics if topic.parent]
    target_groups = list(first.target_groups.all())
    terms: list[Term] = [*topics, *broader, *target_groups, *first.life_events.all(), *first.service_classes.all()]
    areas = list(first.municipalities.all())
    areas += [each for county in first.counties.all() for each in county.municipalities.all()]
    served = {area.code: area for area in areas}
    keywords = tuple((row.language, word) for row in rows for word in row.keywords.splitlines() if word.strip())
    where = {place.municipality.code: place.municipality for place in places if place.municipality} | served
    return Document(
        type="service",
        uuid=first.uuid,
        title=first.title,
        fields={
            "title": tuple((row.language, row.title) for row in rows),
            "cats": (
                *(pair for term in terms for pair in term.labels.items()),
                *((MARK, mark_of(term.scheme, term.code)) for term in terms),
                *keywords,
                *_labels(lambda: Kind(first.kind).label),
                *_labels(lambda: " ".join(short_facts(first))),
            ),
            "org": tuple(first.organisation.names.items())
            + tuple((code, first.organisation.short_name) for code in ("fi",) if first.organisation.short_name),
            "body": tuple((row.language, _body(row)) for row in rows),
            "practical": tuple((row.language, _practical(row)) for row in rows),
            "muni": tuple(
                pair
                for area in where.values()
                for pair in (*area.names.items(), *(area.region.names.items() if len(where) <= 3 else ()))
            ),
        },
        facets={
            "stage": tuple(first.stages),
            "topic": tuple(dict.fromkeys(term.code for term in (*topics, *broader))),
            "target": tuple(term.code for term in target_groups),
            "channel": tuple(first.channels),
            "language": tuple(first.languages),
            "charge": (first.charge,) if first.charge else (),
            "kind": (first.kind,),
            "accessibility": tuple(
                dict.fromkeys([*first.accessibility, *(code for place in places for code in place.accessibility)])
            ),
            "flags": tuple(_flags(first)),
        },
        languages=tuple(row.language for row in rows),
        names=(
            *(row.title for row in rows),
            *first.organisation.names.values(),
            *([first.organisation.short_name] if first.organisation.short_name else []),
        ),
        municipalities=tuple(where),
        keywords=keywords,
        points=tuple(Point(place.latitude, place.longitude) for place in places if place.has_point),
        is_nationwide=first.is_nationwide,
        # A telephone does not make a service of one area everybody's.
        is_remote=first.is_remote and (first.is_nationwide or not served),
        checked_on=first.checked_on,
        is_stale=first.freshness() is Freshness.STALE,
    )


def _body(row: Service) -> str:
    # A summary says in a line what the thing is: it stands twice, and counts so.
    texts = (row.summary, row.summary, row.description, row.for_whom, row.how_to_join, row.how_to_refer)
    return "\n".join(text for text in texts if text)


def _practical(row: Service) -> str:
    texts = [row.eligibility, row.practical_notes, row.charge_note, row.capacity_note]
    texts += [text for long in row.long_description.all() for _heading, text in long.filled()]
    return "\n".join(text for text in texts if text)


def _flags(service: Service) -> Iterator[str]:
    facts = {
        "anonymous": service.is_anonymous,
        "no_appointment": service.needs_no_appointment,
        "outreach": service.is_outreach,
        "outside_office_hours": service.is_outside_office_hours,
        "interpreter": service.has_interpreter,
        "taking_people": service.current_capacity == Capacity.TAKING_PEOPLE,
        "referral_allowed": service.may_be_referred,
    }
    return (name for name, holds in facts.items() if holds)


def _labels(say: Callable[[], str]) -> tuple[Text, ...]:
    """A label in each interface language: what a person reads on the page can be searched for."""
    said = []
    for code in languages.CODES:
        with translation.override(code):
            said.append((code, str(say())))
    return tuple(said)


# --- pages ---------------------------------------------------------------------------------------------------------
@cache
def searchable_pages() -> dict[type[Page], str]:
    """Every page model that can be found, with its type."""
    found = {}
    for model in apps.get_models():
        if issubclass(model, BasePage) and model.__name__ not in UNSEARCHED:
            found[model] = PAGE_TYPES.get(model, "page")
    return found


def pages(keys: Iterable[UUID] | None = None) -> Iterator[Document]:
    """Documents of the live, public pages with these translation keys (all when None)."""
    for model, type in searchable_pages().items():
        rows = model.objects.live().public().select_related("locale")
        if keys is not None:
            rows = rows.filter(translation_key__in=list(keys))
        groups: dict[UUID, list[Any]] = defaultdict(list)
        for row in rows.order_by("path"):
            groups[row.translation_key].append(row)
        for group in groups.values():
            yield page_document(group, type)


def page_document(rows: list[Any], type: str) -> Document:
    """One document of a page in all its languages; the text is what the model itself says is searchable."""
    order = {code: position for position, code in enumerate(languages.CODES)}
    rows = sorted(rows, key=lambda row: order.get(row.locale.language_code, 99))
    first = rows[0]
    stages = getattr(first, "stages", [])
    # A stage page is of its own stage; `stages` is a method where a page has children of that kind.
    if callable(stages):
        stages = []
    number = getattr(first, "number", "")
    if not stages and number and type == "page":
        stages = [number]
    return Document(
        type=type,
        uuid=first.translation_key,
        title=first.title,
        fields={
            "title": tuple((row.locale.language_code, row.title) for row in rows),
            "body": tuple((row.locale.language_code, page_text(row)) for row in rows),
        },
        facets={"stage": tuple(stages), "audience": _audience(first, type)},
        languages=tuple(row.locale.language_code for row in rows),
        names=tuple(row.title for row in rows),
    )


def _audience(page: Any, type: str) -> tuple[str, ...]:
    """Whom a page is written for: cards for the worker, a tool and a text as its editor has said, others for both."""
    both = (Audience.PERSON.value, Audience.WORKER.value)
    if type == "card":
        return (Audience.WORKER.value,)
    said = getattr(page, "audience", "")
    if said in (Audience.PERSON, ToolAudience.PERSON):
        return (Audience.PERSON.value,)
    return (Audience.WORKER.value,) if said in (Audience.WORKER, ToolAudience.PROFESSIONAL) else both


def page_text(page: Any) -> str:
    """What of a page can be searched, without its title."""
    texts = [page.search_description]
    for field in page.get_search_fields():
        if isinstance(field, SearchField) and field.field_name != "title":
            value = field.get_value(page)
            texts.extend(str(each) for each in value) if isinstance(value, list | tuple) else texts.append(str(value))
    return "\n".join(text for text in texts if text and text != "None")


def public_ids() -> set[str]:
    """The ids of every document there is to write, without writing one."""
    keys = Service.objects.public().order_by().values_list("translation_key", flat=True)
    found = {document_id("service", key) for key in keys}
    for model, type in searchable_pages().items():
        pages = model.objects.live().public().order_by().values_list("translation_key", flat=True)
        found.update(document_id(type, key) for key in pages)
    return found


# --- places that a word can name -----------------------------------------------------------------------------------
def place_rows() -> Iterator[tuple[tuple[str, ...], frozenset[str], Point | None]]:
    """(names, codes of municipalities, point) of every municipality, region and county."""
    municipalities = list(Municipality.objects.select_related("region"))
    for area in municipalities:
        point = Point(area.latitude, area.longitude) if area.latitude is not None else None
        yield tuple(area.names.values()), frozenset([area.code]), point
    regions: dict[str, list[Municipality]] = defaultdict(list)
    counties: dict[str, list[Municipality]] = defaultdict(list)
    for area in municipalities:
        regions[area.region_id].append(area)
        counties[area.county_id].append(area)
    for members in regions.values():
        yield tuple(members[0].region.names.values()), frozenset(each.code for each in members), None
    for county in County.objects.filter(pk__in=counties):
        yield tuple(county.names.values()), frozenset(each.code for each in counties[county.pk]), None
