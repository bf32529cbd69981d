"""Keeps the indexes in step with the data, and holds what this process searches with.

settings.SEARCH_URL names the engine that answers. Where an index lies in the data's own database (SQLite) its rows
change in the same transaction; any other is written by the task queue, whose row lies in that transaction. With
Elasticsearch on SQLite the embedded index is kept too: it answers while the server is away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from directory.models import Municipality
from search import sources
from search.analysis import TextAnalysis, tokenize
from search.documents import Document, document_id, split_document_id
from search.engines.base import SearchEngine
from search.engines.embedded import EmbeddedEngine
from search.entries import Entry, entry_of
from search.finding import Finder, Serving
from search.lexicon import NEW, Lexicon
from search.places import Gazetteer, Place
from search.planning import Planner
from search.risk import load_risk_words
from search.suggesting import VOCABULARY_SOURCES, suggestions, suggestions_of, vocabulary_suggestions
from search.vocabulary import Synonyms, current_synonyms, load_common_words, load_stop_words

SERVICE, PAGE = "service", "page"
EMBEDDED, ELASTICSEARCH = "embedded", "elasticsearch"
KNOWN_ENGINES = "Use embedded:// or elasticsearch://host:9200"
# Documents read and written at once: long enough to be quick, short enough for others to write in between.
BATCH = 500


class RebuildError(Exception):
    """A rebuilt index does not hold what is public; what served goes on serving."""


@dataclass(frozen=True, slots=True)
class _Language:
    """What this process knows of words."""

    analysis: TextAnalysis
    lexicon: Lexicon
    gazetteer: Gazetteer


@dataclass(frozen=True, slots=True)
class _Engines:
    """Every engine that is written to, by name, and the one that answers."""

    written: dict[str, SearchEngine]
    serving: Serving


@lru_cache(maxsize=8)
def _language_of(database: str, municipalities: int) -> _Language:
    """Made anew when the gazetteer's rows were loaded meanwhile."""
    gazetteer = Gazetteer(Place(*row) for row in sources.place_rows())
    lexicon = Lexicon(database)
    return _Language(TextAnalysis(gazetteer.terms, lexicon), lexicon, gazetteer)


@lru_cache(maxsize=8)
def _engines_of(search_url: str, database: str, signature: str) -> _Engines:
    match urlsplit(search_url).scheme:
        case "embedded":
            embedded = EmbeddedEngine(signature, database)
            return _Engines({EMBEDDED: embedded}, Serving(embedded))
        case "elasticsearch":
            from search.engines.elastic import ElasticEngine
            from search.engines.plain import PlainSearch

            elastic = ElasticEngine(search_url, signature)
            if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
                embedded = EmbeddedEngine(signature, database)
                return _Engines({EMBEDDED: embedded, ELASTICSEARCH: elastic}, Serving(elastic, embedded))
            return _Engines({ELASTICSEARCH: elastic}, Serving(elastic, PlainSearch(), fallback_is_reduced=True))
        case scheme:
            raise ImproperlyConfigured(f"SEARCH_URL: there is no engine {scheme!r}. {KNOWN_ENGINES}")


def _language() -> _Language:
    found = _language_of(settings.SEARCH_DATABASE, Municipality.objects.count())
    found.lexicon.create(found.analysis.signature)
    return found


def _engines(language: _Language | None = None) -> _Engines:
    signature = (language or _language()).analysis.signature
    found = _engines_of(settings.SEARCH_URL, settings.SEARCH_DATABASE, signature)
    if EMBEDDED in found.written:
        found.written[EMBEDDED].create()
    return found


def analysis() -> TextAnalysis:
    """How this process reads words."""
    return _language().analysis


def engine(name: str | None = None) -> SearchEngine:
    """An engine that is written to; the first of them when no name is given."""
    written = _engines().written
    return written[name] if name else next(iter(written.values()))


def finder() -> Finder:
    """The one way to search, with the synonyms in force."""
    return _finder(_language(), None)


def finder_with(synonyms: Synonyms) -> Finder:
    """A way to search with other synonyms than those in force: for trying them."""
    return _finder(_language(), synonyms)


def _finder(language: _Language, synonyms: Synonyms | None) -> Finder:
    if synonyms is None:
        synonyms = current_synonyms(language.analysis)
    planner = Planner(
        language.analysis, synonyms, load_stop_words(), language.gazetteer, load_common_words(), load_risk_words()
    )
    return Finder(_engines(language).serving, planner, language.lexicon)


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
    from search.tasks import reindex_task

    for name in _engines().written:
        if is_written_at_once(name):
            reindex(name, kind, wanted)
        else:
            reindex_task.enqueue(name, kind, [str(key) for key in wanted])


def is_written_at_once(name: str) -> bool:
    """Whether an engine's rows change in the transaction of the data."""
    return name == EMBEDDED and settings.SEARCH_DATABASE == "default"


def reindex(name: str, kind: str, keys: Collection[UUID]) -> None:
    """Write to one engine the documents of what is public now, and take out what no longer is.

    Raises EngineUnavailableError: nothing is written then.
    """
    types = (SERVICE,) if kind == SERVICE else tuple(set(sources.searchable_pages().values()))
    wanted = list(keys)
    for start in range(0, len(wanted), BATCH):
        chunk = set(wanted[start : start + BATCH])
        documents = list(sources.services(chunk) if kind == SERVICE else sources.pages(chunk))
        there = {document.id for document in documents}
        gone = {document_id(type, key) for key in chunk for type in types} - there
        _write(name, documents, gone)


