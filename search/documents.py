"""Which things are searchable, and what of them.

A Document is what an engine is given. It holds only what the public may see: whoever builds one starts from the
queryset that decides that, and leaves out the points of a place whose address is kept secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from search.query import Point

# Field → its weight in ranking. `cats`: labels of topics, target groups and life events in every language,
# and their marks. `practical`: opening hours and other text that says little about what the thing is.
FIELDS: dict[str, float] = {
    "title": 5.0,
    "cats": 1.5,
    "org": 1.5,
    "body": 1.0,
    "practical": 0.5,
    "muni": 1.0,
}

Text = tuple[str, str]  # (language, text)


@dataclass(frozen=True, slots=True)
class Document:
    """One searchable thing, all its languages together.

    `languages` = the languages its own texts are written in; the languages in which a service is given are the
    facet `language`. `municipalities` = codes of all municipalities it serves (a county is given as its
    municipalities; nationwide as none). `names` = the exact titles in every language, then the organisation's
    names. The facets type, municipality and area follow from the other fields.
    """

    type: str
    uuid: UUID
    title: str
    fields: Mapping[str, tuple[Text, ...]]
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    languages: tuple[str, ...] = ("fi",)
    names: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    # What others filed it under, where that is no term of ours: read with the vocabulary, it leads to our terms.
    keywords: tuple[Text, ...] = ()
    is_nationwide: bool = False
    is_remote: bool = False
    checked_on: date | None = None
    # Unchecked for so long that others come first. True as of the writing: `keep_fresh` has it written anew.
    is_stale: bool = False

    def __post_init__(self) -> None:
        if unknown := set(self.fields) - set(FIELDS):
            raise ValueError(f"fields: unknown {sorted(unknown)}")

    @property
    def id(self) -> str:
        return document_id(self.type, self.uuid)

    @property
    def all_facets(self) -> dict[str, tuple[str, ...]]:
        area = ["nationwide"] if self.is_nationwide else []
        area += ["local"] if self.municipalities else []
        derived = {"type": (self.type,), "municipality": tuple(self.municipalities), "area": tuple(area)}
        return {**{name: tuple(values) for name, values in self.facets.items()}, **derived}


# The "language" of marks: no analyser touches them.
MARK = "x"


def mark_of(scheme: str, code: str) -> str:
    """A term of a vocabulary as one index term, which nobody types. A document has the marks of its terms; people's
    other words for a term lead to its mark (search.vocabulary)."""
    return "".join(letter for letter in f"{MARK}{scheme}{code}".lower() if letter.isalnum())


def document_id(type: str, uuid: UUID) -> str:
    return f"{type}:{uuid}"


def split_document_id(id: str) -> tuple[str, UUID]:
    type, _, uuid = id.partition(":")
    return type, UUID(uuid)
