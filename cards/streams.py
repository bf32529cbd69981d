"""Turns the short form that data files use for page bodies into StreamField values, and refuses what it does not know.

The block definitions say what is allowed, so a new block or field needs no change here. Only three blocks are written
otherwise in a file than they are stored: contacts and laws by key, and the live search as a query. A page is named by
the file it is made of ("cards/tools/items/miro.yaml").
"""

import uuid
from collections.abc import Callable, Mapping
from functools import cached_property
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import ValidationError
from django.db import models
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError, StreamValue
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from cards.models import HelpContact, LawReference
from portal.base import languages
from portal.base.loading import Entry, check_keys, identity

RICH_TEXT_TAGS = frozenset({"p", "ul", "ol", "li", "b", "i", "a", "br"})
VOID_TAGS = frozenset({"br"})

# What a query of the directory may say, and the field of the live search block that keeps it. A flag of the same name
# is taken as it is, when the block has one.
SEARCH_LISTS = {
    "stage": "stages",
    "topic": "topics",
    "target": "target_groups",
    "kind": "kinds",
    "channel": "channels",
}


class Streams:
    """Converts bodies during one run; looks the keys of contacts and laws up once.

    Pages name each other in circles. In the first run over them one that is not there yet is left out, and `unmet`
    tells whose body lacks one; in the second it is an error.
    """

    def __init__(self) -> None:
        self.unmet: set[str] = set()
        self.is_second_run = False

    @cached_property
    def keys(self) -> dict[type[models.Model], dict[str, int]]:
        """For each kind of record that a body refers to: key → primary key."""
        return {model: dict(model.objects.values_list("key", "pk")) for model in (HelpContact, LawReference)}

    def _page(self, entry: Entry, key: uuid.UUID, fault: str) -> int | None:
        """The primary key of the Finnish page with an identity; None for one that may still be loaded in this run."""
        page = (
            Page.objects.filter(translation_key=key, locale__language_code=languages.FINNISH).values_list("pk").first()
        )
        if page is None:
            if not self.is_second_run:
                self.unmet.add(entry.key)
                return None
            raise entry.fault(fault)
        return page[0]

    def value(self, entry: Entry, model: type[models.Model], name: str, items: Any) -> StreamValue:
        """The value of the stream field `name`, of a list of `type` and `value`. Raises ContentError."""
        block = model._meta.get_field(name).stream_block  # type: ignore[union-attr]
        if not isinstance(items, list):
            raise entry.fault(f"{name}: expected a list")
        raw = []
        for number, item in enumerate(items, start=1):
            where = f"{name} {number}"
            check_keys(entry, item, ("type", "value"), where=where)
            kind, value = item["type"], item["value"]
            if kind not in block.child_blocks:
                raise entry.fault(f"{where}: unknown block type {kind!r}")
            child = block.child_blocks[kind]
            where = f"{where} ({kind})"
            if kind in SHORT_FORMS:
                value = SHORT_FORMS[kind](entry, child, value, where)
            raw.append({"type": kind, "value": self._raw(entry, child, value, where), "id": str(uuid.uuid4())})
        stream = block.to_python(raw)
        try:
            return block.clean(stream)
        except StreamBlockValidationError as error:
            raise entry.fault(f"{name}: {_first_message(error.as_json_data())}") from error

    def _raw(self, entry: Entry, block: blocks.Block, value: Any, where: str) -> Any:
        """A value in the form the database keeps it in."""
        if isinstance(block, blocks.StructBlock):
            check_keys(
                entry,
                value,
                [name for name, child in block.child_blocks.items() if not _may_be_left_out(child)],
                block.child_blocks,
                where=where,
            )
            return {
                name: self._raw(entry, block.child_blocks[name], each, f"{where}: {name}")
                for name, each in value.items()
            }
        if isinstance(block, blocks.ListBlock):
            _expect(entry, value, list, where)
            return [
                {"type": "item", "value": self._raw(entry, block.child_block, each, where), "id": str(uuid.uuid4())}
                for each in value
            ]
        if isinstance(block, blocks.MultipleChoiceBlock):
            _expect(entry, value, list, where)
            return [str(each) for each in value]
        if isinstance(block, blocks.BooleanBlock):
            return _expect(entry, value, bool, where)
        if isinstance(block, blocks.PageChooserBlock):
            return self._page(entry, identity(str(value)), f"{where}: no page is made of the file {value!r}")
        if isinstance(block, SnippetChooserBlock):
            keys = self.keys[block.target_model]
            if value not in keys:
                raise entry.fault(f"{where}: unknown key {value!r}")
            return keys[value]
        text = _expect(entry, value, str, where).strip()
        return rich_text(entry, text, where) if isinstance(block, blocks.RichTextBlock) else text


