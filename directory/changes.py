"""What differs between two versions of a listing, and how two edits meet. Pure: contents in, contents out; no models.

A content is what a revision holds: field name → JSON value. Parts (contact ways, hours …) are lists of such contents;
a part's own numbers and order number say nothing of what a reader sees, so they are left out of every comparison.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Content = Mapping[str, Any]

# Of a part: what says nothing to a reader.
_PART_KEYS = frozenset({"pk", "id", "service", "organisation", "sort_order"})

# What always waits for approval, also of a trusted organisation (../docs/adr/0017-reviews.md).
RISKY = frozenset({"title", "names", "contact_ways", "contacts", "phone", "email", "website"})
# Where a secret address may stand.
PLACES = "service_places"


@dataclass(frozen=True)
class Difference:
    """One field that reads otherwise after than before."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed, each in their own way, since both began from `base`."""

    field: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Merged:
    """What to write of one's own changes, and where another's stand in the way."""

    values: dict[str, Any] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()


def plain(value: Any) -> Any:
    """A value as it is compared: parts without their numbers, sets of choices and references in one order."""
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items() if name not in _PART_KEYS}
    if isinstance(value, list | tuple):
        items = [plain(each) for each in value]
        if all(isinstance(each, str | int) for each in items):
            return sorted(items, key=str)
        return items
    return "" if value is None else value


def differences(before: Content, after: Content, names: Iterable[str]) -> list[Difference]:
    """The fields among `names` that differ, in the order of `names`."""
    return [
        Difference(name, before.get(name), after.get(name))
        for name in names
        if plain(before.get(name)) != plain(after.get(name))
    ]


def merge(base: Content, theirs: Content, mine: Content) -> Merged:
    """My values against what another has saved since. base: what I began from. mine: the fields that I sent.

    What I did not change is left as it is now. What only I changed, or both changed alike, is written.
    """
    values: dict[str, Any] = {}
    conflicts = []
    for name, value in mine.items():
        was, own, now = plain(base.get(name)), plain(value), plain(theirs.get(name))
        if own in (was, now):
            continue
        if now == was:
            values[name] = value
        else:
            conflicts.append(Conflict(name, base.get(name), theirs.get(name), value))
    return Merged(values, tuple(conflicts))


def merge_rows(base: Iterable[Content], theirs: Iterable[Content], mine: Iterable[Content]) -> list[Content]:
    """Parts as another has them, less what I took away of `base`, and with what I added to it."""

    def shapes(rows: Iterable[Content]) -> set[str]:
        return {repr(plain(row)) for row in rows}

    base, mine = list(base), list(mine)
    gone = shapes(base) - shapes(mine)
    kept = [row for row in theirs if repr(plain(row)) not in gone]
    there = shapes(kept)
    return [*kept, *(row for row in mine if repr(plain(row)) not in there | shapes(base))]


def is_risky(changes: Iterable[Difference], secret_places: Iterable[int] = ()) -> bool:
    """Whether a change can hurt when it is wrong: a name, a contact, the address of a shelter.

    secret_places: numbers of the places, of those named in the changes, whose address is secret.
    """
    secret = set(secret_places)
    for change in changes:
        if change.field in RISKY:
            return True
        if change.field == PLACES and secret & {*places_in(change.before), *places_in(change.after)}:
            return True
    return False


def places_in(value: Any) -> list[int]:
    """The numbers of the places in a content's `service_places`."""
    return [row["place"] for row in value or () if isinstance(row, Mapping) and row.get("place")]


def shared_parts(theirs: Iterable[Content], own: Iterable[Content], texts: frozenset[str]) -> list[dict[str, Any]]:
    """Another language's parts, brought to the facts of `theirs`: a part with the same facts keeps its own texts.

    texts: the names of a part's fields that are written in a language; every other field is a fact.
    """

    def facts(part: Content) -> str:
        return repr(sorted((name, value) for name, value in plain(part).items() if name not in texts))

    kept: dict[str, list[Content]] = {}
    for part in own:
        kept.setdefault(facts(part), []).append(part)
    result = []
    for position, part in enumerate(theirs):
        same = kept.get(facts(part))
        fresh = {name: value for name, value in part.items() if name not in ("pk", "id")}
        chosen = dict(same.pop(0)) if same else {**fresh, "pk": None}
        # The number of the row it belongs to is the caller's to set.
        result.append({**chosen, "sort_order": position})
    return result
