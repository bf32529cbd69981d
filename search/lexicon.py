"""The words of the index, kept in SQL for every process and every engine: how common a term is, how words are spelt,
and what a form was analysed as.

Tables of three kinds, in the database that settings.SEARCH_DATABASE names; plain SQL that SQLite and PostgreSQL
both read. Only words of what is public are written here, never a word of a query.
"""

# ruff: noqa: S608 - statements are put together from the names of tables here; values are parameters.

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connections, transaction

from search import spelling
from search.analysis import Analysis, TextAnalysis, fold, tokenize
from search.documents import Document
from search.entries import Entry

# The "term" that every document has: its frequency is the number of documents.
EVERY_DOCUMENT = ""
# Opening hours and addresses would only add noise to the spellings.
UNSPELLED_FIELDS = frozenset(["practical"])
CHUNK = 500
LAYOUT = "1"

# Of a rebuild the same tables stand beside those in use, under another name.
NOW, NEW = "", "_new"
_TABLES = {
    "search_term": "(term TEXT PRIMARY KEY, documents INTEGER NOT NULL)",
    # A Finnish form and its terms: "lemma lemma|part part|known".
    "search_form": "(form TEXT PRIMARY KEY, analysis TEXT NOT NULL)",
    # A spelling key and the folded words that share it, in one row: one row is read faster than a thousand.
    "search_spelling_key": "(key TEXT PRIMARY KEY, folded TEXT NOT NULL)",
    "search_spelt": "(folded TEXT PRIMARY KEY, words TEXT NOT NULL)",
}