def _expect(entry: Entry, value: Any, kind: type, where: str) -> Any:
    if not isinstance(value, kind):
        raise entry.fault(f"{where}: expected {kind.__name__}, found {value!r}")
    return value


def _may_be_left_out(block: blocks.Block) -> bool:
    return isinstance(block, blocks.FieldBlock) and not block.required


def _first_message(data: Any, place: str = "") -> str:
    """The first message of Wagtail's nested errors, with the way to it."""
    if isinstance(data, Mapping):
        for key, each in data.items():
            if each:
                inner = key in {"blockErrors", "messages", "nonBlockErrors"}
                return _first_message(each, place if inner else f"{place}{_counted(key)}: ")
    if isinstance(data, list):
        return _first_message(next((each for each in data if each), "wrong"), place)
    return f"{place}{data}"


def _counted(key: Any) -> str:
    return str(key + 1) if isinstance(key, int) else str(key)


# --- Short forms -----------------------------------------------------------------------------------------------------
def _by_keys(name: str) -> Callable[[Entry, blocks.StructBlock, Any, str], dict]:
    def convert(entry: Entry, block: blocks.StructBlock, value: Any, where: str) -> dict:
        check_keys(entry, value, ("title", "keys"), where=where)
        return {"title": value["title"], name: value["keys"]}

    return convert


def _live_search(entry: Entry, block: blocks.StructBlock, value: Any, where: str) -> dict:
    """{title, query} → the fields of the block. `query` is the end of a search page's address."""
    check_keys(entry, value, ("title", "query"), where=where)
    fields: dict[str, Any] = {"title": value["title"]}
    try:
        pairs = parse_qsl(value["query"], strict_parsing=True)
    except ValueError as error:
        raise entry.fault(f"{where}: query: {error}") from error
    for key, text in pairs:
        if key in SEARCH_LISTS:
            fields.setdefault(SEARCH_LISTS[key], []).append(text)
        elif (key, text) == ("charge", "free"):
            fields["free"] = True
        elif text == "1" and isinstance(block.child_blocks.get(key), blocks.BooleanBlock):
            fields[key] = True
        else:
            raise entry.fault(f"{where}: query: a live search cannot keep {key}={text}")
    return fields


SHORT_FORMS = {"contacts": _by_keys("contacts"), "laws": _by_keys("laws"), "live_search": _live_search}


# --- Rich text -------------------------------------------------------------------------------------------------------
class _Markup(HTMLParser):
    """Finds what rich text of ours may not hold: other tags, other attributes, tags left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = {"href"} if tag == "a" else set()
        if tag not in RICH_TEXT_TAGS or {name for name, _value in attrs} != allowed:
            raise ValidationError(f"<{tag}> may not stand here like this")
        if tag == "a" and not str(dict(attrs)["href"]).startswith("https://"):
            raise ValidationError(f"a link must begin with https://, not {dict(attrs)['href']!r}")
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID_TAGS:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ValidationError(f"</{tag}> closes nothing")


def rich_text(entry: Entry, text: Any, where: str) -> str:
    """A text with markup, checked. Raises ContentError."""
    text = _expect(entry, text, str, where).strip()
    markup = _Markup()
    try:
        markup.feed(text)
        markup.close()
        if markup.open:
            raise ValidationError(f"<{markup.open[-1]}> is not closed")
    except ValidationError as error:
        raise entry.fault(f"{where}: {' '.join(error.messages)}") from error
    return text
