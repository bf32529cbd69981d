"""Loads the cards' room: contacts, laws, practice models with their cards and criteria, tools, tools used together.

What is loaded is told by the files under content/; the rule that spares editors' work is portal.base.loading's. The
Finnish files stand in content/ itself, those of another language in a folder of its code, under the same names and with
texts only: what is the same in every language (SHARED) is read from the Finnish file.
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
from cards.streams import Streams, rich_text
from directory.models import County
from portal.base import languages
from portal.base.loading import ContentError, Entry, Folder, Loading, identity, load_page, publish

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
    "county",
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


# What a translation takes from the Finnish file, and may not say itself.
SHARED = frozenset(
    {
        "slug",
        "letter",
        "role",
        "stages",
        "need_tiers",
        "order",
        "number",
        "kind",
        "themes",
        "tool_type",
        "status",
        "audience",
        "sides",
        "needs",
        "languages",
        "link",
        "link_checked_on",
    }
)


def page_entries(pattern: str, code: str) -> list[tuple[uuid.UUID, Entry]]:
    """The pages that match in a language, each with its identity, which is the Finnish page's. Raises ContentError."""
    found = []
    for name in CONTENT.names(pattern):
        finnish = CONTENT.entry(name)
        entry = finnish
        if code != languages.FINNISH:
            if not CONTENT.names(f"{code}/{name}"):
                continue
            translation = CONTENT.entry(f"{code}/{name}")
            shared = {key: value for key, value in finnish.data.items() if key in _shared_keys(name)}
            if said := sorted(set(shared) & set(translation.data)):
                raise translation.fault(f"the same in every language, said by the Finnish file: {', '.join(said)}")
            entry = Entry(translation.key, {**shared, **translation.data})
        found.append((finnish.uuid, entry))
    return found


def _shared_keys(name: str) -> frozenset[str]:
    # The themes of a tool are numbers; the themes of quality criteria hold the statements.
    return SHARED - {"themes"} if name.startswith("quality-criteria/") else SHARED


def load_references(loading: Loading) -> None:
    """Contacts and laws: before the pages, which refer to them."""
    contacts = CONTENT.entries("contacts.yaml")
    for entry in loading.unsettled(contacts):
        entry.expect(CONTACT_KEYS)
        values = dict(entry.data)
        if values["county"] is not None:
            values["county"] = entry.option("county", values["county"], County.objects.in_bulk())
        _load_reference(loading, entry, HelpContact, values)
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
    """The front page of the cards, the models, their cards in order, their criteria last: those the language has."""
    code = locale.language_code
    for key, index in page_entries("practice-models/index.yaml", code):
        fields = page_fields(index, PracticeModelIndexPage, streams)
        load_page(loading, index, PracticeModelIndexPage, parent=home, locale=locale, key=key, fields=fields)
    models = page_entries("practice-models/*/index.yaml", code)
    for key, model in models:
        load_page(
            loading,
            model,
            PracticeModelPage,
            parent=identity("cards/practice-models/index.yaml"),
            locale=locale,
            key=key,
            fields=page_fields(model, PracticeModelPage, streams, extra=["letter"]),
            siblings=[each for each, _entry in models],
        )
        _load_cards(loading, key, str(model.data.get("letter", "")).lower(), locale=locale, streams=streams)