class Lexicon:
    """Implements search.planning.Vocabulary and search.analysis.Forms. Safe to share between threads."""

    def __init__(self, database: str) -> None:
        self._database = database
        # What a rebuild has learnt so far: most words of a listing stood in others before it.
        self._learnt: dict[str, set[str]] = {}

    def create(self, signature: str) -> None:
        """Make the tables if they are not there. `signature`: of the analysers; what others left is forgotten."""
        signature = f"{LAYOUT} {signature}"
        if self._signature() == signature:
            return
        with transaction.atomic(using=self._database):
            self._run("CREATE TABLE IF NOT EXISTS search_lexicon (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
            self._make_tables(NOW)
            self._run("DELETE FROM search_form")
            self._insert(
                "search_lexicon",
                [("signature", signature)],
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )

    def _make_tables(self, which: str) -> None:
        for table, columns in _TABLES.items():
            self._run(f"CREATE TABLE IF NOT EXISTS {table}{which} {columns}")

    def _signature(self) -> str | None:
        if connections[self._database].vendor == "sqlite":
            is_there = self._run("SELECT 1 FROM sqlite_master WHERE name = 'search_lexicon'")
        else:
            is_there = self._run("SELECT 1 WHERE to_regclass('search_lexicon') IS NOT NULL")
        found = self._run("SELECT value FROM search_lexicon WHERE key = 'signature'") if is_there else []
        return found[0][0] if found else None

    # --- how common a term is --------------------------------------------------------------------------------------

    def frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """In how many documents each term is; terms of none are left out."""
        return {term: count for term, count in self._select("search_term", "term", "documents", terms) if count > 0}

    def document_count(self) -> int:
        return self.frequencies([EVERY_DOCUMENT]).get(EVERY_DOCUMENT, 0)

    # --- how words are spelt ---------------------------------------------------------------------------------------

    def folded_by_key(self, keys: Collection[str]) -> set[str]:
        """Folded words that share a spelling key (search.spelling.keys)."""
        rows = self._select("search_spelling_key", "key", "folded", keys)
        return {folded for _key, packed in rows for folded in packed.split("\n")}

    def spelt(self, folded: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Folded word → the words that fold to it."""
        return {key: tuple(words.split(" ")) for key, words in self._select("search_spelt", "folded", "words", folded)}

    # --- what a form was analysed as (search.analysis.Forms) --------------------------------------------------------

    def analyses(self, forms: Collection[str]) -> dict[str, Analysis]:
        """The Finnish forms that documents have, each with what it was analysed as."""
        return {form: _unpacked(packed) for form, packed in self._select("search_form", "form", "analysis", forms)}

    # --- writing ---------------------------------------------------------------------------------------------------

    def learn(self, documents: Sequence[Document], analysis: TextAnalysis, which: str = NOW) -> None:
        """The forms and spellings of documents. What a document no longer has stays until the next rebuild; it does
        no harm: it finds nothing."""
        finnish: set[str] = set()
        spelled: dict[str, set[str]] = defaultdict(set)
        # Labels stand in many documents: each text is read once.
        texts = {
            (language.split("-")[0], text, name not in UNSPELLED_FIELDS)
            for document in documents
            for name, pairs in document.fields.items()
            for language, text in pairs
        }
        for language, text, is_spelled in texts:
            words = tokenize(text)
            if language == "fi":
                finnish.update(words)
            if is_spelled:
                spelled[language].update(words)
        if which == NEW:
            finnish = self._news("forms", finnish)
            spelled = {language: self._news(language, words) for language, words in spelled.items()}
        analysis.prime({*finnish, *spelled.get("fi", ())})
        spellings = {word for forms in spelled.values() for word in forms}
        for language, forms in spelled.items():
            read = analysis.analyser(language).terms
            spellings.update(term for form in forms for term in read(form) if "_" not in term)
        with transaction.atomic(using=self._database):
            self._remember(finnish, analysis, which)
            self._learn_spellings(spellings, which)

    def _news(self, kind: str, words: set[str]) -> set[str]:
        learnt = self._learnt.setdefault(kind, set())
        news = words - learnt
        learnt |= news
        return news

    def remember(self, words: Iterable[str], analysis: TextAnalysis) -> None:
        """Keep what words of the vocabulary were analysed as: a process that starts need not load the dictionary."""
        forms = set(words)
        analysis.prime(forms)
        with transaction.atomic(using=self._database):
            self._remember(forms, analysis, NOW)

    def count(self, before: Iterable[set[str]], after: Iterable[Entry]) -> None:
        """Terms of entries that went and that came."""
        changes: Counter[str] = Counter()
        for entry in after:
            changes.update(entry.terms() | {EVERY_DOCUMENT})
        for terms in before:
            changes.subtract(terms | {EVERY_DOCUMENT})
        rows = [(term, change) for term, change in sorted(changes.items()) if change]
        self._insert(
            "search_term",
            rows,
            "ON CONFLICT (term) DO UPDATE SET documents = search_term.documents + excluded.documents",
        )
        # A word that no public thing has any more is not kept.
        fewer = [term for term, change in rows if change < 0]
        for start in range(0, len(fewer), CHUNK):
            chunk = fewer[start : start + CHUNK]
            marks = ", ".join(["%s"] * len(chunk))
            self._run(f"DELETE FROM search_term WHERE documents <= 0 AND term IN ({marks})", chunk)

    def begin(self, *, anew: bool) -> None:
        """Start the words of a rebuild; `anew` = what an unfinished one had learnt is forgotten."""
        self._learnt = {}
        with transaction.atomic(using=self._database):
            if anew:
                self._drop_tables(NEW)
            self._make_tables(NEW)

    def swap(self, counts: Iterable[tuple[str, int]], documents: int) -> None:
        """The words of the rebuild hold from now on. `counts`: term → in how many of its documents it is."""
        self._learnt = {}
        with transaction.atomic(using=self._database):
            self._run("DELETE FROM search_term_new")
            self._insert("search_term_new", [*counts, (EVERY_DOCUMENT, documents)], "")
            self._drop_tables(NOW)
            for table in _TABLES:
                self._run(f"ALTER TABLE {table}_new RENAME TO {table}")

    def _drop_tables(self, which: str) -> None:
        for table in _TABLES:
            self._run(f"DROP TABLE IF EXISTS {table}{which}")

    def _remember(self, forms: set[str], analysis: TextAnalysis, which: str) -> None:
        table, finnish = "search_form" + which, analysis.analyser("fi")
        known = {form for form, _packed in self._select(table, "form", "analysis", forms)}
        rows = [(form, _packed(finnish.analyse(form))) for form in sorted(forms - known)]
        self._insert(table, rows, "ON CONFLICT DO NOTHING")

    def _learn_spellings(self, words: Iterable[str], which: str) -> None:
        by_folded: dict[str, set[str]] = defaultdict(set)
        for word in words:
            if len(word) >= spelling.SHORTEST and not any(map(str.isdigit, word)):
                by_folded[fold(word)].add(word)
        spelt, by_key = "search_spelt" + which, "search_spelling_key" + which
        known = {folded: set(words.split(" ")) for folded, words in self._select(spelt, "folded", "words", by_folded)}
        rows, keys = [], defaultdict(list)
        for folded in sorted(by_folded):
            if by_folded[folded] - known.get(folded, set()):
                rows.append((folded, " ".join(sorted(by_folded[folded] | known.get(folded, set())))))
            if folded not in known:
                for key in spelling.keys(folded):
                    keys[key].append(folded)
        self._insert(spelt, rows, "ON CONFLICT (folded) DO UPDATE SET words = excluded.words")
        self._insert(
            by_key,
            [(key, "\n".join(folded)) for key, folded in sorted(keys.items())],
            f"ON CONFLICT (key) DO UPDATE SET folded = {by_key}.folded || '\n' || excluded.folded",
        )

    # --- SQL -------------------------------------------------------------------------------------------------------

    def _select(self, table: str, key: str, value: str, wanted: Collection[str]) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        # PostgreSQL refuses a null byte in a text.
        keys = [each for each in wanted if "\0" not in each]
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK]
            marks = ", ".join(["%s"] * len(chunk))
            found += self._run(f"SELECT {key}, {value} FROM {table} WHERE {key} IN ({marks})", chunk)
        return found

    def _insert(self, table: str, rows: Sequence[tuple[Any, Any]], conflict: str) -> None:
        if rows:
            with connections[self._database].cursor() as cursor:
                cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s) {conflict}", rows)

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with connections[self._database].cursor() as cursor:
            cursor.execute(statement, list(values) or None)
            return cursor.fetchall() if cursor.description else []


def _packed(analysis: Analysis) -> str:
    return "|".join((" ".join(analysis.lemmas), " ".join(analysis.parts), "1" if analysis.is_known else ""))


def _unpacked(packed: str) -> Analysis:
    lemmas, parts, known = packed.split("|")
    return Analysis(tuple(lemmas.split()), tuple(parts.split()), bool(known))
