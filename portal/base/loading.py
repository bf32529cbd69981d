"""Puts data files into the database without ever overwriting what an editor has changed.

Here: reading YAML and JSON strictly, the record of what was loaded, and the rule that decides. What a room's files mean
is told by that room's own loading module; no domain words here.

The rule, for each entry of a file:
    never loaded                            create
    the file says what it said              nothing (no query either)
    the file has changed, object untouched  update and publish
    the file has changed, object edited     leave it, and say so
    the object is gone                      leave it gone, and say so
"""

import hashlib
import json
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Locale, Page, ReferenceIndex

from portal.base.fields import MultilingualField, MultilingualListField
from portal.base.models import LoadedContent

# Identities are made of names, so that the same file is the same page in every language and on every machine.
NAMESPACE = uuid.UUID("5b0d8a3e-2c53-5c0e-9d53-1f1f0a6f7f52")

ModelT = TypeVar("ModelT", bound=models.Model)


class ContentError(Exception):
    """A data file is wrong; the message names the file and the place."""


# --- Reading ---------------------------------------------------------------------------------------------------------
class _Reader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as people mean it: `yes`, `no`, `on` are words; 061, 9:00 and a day are text; no key stands twice."""

    yaml_implicit_resolvers: dict = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = [key.value for key, _value in node.value]
        for key, times in Counter(keys).items():
            if times > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
):
    _Reader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def read(path: Path) -> Any:
    """The data of a YAML or JSON file. Raises ContentError, which names the file."""
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=_Reader)  # noqa: S506  (safe)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ContentError(f"{path}: {error}") from error


@dataclass(frozen=True, eq=False)
class Entry:
    """The data of one object, and the name under which its loading is remembered."""

    key: str
    data: Mapping[str, Any]

    @cached_property
    def source(self) -> str:
        """A hash of the data: another hash, another content."""
        text = json.dumps(self.data, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def uuid(self) -> uuid.UUID:
        """The object's identity wherever it is loaded."""
        return identity(self.key)

    def fault(self, message: str) -> ContentError:
        """The error to raise when something in the data is wrong."""
        return ContentError(f"{self.key}: {message}")

    def expect(self, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        """Raise unless the data has every key that is required, and none that is unknown."""
        check_keys(self, self.data, required, optional)

    def options(self, key: str, known: Mapping[str, ModelT]) -> list[ModelT]:
        """The objects that a list of codes under `key` names."""
        return [self.option(key, code, known) for code in self.data.get(key) or []]

    def option(self, key: str, code: Any, known: Mapping[str, ModelT]) -> ModelT:
        """The object that a code under `key` names."""
        if str(code) not in known:
            raise self.fault(f"{key}: unknown code {code!r}")
        return known[str(code)]


def identity(name: str) -> uuid.UUID:
    """A UUID that is always the same for a name."""
    return uuid.uuid5(NAMESPACE, name)


def check_keys(
    entry: Entry, data: Any, required: Iterable[str], optional: Iterable[str] = (), *, where: str = ""
) -> None:
    """Raise unless `data`, a part of an entry, is a mapping with the required keys and no unknown one."""
    place = f"{where}: " if where else ""
    if not isinstance(data, Mapping):
        raise entry.fault(f"{place}expected keys and values, found {data!r}")
    required = set(required)
    if missing := required - set(data):
        raise entry.fault(f"{place}missing {', '.join(sorted(missing))}")
    if unknown := set(data) - required - set(optional):
        raise entry.fault(f"{place}unknown {', '.join(sorted(map(str, unknown)))}")


@dataclass(frozen=True)
class Folder:
    """Where a room keeps its data files. The room's name makes the files' names unlike any other room's."""

    room: str
    path: Path

    def read(self, name: str) -> Any:
        """The data of one file."""
        return read(self.path / name)

    def names(self, pattern: str) -> list[str]:
        """The names of the files that match, in their order."""
        return sorted(found.relative_to(self.path).as_posix() for found in self.path.glob(pattern))

    def entry(self, name: str) -> Entry:
        """The one object of a file."""
        data = self.read(name)
        if not isinstance(data, Mapping):
            raise ContentError(f"{self.path / name}: expected keys and values")
        return Entry(f"{self.room}/{name}", data)

    def entries(self, name: str, by: str = "key") -> list[Entry]:
        """The objects of a file that holds a list; each has a key under `by`."""
        found: dict[str, Entry] = {}
        data = self.read(name)
        if not isinstance(data, list):
            raise ContentError(f"{self.path / name}: expected a list")
        for number, each in enumerate(data, start=1):
            if not isinstance(each, Mapping) or not isinstance(each.get(by), str):
                raise ContentError(f"{self.path / name}: number {number} has no {by}, or it is no text")
            if each[by] in found:
                raise ContentError(f"{self.path / name}: {each[by]} stands twice")
            found[each[by]] = Entry(f"{self.room}/{name}#{each[by]}", each)
        return list(found.values())


# --- What an object looks like ---------------------------------------------------------------------------------------
def revision_state(instance: Any) -> str:
    """The state of an object with drafts: any edit makes a revision; unpublishing and locking count as edits too."""
    marks = ("" if instance.live else " off") + (" locked" if getattr(instance, "locked", False) else "")
    return f"{instance.latest_revision_id}{marks}"


def values_state(instance: models.Model) -> str:
    """The state of a plain row: a hash of its values."""
    values = {field.attname: field.value_from_object(instance) for field in instance._meta.concrete_fields}
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()


# --- The rule --------------------------------------------------------------------------------------------------------
class Loading:
    """One run of the loaders: knows what was loaded before, decides, counts, and remembers."""

    def __init__(self) -> None:
        self.records = {record.key: record for record in LoadedContent.objects.all()}
        self.counts: Counter[str] = Counter()
        # What was left alone, each with its reason: for the person who runs the command.
        self.left: list[str] = []
        self._changed: dict[str, LoadedContent] = {}

    def is_settled(self, entry: Entry) -> bool:
        """Whether the entry was loaded as it stands now."""
        record = self.records.get(entry.key)
        return record is not None and record.source == entry.source

    def unsettled(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries that need a look; the others are counted as unchanged."""
        open_ones = [entry for entry in entries if not self.is_settled(entry)]
        self.counts["unchanged"] += len(entries) - len(open_ones)
        return open_ones

    def load(
        self,
        entry: Entry,
        *,
        find: Callable[[], ModelT | None],
        write: Callable[[ModelT | None], ModelT],
        state: Callable[[Any], str] = revision_state,
    ) -> None:
        """Apply the rule to one entry.

        find: the entry's object, if it exists. write: creates it (None) or changes the one given, and publishes.
        """
        record = self.records.get(entry.key)
        if record and record.source == entry.source:
            self.counts["unchanged"] += 1
            return
        instance = find()
        if record is None and instance is not None:
            self.leave(entry, "there was one already")
        elif record is not None and instance is None:
            self.leave(entry, "an editor has removed it")
        elif record is not None and state(instance) != record.state:
            self.leave(entry, "an editor has changed it")
        else:
            try:
                instance = write(instance)
            except ValidationError as error:
                raise entry.fault(_in_words(error)) from error
            index_references(instance)
            self.counts["updated" if record else "created"] += 1
            self.remember(entry.key, entry.source, state(instance))

    def leave(self, entry: Entry, reason: str) -> None:
        """Count an entry that was not loaded, and why."""
        self.counts["left alone"] += 1
        self.left.append(f"{entry.key}: {reason}")

    def remember(self, key: str, source: str, state: str) -> None:
        """Take down that something was loaded; written by `finish`."""
        record = LoadedContent(key=key, source=source, state=state, loaded_at=timezone.now())
        self.records[key] = self._changed[key] = record

    def forget(self, keys: Iterable[str]) -> None:
        """Act as if these had never been loaded."""
        keys = [key for key in keys if key in self.records]
        LoadedContent.objects.filter(key__in=keys).delete()
        for key in keys:
            self.records.pop(key)
            self._changed.pop(key, None)

    def load_again(self, keys: Iterable[str]) -> None:
        """See what was loaded under these as changed files: they are loaded once more if nobody has edited them."""
        for key in keys:
            if record := self.records.get(key):
                record.source = ""

    def finish(self) -> None:
        """Write down what was loaded."""
        LoadedContent.objects.bulk_create(
            self._changed.values(),
            batch_size=200,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["source", "state", "loaded_at"],
        )
        self._changed.clear()


def _in_words(error: ValidationError) -> str:
    if hasattr(error, "message_dict"):
        return "; ".join(f"{field}: {' '.join(messages)}" for field, messages in error.message_dict.items())
    return " ".join(error.messages)


def publish(entry: Entry, instance: Any) -> Any:
    """Save an object with drafts as a revision and publish it; a new one is seen by nobody before that."""
    validate(entry, instance)
    if instance.pk is None:
        instance.live = False
        instance.save()
    instance.save_revision(clean=False).publish(skip_permission_checks=True)
    instance.refresh_from_db()
    return instance


def validate(entry: Entry, instance: models.Model, exclude: Iterable[str] = ()) -> None:
    """Raise ContentError unless an editor could save the object as it is."""
    try:
        instance.full_clean(exclude=exclude)
    except ValidationError as error:
        raise entry.fault(_in_words(error)) from error
    for field in instance._meta.concrete_fields:
        if isinstance(field, MultilingualField):
            kind = list if isinstance(field, MultilingualListField) else str
            if not all(isinstance(text, kind) for text in field.value_from_object(instance).values()):
                raise entry.fault(f"{field.name}: expected a {kind.__name__} for each language")
        # Django leaves the length of a TextField to forms: an editor would meet the error, far from who made it.
        if isinstance(field, models.TextField) and field.max_length:
            length = len(field.value_from_object(instance) or "")
            if length > field.max_length:
                raise entry.fault(f"{field.name}: {length} characters, at most {field.max_length} are allowed")


def index_references(instance: models.Model) -> None:
    """Note what the object refers to. Loaders save with the automatic notes off: they would be made at every save."""
    if ReferenceIndex.model_is_indexable(type(instance)):
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(instance)


# --- Pages -----------------------------------------------------------------------------------------------------------
def find_page(key: uuid.UUID, locale: Locale) -> Page | None:
    """The page with an identity in a language, wherever an editor has moved it."""
    page = Page.objects.filter(translation_key=key, locale=locale).first()
    return page.specific if page else None


def load_page(
    loading: Loading,
    entry: Entry,
    model: type[Page],
    *,
    parent: uuid.UUID | None,
    locale: Locale,
    fields: Callable[[], Mapping[str, Any]],
    key: uuid.UUID | None = None,
    siblings: Sequence[uuid.UUID] = (),
) -> None:
    """Apply the rule to a page; on the first time put it under its parent in the place that `siblings` gives.

    parent: the identity of the parent page, None for the root. fields: the page's values, asked for only when needed.
    key: the page's identity, the entry's own by default. siblings: the identities of the group in its order.
    """
    key = key or entry.uuid

    def write(page: Page | None) -> Page:
        if page is None:
            page = model(locale=locale, translation_key=key, live=False, **fields())
            _insert(entry, page, above=above, siblings=siblings)
        else:
            for name, value in fields().items():
                setattr(page, name, value)
        return publish(entry, page)

    if loading.is_settled(entry):
        loading.counts["unchanged"] += 1
        return
    above = Page.get_first_root_node() if parent is None else find_page(parent, locale)
    if above is None:
        loading.leave(entry, "the page it belongs under is not there")
        return
    loading.load(entry, find=lambda: find_page(key, locale), write=write)


def _insert(entry: Entry, page: Page, *, above: Page, siblings: Sequence[uuid.UUID]) -> None:
    """Put a new page beside the nearest of its siblings that exists, else last under its parent."""
    if above.get_children().filter(slug=page.slug).exists():
        raise entry.fault(f"slug: another page has the address {page.slug!r}")
    place = siblings.index(page.translation_key) if page.translation_key in siblings else 0
    present = {
        each.translation_key: each for each in above.get_children().filter(translation_key__in=siblings).iterator()
    }
    before = next((present[key] for key in reversed(siblings[:place]) if key in present), None)
    after = next((present[key] for key in siblings[place + 1 :] if key in present), None)
    if before:
        before.add_sibling(pos="right", instance=page)
    elif after:
        after.add_sibling(pos="left", instance=page)
    else:
        above.add_child(instance=page)