def _load_cards(loading: Loading, model: uuid.UUID, letter: str, *, locale: Locale, streams: Streams) -> None:
    cards = page_entries(f"practice-models/{letter}/[0-9]*.yaml", locale.language_code)
    cards.sort(key=lambda each: each[1].data.get("order", 0))
    criteria = page_entries(f"quality-criteria/{letter}.yaml", locale.language_code)
    siblings = [key for key, _entry in (*cards, *criteria)]
    for key, card in cards:
        load_page(
            loading,
            card,
            ActionCardPage,
            parent=model,
            locale=locale,
            key=key,
            fields=page_fields(
                card, ActionCardPage, streams, extra=["role", "stages", "need_tiers"], ignored=["order"]
            ),
            siblings=siblings,
        )
    for key, page in criteria:
        load_page(
            loading,
            page,
            QualityCriteriaPage,
            parent=model,
            locale=locale,
            key=key,
            fields=lambda page=page: _criteria_fields(page, streams),
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
    """The catalogue, its eight themes, then every tool by name: those the language has."""
    code = locale.language_code
    parent = identity("cards/tools/index.yaml")
    for key, catalogue in page_entries("tools/index.yaml", code):
        fields = page_fields(catalogue, ToolCataloguePage, streams)
        load_page(loading, catalogue, ToolCataloguePage, parent=home, locale=locale, key=key, fields=fields)
    themes = page_entries("tools/themes/*.yaml", code)
    tools = page_entries("tools/items/*.yaml", code)
    siblings = [key for key, _entry in (*themes, *tools)]
    for key, theme in themes:
        load_page(
            loading,
            theme,
            ToolThemePage,
            parent=parent,
            locale=locale,
            key=key,
            fields=page_fields(
                theme, ToolThemePage, streams, extra=["number"], html=["side_person", "side_professional"]
            ),
            siblings=siblings,
        )
    for key, tool in tools:
        load_page(
            loading,
            tool,
            DigitalToolPage,
            parent=parent,
            locale=locale,
            key=key,
            fields=lambda tool=tool: _tool_fields(tool),
            siblings=siblings,
        )


def _tool_fields(entry: Entry) -> dict[str, Any]:
    entry.expect(TOOL_KEYS)
    return {**entry.data, "description": rich_text(entry, entry.data["description"], "description")}


def load_shared_tools(loading: Loading, *, home: uuid.UUID, locale: Locale, streams: Streams) -> None:
    """The front page of the tools used together, the tools and the posters, in the order of their files."""
    code = locale.language_code
    for key, index in page_entries("together/index.yaml", code):
        fields = page_fields(index, SharedToolsPage, streams)
        load_page(loading, index, SharedToolsPage, parent=home, locale=locale, key=key, fields=fields)
    below = page_entries("together/[0-9]*.yaml", code)
    for key, entry in below:
        load_page(
            loading,
            entry,
            _shared_tool(entry),
            parent=identity("cards/together/index.yaml"),
            locale=locale,
            key=key,
            fields=lambda entry=entry: _shared_tool_fields(entry, streams),
            siblings=[each for each, _entry in below],
        )


# kind in the file → the page, its plain fields, and its streams with the block that their short form is made of.
SHARED_TOOLS: dict[str, tuple[type[Page], list[str], dict[str, str]]] = {
    "life_situation": (
        LifeSituationPage,
        [],
        {"body": "", "anchors": "anchor", "areas": "area", "questions": "question"},
    ),
    "reminder": (ReminderPage, [], {"body": ""}),
    "network_map": (NetworkMapPage, [], {"body": "", "groups": "group"}),
    "poster": (PosterPage, ["closing"], {"points": "point"}),
}


def _shared_tool(entry: Entry) -> type[Page]:
    kind = entry.data.get("kind")
    if kind not in SHARED_TOOLS:
        raise entry.fault(f"kind: unknown kind {kind!r}")
    return SHARED_TOOLS[kind][0]


def _shared_tool_fields(entry: Entry, streams: Streams) -> dict[str, Any]:
    model, plain, stream = SHARED_TOOLS[entry.data["kind"]]
    entry.expect([*PAGE_KEYS, "kind", *plain, *stream])
    values = {name: entry.data[name] for name in (*PAGE_KEYS, *plain)}
    for name, block in stream.items():
        items = entry.data[name]
        if block:
            items = [{"type": block, "value": item} for item in items]
        values[name] = streams.value(entry, model, name, items)
    return values
