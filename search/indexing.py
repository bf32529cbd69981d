"""Keeps the index in step with the data, and holds the one Finder of the process.

Where the index lies in the data's own database (SQLite) its rows change in the same transaction; elsewhere the change
goes to the task queue, which writes it after the commit. Only settings.SEARCH_URL says which engine it is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from directory.models import Municipality
from search import sources
from search.analysis import TextAnalysis
from search.documents import Document, document_id
from search.engines.base import SearchEngine
from search.engines.embedded import EmbeddedEngine
from search.finding import Finder
from search.places import Gazetteer, Place
from search.planning import Planner
from search.vocabulary import Synonyms, load_stop_words, load_synonyms

logger = logging.getLogger(__name__)

SERVICE, PAGE = "service", "page"


@lru_cache(maxsize=8)
def _parts(search_url: str, municipalities: int) -> tuple[SearchEngine, Finder]:
    """The engine and the finder of this process; made anew when the gazetteer's rows were loaded meanwhile."""
    gazetteer = Gazetteer(Place(*row) for row in sources.place_rows())
    analysis = TextAnalysis(gazetteer.terms)
    scheme = urlsplit(search_url).scheme
    if scheme != "embedded":
        raise ImproperlyConfigured(f"SEARCH_URL: there is no engine {scheme!r}. Use embedded://")
    engine = EmbeddedEngine(analysis)
    planner = Planner(analysis, Synonyms(load_synonyms(), analysis), load_stop_words(), gazetteer)
    return engine, Finder(engine, planner)


def engine() -> SearchEngine:
    """The engine that settings.SEARCH_URL names, with its tables there."""
    return _ready()[0]


def finder() -> Finder:
    """The one way to search."""
    return _ready()[1]


def _ready() -> tuple[SearchEngine, Finder]:
    found, way = _parts(settings.SEARCH_URL, Municipality.objects.count())
    found.create()
    return found, way


# --- writing -------------------------------------------------------------------------------------------------------
_waiting: ContextVar[dict[str, dict[UUID, None]] | None] = ContextVar("_waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Inside, changes are only noted; on leaving they are written in one go. For loaders and imports."""
    if _waiting.get() is not None:
        yield
        return
    waiting: dict[str, dict[UUID, None]] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
        for kind, keys in waiting.items():
            touch(kind, keys)


def touch(kind: str, keys: Iterable[UUID]) -> None:
    """Tell that these services or pages changed (or are gone). `kind`: SERVICE or PAGE."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return
    if (waiting := _waiting.get()) is not None:
        waiting.setdefault(kind, {}).update(dict.fromkeys(wanted))
        return
    if settings.SEARCH_DATABASE == "default":
        reindex(kind, wanted)
    else:
        from search.tasks import reindex_task

        reindex_task.enqueue(kind, [str(key) for key in wanted])


def reindex(kind: str, keys: Iterable[UUID]) -> None:
    """Write the documents of what is public now, and take out what no longer is."""
    wanted = set(keys)
    documents = list(sources.services(wanted) if kind == SERVICE else sources.pages(wanted))
    index = engine()
    index.upsert(documents)
    gone = wanted - {document.uuid for document in documents}
    types = (SERVICE,) if kind == SERVICE else set(sources.searchable_pages().values())
    index.delete(document_id(type, key) for key in gone for type in types)


def all_documents() -> Iterable[Document]:
    """Everything that belongs in the index."""
    yield from sources.services()
    yield from sources.pages()


def rebuild() -> int:
    """Write the whole index anew; returns how many documents it holds."""
    index = engine()
    index.clear()
    return index.upsert(all_documents())


def is_current() -> bool:
    """Whether the index was built by the present analysers and holds what is public now: no more, no less."""
    index = engine()
    return index.is_current and index.ids() == sources.public_ids()
