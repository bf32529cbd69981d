"""Loads the cards' room: contacts, laws, practice models with their cards and criteria, and the catalogue of tools.

What is loaded is told by the files under content/; the rule that spares editors' work is portal.base.loading's.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from wagtail.models import Locale, Page

from cards.models import (
    ActionCardPage,
    DigitalToolPage,
    HelpContact,
    LawReference,
    PracticeModelIndexPage,
    PracticeModelPage,
    QualityCriteriaPage,
    ToolCataloguePage,
    ToolThemePage,
)
from cards.streams import Streams, rich_text
from portal.base.loading import ContentError, Entry, Folder, Loading, load_page, publish

CONTENT = Folder("cards", Path(__file__).parent / "content")

CONTACT_KEYS = [
    "key",
    "group",
    "name",
    "description",
    "phone",
    "website",
    "chat_url",
    "hours",
    "price",
    "area",
    "is_urgent",
    "order",
    "source",
    "written_down_on",
    "needs_check",
]
LAW_KEYS = [
    "key",
    "name",
    "number",
    "section",
    "says",
    "valid_from",
    "valid_until",
    "successor",
    "needs_check",
    "note",
]
PAGE_KEYS = ["title", "slug", "lead", "search_description"]
TOOL_KEYS = [
    "title",
    "slug",
    "themes",
    "tool_type",
    "status",
    "status_note",
    "successor",
    "purpose",
    "audience",
    "sides",
    "needs",
    "price",
    "login",
    "data_protection",
    "languages",
    "accessibility",
    "link",
    "link_checked_on",
    "experience",
    "description",
    "search_description",
]


def load_references(loading: Loading) -> None:
    """Contacts and laws: before the pages, which refer to them."""
    contacts = CONTENT.entries("contacts.yaml")
    for entry in loading.unsettled(contacts):
        entry.expect(CONTACT_KEYS)
        _load_reference(loading, entry, HelpContact, dict(entry.data))
    laws = {entry.data["key"]: entry for entry in CONTENT.entries("laws.yaml")}
    for entry in loading.unsettled(_successors_first(laws)):
        entry.expect(LAW_KEYS, optional=["name_sv"])
        values = dict(entry.data)
        if values["successor"] is not None:
            values["successor"] = LawReference.objects.filter(key=values["successor"]).first()
        values["url"] = finlex_address(values["number"])
        _load_reference(loading, entry, LawReference, values)


def finlex_address(number: str) -> str:
    """The address of a statute in force at Finlex: 1301/2014 → …/2014/20141301. "" without a number."""
    if not number:
        return ""
    serial, year = number.split("/")
    return f"https://www.finlex.fi/fi/laki/ajantasa/{year}/{year}{int(serial):04d}"


def _successors_first(laws: Mapping[str, Entry]) -> list[Entry]:
    """The laws in an order in which each can point to the one that replaced it."""
    graph: dict[str, list[str]] = {}
    for key, entry in laws.items():
        successor = entry.data.get("successor")
        if successor is not None and successor not in laws:
            raise entry.fault(f"successor: unknown key {successor!r}")
        graph[key] = [] if successor is None else [successor]
    try:
        return [laws[key] for key in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise ContentError(f"laws.yaml: laws replace each other in a circle: {' → '.join(error.args[1])}") from error


def _load_reference(
    loading: Loading, entry: Entry, model: type[HelpContact] | type[LawReference], values: dict[str, Any]
) -> None:
    def write(record: HelpContact | LawReference | None) -> HelpContact | LawReference:
        record = record or model(live=False)
        for name, value in values.items():
            setattr(record, name, value)
        return publish(entry, record)

    loading.load(entry, find=lambda: model.objects.filter(key=values["key"]).first(), write=write)


# --- Pages -----------------------------------------------------------------------------------------------------------
def page_fields(
    entry: Entry,
    model: type[Page],
    streams: Streams,
    *,
    extra: Sequence[str] = (),
    html: Sequence[str] = (),
    stream: Sequence[str] = ("body",),
    ignored: Sequence[str] = (),
) -> Callable[[], dict[str, Any]]:
    """The values of a page, made when they are asked for: the usual keys and `extra`, `html` and `stream` ones.

    ignored: keys that the file has for its order among others, not for the page.
    """

    def fields() -> dict[str, Any]:
        plain = [*PAGE_KEYS, *extra]
        entry.expect([*plain, *html, *stream, *ignored])
        return {
            **{name: entry.data[name] for name in plain},
            **{name: rich_text(entry, entry.data[name], name) for name in html},
            **{name: streams.value(entry, model, name, entry.data[name]) for name in stream},
        }

    return fields


def load_practice_models(loading: Loading, *, home: uuid.UUID, locale: Locale, streams: Streams) -> None:
    """The front page of the cards, the models, their cards in order, their criteria last."""
    index = CONTENT.entry("practice-models/index.yaml")
    fields = page_fields(index, PracticeModelIndexPage, streams)
    load_page(loading, index, PracticeModelIndexPage, parent=home, locale=locale, fields=fields)
    models = [CONTENT.entry(name) for name in CONTENT.names("practice-models/*/index.yaml")]
    for model in models:
        load_page(
            loading,
            model,
            PracticeModelPage,
            parent=index.uuid,
            locale=locale,
            fields=page_fields(model, PracticeModelPage, streams, extra=["letter"]),
            siblings=[each.uuid for each in models],
        )
        _load_cards(loading, model, locale=locale, streams=streams)


def _load_cards(loading: Loading, model: Entry, *, locale: Locale, streams: Streams) -> None:
    letter = str(model.data.get("letter", "")).lower()
    cards = [CONTENT.entry(name) for name in CONTENT.names(f"practice-models/{letter}/[0-9]*.yaml")]
    cards.sort(key=lambda card: card.data.get("order", 0))
    criteria = CONTENT.entry(f"quality-criteria/{letter}.yaml")
    siblings = [*(card.uuid for card in cards), criteria.uuid]
    for card in cards:
        load_page(
            loading,
            card,
            ActionCardPage,
            parent=model.uuid,
            locale=locale,
            fields=page_fields(
                card, ActionCardPage, streams, extra=["role", "stages", "need_tiers"], ignored=["order"]
            ),
            siblings=siblings,
        )
    load_page(
        loading,
        criteria,
        QualityCriteriaPage,
        parent=model.uuid,
        locale=locale,
        fields=lambda: _criteria_fields(criteria, streams),
        siblings=siblings,
    )


def _criteria_fields(entry: Entry, streams: Streams) -> dict[str, Any]:
    entry.expect(["title", "slug", "letter", "lead", "themes"])
    if f"/{entry.data['letter'].lower()}.yaml" not in entry.key:
        raise entry.fault("letter: another one than the file's name")
    themes = [{"type": "theme", "value": theme} for theme in entry.data["themes"]]
    return {
        **{name: entry.data[name] for name in ("title", "slug", "lead")},
        "themes": streams.value(entry, QualityCriteriaPage, "themes", themes),
    }


def load_tools(loading: Loading, *, home: uuid.UUID, locale: Locale, streams: Streams) -> None:
    """The catalogue, its eight themes, then every tool by name."""
    catalogue = CONTENT.entry("tools/index.yaml")
    fields = page_fields(catalogue, ToolCataloguePage, streams)
    load_page(loading, catalogue, ToolCataloguePage, parent=home, locale=locale, fields=fields)
    themes = [CONTENT.entry(name) for name in CONTENT.names("tools/themes/*.yaml")]
    tools = [CONTENT.entry(name) for name in CONTENT.names("tools/items/*.yaml")]
    siblings = [entry.uuid for entry in (*themes, *tools)]
    for theme in themes:
        load_page(
            loading,
            theme,
            ToolThemePage,
            parent=catalogue.uuid,
            locale=locale,
            fields=page_fields(
                theme, ToolThemePage, streams, extra=["number"], html=["side_person", "side_professional"]
            ),
            siblings=siblings,
        )
    for tool in tools:
        load_page(
            loading,
            tool,
            DigitalToolPage,
            parent=catalogue.uuid,
            locale=locale,
            fields=lambda tool=tool: _tool_fields(tool),
            siblings=siblings,
        )


def _tool_fields(entry: Entry) -> dict[str, Any]:
    entry.expect(TOOL_KEYS)
    return {**entry.data, "description": rich_text(entry, entry.data["description"], "description")}