def _write(name: str, documents: Collection[Document], gone: Collection[str]) -> None:
    index, words = engine(name), _language()
    documents = list(documents)
    with transaction.atomic(using=settings.SEARCH_DATABASE):
        if _keeps_words(name):
            words.lexicon.learn(documents, words.analysis)
        entries = _entries(documents, words.analysis)
        before = index.terms_of([*(entry.id for entry in entries), *gone]) if _keeps_words(name) else {}
        index.upsert(entries)
        index.delete(gone)
        if _keeps_words(name):
            words.lexicon.count(before.values(), entries)
            suggestions().put({one.id: suggestions_of(one) for one in documents} | dict.fromkeys(gone, ()))


def _entries(documents: Iterable[Document], analysis: TextAnalysis) -> list[Entry]:
    synonyms = current_synonyms(analysis)
    return [entry_of(document, analysis, synonyms.leads_of(document.keywords)) for document in documents]


def _keeps_words(name: str) -> bool:
    """The words are the same for all engines: those that the first one is given are learnt and counted."""
    return name == next(iter(_engines().written))


# --- the whole index -----------------------------------------------------------------------------------------------
Progress = Callable[[int], object]


def engine_names() -> tuple[str, ...]:
    """The engines that are written to."""
    return tuple(_engines().written)


def public_documents(ids: Collection[str], batch: int = BATCH) -> Iterator[list[Document]]:
    """The documents with these ids that are public, some at a time."""
    services, pages = [], set()
    for id in sorted(ids):
        type, uuid = split_document_id(id)
        if type == SERVICE:
            services.append(uuid)
        else:
            pages.add(uuid)
    for start in range(0, len(services), batch):
        yield list(sources.services(services[start : start + batch]))
    if pages:
        yield list(sources.pages(pages))


def rebuild(name: str, progress: Progress = lambda count: None) -> int:
    """Write one engine's whole index anew beside what serves, then swap; returns how many documents it holds.

    An unfinished rebuild is taken up where it stopped. `progress` is told how many more documents are done.
    Raises RebuildError when the new index does not hold what is public, EngineUnavailableError when it cannot be made.
    """
    index, language = engine(name), _language()
    held = index.begin()
    if _keeps_words(name):
        language.lexicon.begin(anew=not held)
    progress(len(held))
    for documents in public_documents(sources.public_ids() - held.keys()):
        _build(name, documents)
        progress(len(documents))
    # What was published or withdrawn meanwhile.
    for _round in range(3):
        built, public = index.built().keys(), sources.public_ids()
        if built == public:
            break
        index.unbuild(built - public)
        for documents in public_documents(public - built):
            _build(name, documents)
    else:
        raise RebuildError(f"The new index holds {len(built)} documents, {len(public)} are public.")
    with transaction.atomic(using=settings.SEARCH_DATABASE):
        if _keeps_words(name):
            language.lexicon.swap(index.built_terms(), len(public))
        index.swap()
        if _keeps_words(name):
            refresh_suggestions(public)
    return len(public)


def refresh_suggestions(public: Collection[str]) -> None:
    """What the vocabulary suggests, as it is now; what is no longer public suggests nothing."""
    words = _language().analysis
    rows = current_synonyms(words).rows
    _language().lexicon.remember((word for row in rows for phrase in row.finnish for word in tokenize(phrase)), words)
    from_vocabulary = vocabulary_suggestions(rows, words)
    store = suggestions()
    store.put(from_vocabulary)
    store.delete(store.sources() - set(public) - from_vocabulary.keys())


def suggests() -> bool:
    """Whether there is anything to suggest beside the names of what was written since the last rebuild."""
    return suggestions().sources().issuperset(VOCABULARY_SOURCES)


def _build(name: str, documents: Collection[Document]) -> None:
    index, language = engine(name), _language()
    documents = list(documents)
    with transaction.atomic(using=settings.SEARCH_DATABASE):
        if _keeps_words(name):
            language.lexicon.learn(documents, language.analysis, NEW)
        entries = _entries(documents, language.analysis)
        index.build(entries)
        if _keeps_words(name):
            suggestions().put({one.id: suggestions_of(one) for one in documents})


@dataclass(frozen=True, slots=True)
class Differences:
    """Ids by what is wrong with them in an index."""

    missing: frozenset[str]
    stale: frozenset[str]
    extra: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.extra)


def differences(name: str, progress: Progress = lambda count: None) -> Differences:
    """What an index holds otherwise than the data says. Reads every public document."""
    held, public, read = engine(name).digests(), sources.public_ids(), _language().analysis
    stale = set()
    for documents in public_documents(public & held.keys()):
        entries = _entries(documents, read)
        stale |= {entry.id for entry in entries if held[entry.id] != entry.digest}
        progress(len(documents))
    return Differences(frozenset(public - held.keys()), frozenset(stale), frozenset(held.keys() - public))


def mend(name: str, found: Differences) -> None:
    """Write what is missing or stale, take out what is too much."""
    for documents in public_documents(found.missing | found.stale):
        _write(name, documents, ())
    _write(name, (), found.extra)
    if _keeps_words(name):
        refresh_suggestions(sources.public_ids())


def is_current() -> bool:
    """Whether every index was built by the present analysers and holds what is public now: no more, no less."""
    public = sources.public_ids()
    return all(index.is_current and index.digests().keys() == public for index in _engines().written.values())
