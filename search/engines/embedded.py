"""The embedded engine: SQLite FTS5 for words and ranking, arrays in memory for everything else.

The tables lie in the database that settings.SEARCH_DATABASE names, so that index rows change in the same
transaction as the data where both are one. They are not models: their shape belongs to this module, and a
rebuild makes them anew.

Every write leaves a row in `search_change`. A process that finds later rows than its snapshot's reads only what they
name; the version beside the number is random, so that a change that was rolled back is never taken for a later one.
"""

# ruff: noqa: S608 - statements are put together from the names of tables and columns here; values are parameters.

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any
from uuid import uuid4

import numpy as np
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction

from search.documents import FIELDS
from search.engines.base import RawResult
from search.engines.ranking import Candidates, Matches, rank
from search.engines.snapshot import LANGUAGE, REGION, STALE, YES, Floats, Numbers, Record, Snapshot
from search.entries import Entry
from search.planning import ENOUGH, Plan
from search.query import Region

# Raised when the tables or what they hold change: an index of another layout has to be built again.
LAYOUT = "3"
# Where a place's name says that a document belongs to it.
PLACE_FIELDS = "{title org muni}"
BATCH = 500
# More changes than this are not worth following one by one.
MOST_CHANGES = 2_000
# Up to so many rows are scored by themselves where many more match; more, and ranking them all is cheaper.
FEW_ROWS = 3_000

_COLUMNS = ", ".join(FIELDS)
# As a function: SQLite takes a quarter longer over the same by way of the column `rank`.
_RANK = f"bm25(search_text, {', '.join(str(weight) for weight in FIELDS.values())})"
_SCORES = f"SELECT rowid, {_RANK} AS score FROM search_text WHERE search_text MATCH %s"
# Of a build the same tables stand beside the serving ones, under another name.
LIVE, NEW = "", "_new"
_SHARED = (
    "CREATE TABLE IF NOT EXISTS search_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS search_change (seq INTEGER PRIMARY KEY AUTOINCREMENT, version TEXT, number INTEGER)",
    "CREATE TABLE IF NOT EXISTS search_value (code INTEGER PRIMARY KEY, facet TEXT, value TEXT, UNIQUE (facet, value))",
)
_TABLES = {
    "search_document": "(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, "
    "checked INTEGER NOT NULL, title_key INTEGER NOT NULL, codes BLOB NOT NULL, points BLOB NOT NULL)",
    "search_name": "(number INTEGER, name TEXT, PRIMARY KEY (number, name), UNIQUE (name, number)) WITHOUT ROWID",
}


