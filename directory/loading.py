"""Loads what the directory stands on: areas of Finland, topics, target groups, PTV's words, the partnership checklist.

What is loaded is told by the files under content/ (attribution.md there names their sources); the rule that spares
editors' work is portal.base.loading's. Invented listings are directory.sample's.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import models

from directory.choices import Scheme
from directory.models import County, Municipality, PartnershipItem, Region, Term
from portal.base import languages
from portal.base.loading import Entry, Folder, Loading, validate, values_state

CONTENT = Folder("directory", Path(__file__).parent / "content")


def load(loading: Loading) -> None:
    """Areas, words and the checklist of partnership: before anything that names one."""
    before = loading.counts["created"] + loading.counts["updated"]
    load_areas(loading)
    load_terms(loading)
    load_partnership(loading)
    if loading.counts["created"] + loading.counts["updated"] > before:
        # Choices of topics and places are cached; the pages that are loaded next are checked against them.
        cache.clear()


# --- Areas -----------------------------------------------------------------------------------------------------------
def load_areas(loading: Loading) -> None:
    """Regions and counties, then the municipalities in them."""
    _load_rows(
        loading,
        CONTENT.entries("regions.json", by="code"),
        Region,
        lambda entry: {"names": _names(entry)},
        keys=["code", "fi", "sv", "en"],
    )
    _load_rows(
        loading,
        CONTENT.entries("counties.json", by="code"),
        County,
        lambda entry: {"names": _names(entry), "uri": entry.data["uri"] or ""},
        keys=["code", "fi", "sv", "en", "uri"],
    )
    _load_rows(
        loading,
        CONTENT.entries("municipalities.json", by="code"),
        Municipality,
        lambda entry: {
            "names": _names(entry),
            "region_id": entry.data["region"],
            "county_id": entry.data["county"],
            "latitude": entry.data["lat"],
            "longitude": entry.data["lon"],
        },
        keys=["code", "fi", "sv", "region", "county", "language_relation", "lat", "lon"],
    )


def _names(entry: Entry) -> dict[str, str]:
    return {code: entry.data[code] for code in languages.CODES if entry.data.get(code)}


def _load_rows(
    loading: Loading,
    entries: Iterable[Entry],
    model: type[models.Model],
    values: Callable[[Entry], Mapping[str, Any]],
    *,
    keys: Iterable[str],
) -> None:
    entries = loading.unsettled(list(entries))
    known = model._default_manager.in_bulk() if entries else {}
    for entry in entries:
        entry.expect(keys)
        code = entry.data["code"]
        loading.load(
            entry,
            find=lambda code=code: known.get(code),
            write=lambda row, entry=entry, code=code: _save(entry, row or model(code=code), values(entry)),
            state=values_state,
        )


def _save(entry: Entry, row: Any, values: Mapping[str, Any]) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    validate(entry, row)
    row.save()
    return row


# --- Words -----------------------------------------------------------------------------------------------------------
def load_terms(loading: Loading) -> None:
    """Topics and target groups, ours; life events and service classes, PTV's."""
    _load_scheme(
        loading,
        "topics.yaml",
        Scheme.TOPIC,
        lambda entry, place: {
            **{name: entry.data[name] for name in ("labels", "alt_labels", "description", "order")},
            "related_codes": entry.data["ptv_service_classes"],
        },
        keys=["code", "parent", "labels", "alt_labels", "description", "ptv_service_classes", "order"],
    )
    _load_scheme(
        loading,
        "target_groups.yaml",
        Scheme.TARGET_GROUP,
        lambda entry, place: {
            **{name: entry.data[name] for name in ("labels", "alt_labels", "uri")},
            "related_codes": [entry.data["ptv_code"]] if entry.data["ptv_code"] else [],
            "order": place,
        },
        keys=["code", "labels", "alt_labels", "ptv_code", "uri"],
    )
    for name, scheme in (
        ("ptv_life_events.json", Scheme.LIFE_EVENT),
        ("ptv_service_classes.json", Scheme.SERVICE_CLASS),
    ):
        _load_scheme(
            loading,
            name,
            scheme,
            lambda entry, place: {"labels": entry.data["labels"], "uri": entry.data["uri"], "order": place},
            keys=["code", "uri", "parent", "labels"],
        )


def _load_scheme(
    loading: Loading,
    name: str,
    scheme: Scheme,
    values: Callable[[Entry, int], Mapping[str, Any]],
    *,
    keys: Iterable[str],
) -> None:
    """The terms of one file, in which a broader term stands before its narrower ones."""
    entries = CONTENT.entries(name, by="code")
    places = {entry.key: place for place, entry in enumerate(entries, start=1)}
    entries = loading.unsettled(entries)
    known = {term.code: term for term in Term.objects.filter(scheme=scheme)} if entries else {}

    for entry in entries:
        entry.expect(keys)
        code, parent = entry.data["code"], entry.data.get("parent")

        def write(term: Term | None, entry: Entry = entry, code: str = code, parent: str | None = parent) -> Term:
            above = entry.option("parent", parent, known) if parent else None
            term = term or Term(scheme=scheme, code=code)
            known[code] = _save(entry, term, {**values(entry, places[entry.key]), "parent": above})
            return known[code]

        loading.load(entry, find=lambda code=code: known.get(code), write=write, state=values_state)


# --- Partnership -----------------------------------------------------------------------------------------------------
def load_partnership(loading: Loading) -> None:
    """The items of the checklist of partnership. What the areas have answered is theirs and never touched."""
    names = ["group", "order", "text", "help"]
    entries = loading.unsettled(CONTENT.entries("partnership.yaml", by="key"))
    known = {item.key: item for item in PartnershipItem.objects.all()} if entries else {}
    for entry in entries:
        entry.expect(["key", *names])
        key = entry.data["key"]
        loading.load(
            entry,
            find=lambda key=key: known.get(key),
            write=lambda item, entry=entry, key=key: _save(
                entry, item or PartnershipItem(key=key), {name: entry.data[name] for name in names}
            ),
            state=values_state,
        )
