"""A document as engines take it: terms instead of texts, codes and numbers instead of facts. Made once, for any engine.

No engine and no database here. What the terms of a word are is told by search.analysis.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from search.analysis import TextAnalysis, fold_name
from search.documents import FIELDS, Document


@dataclass(frozen=True, slots=True)
class Entry:
    """`fields`: field → its terms, one space between them; repetition stays, engines weigh it. `facets`: every facet,
    also the derived ones. `names`: folded titles and names. `points`: (latitude, longitude). `checked`: the day's
    ordinal, 0 when nobody has checked. `title_key`: orders titles roughly by alphabet. `digest` changes whenever
    anything of it does."""

    id: str
    fields: dict[str, str]
    facets: dict[str, tuple[str, ...]]
    languages: tuple[str, ...]
    names: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    is_nationwide: bool
    is_remote: bool
    checked: int
    is_stale: bool
    title_key: int
    digest: str

    def terms(self) -> set[str]:
        """Every term of the entry, once."""
        return {term for text in self.fields.values() for term in text.split(" ")} - {""}


def entry_of(document: Document, analysis: TextAnalysis, leads: Iterable[str] = ()) -> Entry:
    """The entry of a document, as these analysers read it. `leads`: marks that its keywords lead to."""
    fields = {name: analysis.index_terms(document.fields.get(name, ())) for name in FIELDS}
    fields["cats"] = " ".join([fields["cats"], *sorted(leads)]).strip()
    facts = {
        "fields": fields,
        "facets": document.all_facets,
        "languages": document.languages,
        "names": tuple(sorted({fold_name(name) for name in (document.title, *document.names)} - {""})),
        "points": tuple((point.lat, point.lon) for point in document.points),
        "is_nationwide": document.is_nationwide,
        "is_remote": document.is_remote,
        "checked": document.checked_on.toordinal() if document.checked_on else 0,
        "is_stale": document.is_stale,
        "title_key": title_key(document.title),
    }
    digest = hashlib.blake2b(json.dumps(facts).encode(), digest_size=8).hexdigest()
    return Entry(id=document.id, digest=digest, **facts)


def title_key(title: str) -> int:
    """The first letters of a title as a number that sorts as they do: the same order in every engine."""
    return int.from_bytes(fold_name(title)[:7].encode("ascii", "replace").ljust(7, b"\0"), "big")