class EmbeddedEngine:
    """Safe to share between threads: a thread has its own connection, and snapshots do not change."""

    name = "embedded"

    def __init__(self, signature: str, database: str | None = None) -> None:
        """`signature`: of the analysers whose terms the entries hold."""
        self._signature = signature
        self._database = database or settings.SEARCH_DATABASE
        self._snapshot: Snapshot | None = None
        self._building = threading.Lock()
        if connections[self._database].vendor != "sqlite":
            raise ImproperlyConfigured(
                f"The embedded search index needs SQLite, but the database {self._database!r} is not. "
                "Point SEARCH_DATABASE to an SQLite file."
            )

    # --- tables ----------------------------------------------------------------------------------------------------

    def create(self) -> None:
        # Looked at without a transaction: even an empty one waits for whoever is writing, and a search need not.
        if self._has_table("search_value"):
            return
        with transaction.atomic(using=self._database):
            # Of a layout before the second: their columns are others.
            self._drop_tables(LIVE)
            self._make_tables(LIVE)
            self._set_state("built_by", self._built_by)
            self._changed([0])

    def _make_tables(self, which: str) -> None:
        for statement in _SHARED:
            self._run(statement)
        for table, columns in _TABLES.items():
            self._run(f"CREATE TABLE IF NOT EXISTS {table}{which} {columns}")
        # Umlauts are letters, and the prefix of a stem (s_, e_) is part of its term.
        self._run(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS search_text{which} USING fts5("
            f"""{_COLUMNS}, tokenize="unicode61 remove_diacritics 0 tokenchars '_'", detail=full)"""
        )

    def _drop_tables(self, which: str) -> None:
        for table in (*_TABLES, "search_text"):
            self._run(f"DROP TABLE IF EXISTS {table}{which}")

    def _has_table(self, table: str) -> bool:
        return bool(self._run("SELECT 1 FROM sqlite_master WHERE name = %s", [table]))

    @property
    def _built_by(self) -> str:
        return f"{LAYOUT} {self._signature}"

    @property
    def is_current(self) -> bool:
        return self._has_table("search_value") and self._state("built_by") == self._built_by

    # --- writing ---------------------------------------------------------------------------------------------------

    def upsert(self, entries: Iterable[Entry]) -> int:
        count = 0
        with transaction.atomic(using=self._database):
            also_new = self._has_table("search_document_new")
            for batch in _chunks(list(entries), BATCH):
                self._changed(self._write(batch, LIVE))
                if also_new:
                    self._write(batch, NEW)
                count += len(batch)
        return count

    def delete(self, ids: Iterable[str]) -> None:
        with transaction.atomic(using=self._database):
            wanted = list(ids)
            self._remove(wanted, LIVE)
            if self._has_table("search_document_new"):
                self._remove(wanted, NEW)

    def _write(self, entries: Sequence[Entry], which: str) -> list[int]:
        """Put entries into the serving tables or a build's; answers the numbers of their rows."""
        entries = list({entry.id: entry for entry in entries}.values())
        self._remove([entry.id for entry in entries], which)
        [(last,)] = self._run(f"SELECT coalesce(max(number), 0) FROM search_document{which}")
        # A number that was used is not given again while somebody may still hold it in a snapshot.
        last = max(last, int(self._state("last_number" + which) or 0))
        codes = self._codes({pair for entry in entries for pair in _values_of(entry)})
        documents, texts, names = [], [], []
        for number, entry in enumerate(entries, start=last + 1):
            own = np.array([codes[pair] for pair in _values_of(entry)], np.uint32).tobytes()
            points = np.array(entry.points, np.float64).tobytes()
            documents.append((number, entry.id, entry.digest, entry.checked, entry.title_key, own, points))
            texts.append((number, *(entry.fields.get(name, "") for name in FIELDS)))
            names.extend((name, number) for name in entry.names)
        self._run_many(f"INSERT INTO search_document{which} VALUES (%s, %s, %s, %s, %s, %s, %s)", documents)
        self._run_many(
            f"INSERT INTO search_text{which} (rowid, {_COLUMNS}) VALUES (%s{', %s' * len(FIELDS)})",
            texts,
        )
        self._run_many(f"INSERT INTO search_name{which} (name, number) VALUES (%s, %s)", names)
        self._set_state("last_number" + which, str(last + len(entries)))
        return [number for number, *_rest in documents]

    def _remove(self, ids: Sequence[str], which: str) -> list[int]:
        gone = list(self._numbers(ids, which).values())
        for chunk in _chunks(gone, BATCH):
            for table, column in (("search_text", "rowid"), ("search_document", "number"), ("search_name", "number")):
                self._run(f"DELETE FROM {table}{which} WHERE {column} IN ({_marks(chunk)})", chunk)
        if which == LIVE:
            self._changed(gone)
        return gone

    def _codes(self, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
        known = {(facet, value): code for code, facet, value in self._run("SELECT * FROM search_value")}
        if new := sorted(pairs - known.keys()):
            self._run_many(
                "INSERT INTO search_value VALUES (%s, %s, %s)",
                [(len(known) + position, *pair) for position, pair in enumerate(new)],
            )
            known.update({pair: len(known) + position for position, pair in enumerate(new)})
        return known

    def _changed(self, numbers: Sequence[int]) -> None:
        version = uuid4().hex
        self._run_many("INSERT INTO search_change (version, number) VALUES (%s, %s)", [(version, n) for n in numbers])
        # Whoever is farther behind reads everything anew anyway.
        self._run("DELETE FROM search_change WHERE seq <= (SELECT max(seq) FROM search_change) - %s", [MOST_CHANGES])

    # --- a rebuild -------------------------------------------------------------------------------------------------

    def begin(self) -> dict[str, str]:
        with transaction.atomic(using=self._database):
            if self._state("new_built_by") != self._built_by:
                self._drop_tables(NEW)
            self._make_tables(NEW)
            self._set_state("new_built_by", self._built_by)
        return self.built()

    def build(self, entries: Iterable[Entry]) -> int:
        count = 0
        for batch in _chunks(list(entries), BATCH):
            with transaction.atomic(using=self._database):
                there = self._numbers([entry.id for entry in batch], NEW)
                count += len(self._write([entry for entry in batch if entry.id not in there], NEW))
        return count

    def built(self) -> dict[str, str]:
        return dict(self._run("SELECT id, digest FROM search_document_new"))

    def built_terms(self) -> list[tuple[str, int]]:
        with transaction.atomic(using=self._database):
            self._run("CREATE VIRTUAL TABLE temp.search_built USING fts5vocab('main', 'search_text_new', 'row')")
            found = self._run("SELECT term, doc FROM temp.search_built")
            self._run("DROP TABLE temp.search_built")
        return found

    def unbuild(self, ids: Iterable[str]) -> None:
        with transaction.atomic(using=self._database):
            self._remove(list(ids), NEW)

    def swap(self) -> None:
        with transaction.atomic(using=self._database):
            self._run("INSERT INTO search_text_new (search_text_new) VALUES ('optimize')")
            self._drop_tables(LIVE)
            for table in (*_TABLES, "search_text"):
                self._run(f"ALTER TABLE {table}_new RENAME TO {table}")
            self._set_state("built_by", self._built_by)
            self._set_state("last_number", self._state("last_number_new") or "0")
            self._run("DELETE FROM search_state WHERE key IN ('new_built_by', 'last_number_new')")
            # Snapshots of the former tables find no row of theirs here and are read anew.
            self._run("DELETE FROM search_change")
            self._changed([0])

    # --- reading ---------------------------------------------------------------------------------------------------

    def search(self, plan: Plan) -> RawResult:
        snapshot = self.snapshot()
        places = [term for place in plan.places for term in place.terms]
        candidates = Candidates(
            plan,
            snapshot,
            named=self._named(plan.name) if plan.name else (),
            named_places=self._ids(f"{PLACE_FIELDS} : {_any(places)}") if places else (),
        )
        found = self._climb(plan, candidates) if plan.groups else Matches.none()
        return rank(candidates, found, self._ids_of)

    def _climb(self, plan: Plan, candidates: Candidates) -> Matches:
        """What the words find, and at which step. Ranking is the cost, so only rows that are asked for are ranked."""
        snapshot = candidates.snapshot
        first, *others = plan.ladder
        expression = _all(first.groups)
        numbers = snapshot.known(self._ids(expression))
        if not others or candidates.count(numbers) >= ENOUGH:
            steps = np.ones(len(numbers), np.int8)
            return Matches(numbers, steps, _Scores(self, snapshot, expression, len(numbers)))
        steps = np.zeros(snapshot.size, np.int8)
        steps[numbers] = first.number
        met: dict[tuple[tuple[str, ...], ...], Any] = {}
        last = first
        for last in others:
            if last.groups not in met:
                met[last.groups] = np.zeros(snapshot.size, np.int8)
                for terms in last.groups:
                    met[last.groups][snapshot.known(self._ids(_any(terms)))] += 1
            steps[(met[last.groups] >= last.needed) & (steps == 0)] = last.number
            if candidates.count(np.flatnonzero(steps)) >= ENOUGH:
                break
        numbers = np.flatnonzero(steps)
        return Matches(numbers, steps[numbers], _Scores(self, snapshot, _any(last.terms)))

    def snapshot(self) -> Snapshot:
        """The facets as they are in this transaction."""
        latest = self._latest()
        snapshot = self._snapshot
        if snapshot is None or snapshot.version != latest:
            with self._building:
                snapshot = self._read_snapshot(self._snapshot, latest)
                self._snapshot = snapshot
        return snapshot

    def _read_snapshot(self, before: Snapshot | None, latest: tuple[int, str]) -> Snapshot:
        if before is not None and before.version == latest:
            return before
        values = [pair for _code, *pair in self._run("SELECT code, facet, value FROM search_value ORDER BY code")]
        pairs = [(facet, value) for facet, value in values]
        select = "SELECT number, checked, title_key, codes, points FROM search_document"
        if before is not None and not before.is_wasteful and self._has_change(before.version):
            changed = [n for (n,) in self._run("SELECT number FROM search_change WHERE seq > %s", [before.version[0]])]
            if len(changed) <= MOST_CHANGES:
                numbers = sorted(set(changed))
                rows = self._run(f"{select} WHERE number IN ({_marks(numbers)})", numbers) if numbers else []
                return before.after(latest, pairs, numbers, (Record(*row) for row in rows))
        return Snapshot(latest, pairs, (Record(*row) for row in self._run(select)))

    def _latest(self) -> tuple[int, str]:
        found = self._run("SELECT seq, version FROM search_change ORDER BY seq DESC LIMIT 1")
        return found[0] if found else (0, "")

    def _has_change(self, version: tuple[int, str]) -> bool:
        return bool(self._run("SELECT 1 FROM search_change WHERE seq = %s AND version = %s", version))

    def digests(self) -> dict[str, str]:
        return dict(self._run("SELECT id, digest FROM search_document"))

    def terms_of(self, ids: Collection[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for chunk in _chunks(list(ids), BATCH):
            rows = self._run(
                f"SELECT d.id, {', '.join('t.' + name for name in FIELDS)} FROM search_document d "
                f"JOIN search_text t ON t.rowid = d.number WHERE d.id IN ({_marks(chunk)})",
                chunk,
            )
            found |= {id: {term for text in texts for term in text.split(" ")} - {""} for id, *texts in rows}
        return found

    # --- SQL -------------------------------------------------------------------------------------------------------

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with connections[self._database].cursor() as cursor:
            cursor.execute(statement, list(values))
            return cursor.fetchall() if cursor.description else []

    def _run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            with connections[self._database].cursor() as cursor:
                cursor.executemany(statement, rows)

    def _ids(self, match: str) -> Numbers:
        """Row numbers only. One string is fetched faster than many rows."""
        [(numbers,)] = self._run(
            "SELECT group_concat(number) FROM (SELECT rowid AS number FROM search_text WHERE search_text MATCH %s)",
            [match],
        )
        return np.fromstring(numbers, np.int64, sep=",") if numbers else np.zeros(0, np.int64)

    def _numbers(self, ids: Sequence[str], which: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for chunk in _chunks(ids, BATCH):
            found |= dict(
                self._run(f"SELECT id, number FROM search_document{which} WHERE id IN ({_marks(chunk)})", chunk)
            )
        return found

    def _ids_of(self, numbers: Sequence[int]) -> dict[int, str]:
        if not numbers:
            return {}
        return dict(self._run(f"SELECT number, id FROM search_document WHERE number IN ({_marks(numbers)})", numbers))

    def _named(self, name: str) -> list[int]:
        return [number for (number,) in self._run("SELECT number FROM search_name WHERE name = %s", [name])]

    def _state(self, key: str) -> str | None:
        found = self._run("SELECT value FROM search_state WHERE key = %s", [key])
        return found[0][0] if found else None

    def _set_state(self, key: str, value: str) -> None:
        self._run("INSERT OR REPLACE INTO search_state (key, value) VALUES (%s, %s)", [key, value])


class _Scores:
    """Scores of what an expression matches, worked out when they are asked for."""

    def __init__(self, engine: EmbeddedEngine, snapshot: Snapshot, match: str, count: int | None = None) -> None:
        """`count`: how many rows the expression matches, where that is known."""
        self._engine = engine
        self._snapshot = snapshot
        self._match = match
        self._count = count

    def best(self, count: int) -> tuple[Numbers, Floats] | None:
        """The rows that score highest and their scores, highest first; None when others match too."""
        if self._count is None:
            return None
        rows = self._engine._run(f"{_SCORES} ORDER BY score LIMIT %s", [self._match, count])
        return _as_arrays(rows)

    def of(self, numbers: Numbers) -> Floats:
        """The scores of these rows, in their order; 0 where nothing matches."""
        statement, values = _SCORES, [self._match]
        if len(numbers) <= FEW_ROWS and (self._count is None or 2 * len(numbers) < self._count):
            # The plus keeps SQLite from asking FTS5 for each row by itself.
            statement += " AND +rowid IN (SELECT value FROM json_each(%s))"
            values.append(str(numbers.tolist()))
        rows, scores = _as_arrays(self._engine._run(statement, values))
        by_row = np.zeros(max(self._snapshot.size, int(rows.max(initial=0)) + 1))
        by_row[rows] = scores
        return by_row[numbers]


def _as_arrays(rows: Sequence[tuple[int, float]]) -> tuple[Numbers, Floats]:
    pairs = np.fromiter(chain.from_iterable(rows), np.float64, count=2 * len(rows)).reshape(-1, 2)
    # The less, the better: so SQLite has it.
    return pairs[:, 0].astype(np.int64), -pairs[:, 1]


def _values_of(entry: Entry) -> list[tuple[str, str]]:
    pairs = [(facet, value) for facet, values in entry.facets.items() for value in dict.fromkeys(values)]
    pairs += [(LANGUAGE, language) for language in dict.fromkeys(entry.languages)]
    pairs += [(REGION, Region.NATIONWIDE.value)] * entry.is_nationwide
    pairs += [(REGION, Region.REMOTE.value)] * entry.is_remote
    pairs += [(STALE, YES)] * entry.is_stale
    return pairs


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _chunks(values: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _quoted(term: str) -> str:
    """A term as an FTS5 string: nothing in it can be an operator."""
    return '"' + term.replace('"', '""').replace("\0", "") + '"'


def _any(terms: Iterable[str]) -> str:
    return "(" + " OR ".join(_quoted(term) for term in dict.fromkeys(terms)) + ")"


def _all(groups: Iterable[Sequence[str]]) -> str:
    return " AND ".join(_any(terms) for terms in groups)
