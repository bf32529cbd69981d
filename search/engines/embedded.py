"""The embedded engine: SQLite FTS5 for words and ranking, bit sets in memory for everything else.

The tables lie in the database that settings.SEARCH_DATABASE names, so that index rows change in the same
transaction as the data where both are one. They are not models: their shape belongs to this module, and a
rebuild makes them anew.
"""

# ruff: noqa: S608 - statements are put together from the names of columns above; values are always parameters.

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction

from search import spelling
from search.analysis import TextAnalysis, fold_name, tokenize
from search.documents import FIELDS, Document
from search.engines.base import RawResult
from search.engines.ranking import Candidates, rank
from search.engines.snapshot import Record, Snapshot, bits_of
from search.planning import ENOUGH, Plan
from search.query import Group

# Raised when the tables change: an index of another layout has to be built again.
LAYOUT = "1"
# Fields whose words are spelt by people for people; opening hours and addresses would only add noise.
SPELLED_FIELDS = tuple(name for name in FIELDS if name != "practical")
# Where a place's name says that a document belongs to it.
PLACE_FIELDS = "{title org muni}"

_COLUMNS = ", ".join(FIELDS)
_RANK = f"bm25(search_text, {', '.join(str(weight) for weight in FIELDS.values())})"
_CREATE = (
    """CREATE TABLE IF NOT EXISTS search_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS search_document (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, checked INTEGER NOT NULL,
        facets TEXT NOT NULL, languages TEXT NOT NULL, names TEXT NOT NULL, points TEXT NOT NULL,
        is_nationwide INTEGER NOT NULL, is_remote INTEGER NOT NULL)""",
    # Umlauts are letters, and the prefix of a stem (s_, e_) is part of its term.
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS search_text USING fts5(
        {_COLUMNS}, tokenize="unicode61 remove_diacritics 0 tokenchars '_'", detail=full)""",
    """CREATE VIRTUAL TABLE IF NOT EXISTS search_vocabulary USING fts5vocab('search_text', 'row')""",
    """CREATE TABLE IF NOT EXISTS search_word (word TEXT PRIMARY KEY) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS search_spelling (key TEXT, word TEXT, PRIMARY KEY (key, word)) WITHOUT ROWID""",
)
_TABLES = ("search_state", "search_document", "search_text", "search_word", "search_spelling")


class EmbeddedEngine:
    """Safe to share between threads: a thread has its own connection, and snapshots do not change."""

    def __init__(self, analysis: TextAnalysis, database: str | None = None) -> None:
        self._analysis = analysis
        self._database = database or getattr(settings, "SEARCH_DATABASE", "default")
        self._snapshot: Snapshot | None = None
        self._building = threading.Lock()
        if connections[self._database].vendor != "sqlite":
            raise ImproperlyConfigured(
                f"The embedded search index needs SQLite, but the database {self._database!r} is not. "
                "Point SEARCH_DATABASE to an SQLite file."
            )

    # --- writing ---------------------------------------------------------------------------------------------------

    def create(self) -> None:
        # Looked at without a transaction: even an empty one waits for whoever is writing, and a search need not.
        if self._run("SELECT 1 FROM sqlite_master WHERE name = 'search_state'"):
            return
        with transaction.atomic(using=self._database):
            for statement in _CREATE:
                self._run(statement)
            self._set_state("layout", LAYOUT)
            self._set_state("analysis", self._analysis.signature)
            self._touch()

    def drop(self) -> None:
        with transaction.atomic(using=self._database):
            for table in ("search_vocabulary", *_TABLES):
                self._run(f"DROP TABLE IF EXISTS {table}")

    def clear(self) -> None:
        """An empty index of the present layout and analysers."""
        with transaction.atomic(using=self._database):
            self.drop()
            self.create()

    def upsert(self, documents: Iterable[Document]) -> int:
        count = 0
        with transaction.atomic(using=self._database):
            for document in documents:
                self._write(document)
                count += 1
            if count:
                self._touch()
        return count

    def delete(self, ids: Iterable[str]) -> None:
        with transaction.atomic(using=self._database):
            for id in ids:
                self._run(
                    "DELETE FROM search_text WHERE rowid = (SELECT number FROM search_document WHERE id = %s)", [id]
                )
                self._run("DELETE FROM search_document WHERE id = %s", [id])
            self._touch()

    def _write(self, document: Document) -> None:
        row = {
            "title": document.title,
            "checked": document.checked_on.toordinal() if document.checked_on else 0,
            "facets": json.dumps(document.all_facets),
            "languages": json.dumps(document.languages),
            "names": json.dumps(sorted({fold_name(name) for name in (document.title, *document.names)} - {""})),
            "points": json.dumps([(point.lat, point.lon) for point in document.points]),
            "is_nationwide": document.is_nationwide,
            "is_remote": document.is_remote,
        }
        self._run(
            f"INSERT INTO search_document (id, {', '.join(row)}) VALUES (%s{', %s' * len(row)}) "
            f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in row)}",
            [document.id, *row.values()],
        )
        [(number,)] = self._run("SELECT number FROM search_document WHERE id = %s", [document.id])
        terms = [self._analysis.index_terms(document.fields.get(name, ())) for name in FIELDS]
        self._run(
            f"INSERT OR REPLACE INTO search_text (rowid, {_COLUMNS}) VALUES (%s{', %s' * len(FIELDS)})",
            [number, *terms],
        )
        self._learn(document)

    def _learn(self, document: Document) -> None:
        """New words and their spelling keys. Words that no document has any more do no harm: they find nothing."""
        words: set[str] = set()
        for name in SPELLED_FIELDS:
            for language, text in document.fields.get(name, ()):
                analyser = self._analysis.analyser(language)
                for word in tokenize(text):
                    words.update((word, *(term for term in analyser.terms(word) if "_" not in term)))
        words = {word for word in words if len(word) >= spelling.SHORTEST and not any(map(str.isdigit, word))}
        for chunk in _chunks(sorted(words), 500):
            known = self._run(f"SELECT word FROM search_word WHERE word IN ({_marks(chunk)})", chunk)
            new = set(chunk).difference(word for (word,) in known)
            self._run_many("INSERT INTO search_word (word) VALUES (%s)", [(word,) for word in new])
            pairs = [(key, word) for word in new for key in spelling.keys(word)]
            self._run_many("INSERT OR IGNORE INTO search_spelling (key, word) VALUES (%s, %s)", pairs)

    # --- reading ---------------------------------------------------------------------------------------------------

    def search(self, plan: Plan) -> RawResult:
        snapshot = self.snapshot()
        own_by_name = self._ids(f"{PLACE_FIELDS} : ({_any(_place_terms(plan))})") if plan.places else []
        candidates = Candidates(plan, snapshot, bits_of(own_by_name, snapshot.size))
        if plan.groups:
            scores, steps = self._climb(plan.groups, candidates)
        else:
            scores, steps = {}, {}
        return rank(candidates, scores, steps)

    def _climb(self, groups: Sequence[Group], candidates: Candidates) -> tuple[dict[int, float], dict[int, int]]:
        """Scores and ladder steps of what the words find. Ranking is the cost, so each row is ranked once at most."""
        scores = self._scores(_all(groups))
        steps = dict.fromkeys(scores, 1)
        if len(groups) == 1 or candidates.count(scores) >= ENOUGH:
            return scores, steps
        met = Counter(number for group in groups for number in self._ids(_any(group.terms)))
        for step, needed in candidates.plan.ladder[1:]:
            for number, count in met.items():
                if count >= needed:
                    steps.setdefault(number, step)
            if candidates.count(steps) >= ENOUGH:
                break
        if len(steps) > len(scores):
            scores = self._scores(_any([term for group in groups for term in group.terms]))
        return scores, steps

    def snapshot(self) -> Snapshot:
        """The facets as they are in this transaction. The version is random, so that one that was rolled back can
        never be taken for a later one."""
        version = self._state("version") or ""
        snapshot = self._snapshot
        if snapshot is None or snapshot.version != version:
            with self._building:
                snapshot = Snapshot(version, self._records())
                self._snapshot = snapshot
        return snapshot

    def ids(self) -> set[str]:
        return {id for (id,) in self._run("SELECT id FROM search_document")}

    @property
    def is_current(self) -> bool:
        if "search_state" not in connections[self._database].introspection.table_names():
            return False
        return (self._state("layout"), self._state("analysis")) == (LAYOUT, self._analysis.signature)

    # --- the vocabulary (search.planning.Vocabulary) ---------------------------------------------------------------

    @property
    def vocabulary(self) -> _Vocabulary:
        return _Vocabulary(self, self.snapshot())

    # --- SQL -------------------------------------------------------------------------------------------------------

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with connections[self._database].cursor() as cursor:
            cursor.execute(statement, list(values))
            return cursor.fetchall() if cursor.description else []

    def _run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        with connections[self._database].cursor() as cursor:
            cursor.executemany(statement, rows)

    def _ids(self, match: str) -> list[int]:
        """Row numbers only. One string is fetched faster than many rows."""
        [(numbers,)] = self._run(
            "SELECT group_concat(number) FROM (SELECT rowid AS number FROM search_text WHERE search_text MATCH %s)",
            [match],
        )
        return [int(number) for number in numbers.split(",")] if numbers else []

    def _scores(self, match: str) -> dict[int, float]:
        return dict(self._run(f"SELECT rowid, -{_RANK} FROM search_text WHERE search_text MATCH %s", [match]))

    def _records(self) -> list[Record]:
        return [
            Record(number, id, title, checked, *map(json.loads, lists), bool(is_nationwide), bool(is_remote))
            for number, id, title, checked, *lists, is_nationwide, is_remote in self._run(
                "SELECT number, id, title, checked, facets, languages, names, points, is_nationwide, is_remote "
                "FROM search_document"
            )
        ]

    def _state(self, key: str) -> str | None:
        found = self._run("SELECT value FROM search_state WHERE key = %s", [key])
        return found[0][0] if found else None

    def _set_state(self, key: str, value: str) -> None:
        self._run("INSERT OR REPLACE INTO search_state (key, value) VALUES (%s, %s)", [key, value])

    def _touch(self) -> None:
        self._set_state("version", uuid4().hex)


class _Vocabulary:
    """The words of one version of the index."""

    def __init__(self, engine: EmbeddedEngine, snapshot: Snapshot) -> None:
        self._engine = engine
        self._snapshot = snapshot

    def document_count(self) -> int:
        return len(self._snapshot.rows)

    def frequency(self, term: str) -> int:
        known = self._snapshot.frequencies
        if term not in known:
            if len(known) > 100_000:
                known.clear()
            found = self._engine._run("SELECT doc FROM search_vocabulary WHERE term = %s", [term])
            known[term] = found[0][0] if found else 0
        return known[term]

    def words_by_key(self, keys: Iterable[str]) -> list[str]:
        wanted = list(keys)
        found = self._engine._run(
            f"SELECT DISTINCT word FROM search_spelling WHERE key IN ({_marks(wanted)}) LIMIT 2000", wanted
        )
        return [word for (word,) in found]


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _chunks(values: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _quoted(term: str) -> str:
    """A term as an FTS5 string: nothing in it can be an operator."""
    return '"' + term.replace('"', '""').replace("\0", "") + '"'


def _any(terms: Iterable[str]) -> str:
    return " OR ".join(_quoted(term) for term in dict.fromkeys(terms))


def _all(groups: Iterable[Group]) -> str:
    return " AND ".join(f"({_any(group.terms)})" for group in groups)


def _place_terms(plan: Plan) -> list[str]:
    return [term for place in plan.places for term in place.terms]
