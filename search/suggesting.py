"""Suggestions while a person types: words → the texts that hold them, best first.

The tables lie in the database that settings.SEARCH_DATABASE names, SQLite or PostgreSQL alike. They are not models:
their shape belongs to this module, and a rebuild of the index makes them anew. What a person types is read and
forgotten. Spelling is folded here (ä → a), which is right for a beginning of a word and nowhere else.
"""

# ruff: noqa: S608 - statements are put together from the names of tables; values are always parameters.

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import connections, transaction
from django.db.models import Count

from directory.models import County, Municipality, Region, Service, Term
from portal.base import languages
from search.analysis import Analysis, TextAnalysis, clean, fold, fold_name, tokenize
from search.documents import Document
from search.risk import risk_of
from search.vocabulary import SynonymRow, load_stop_words

MOST_CHARACTERS = 100
MOST_WORDS = 6
SHORTEST_PART = 3
# A base form that begins otherwise is not what anybody would begin to type: yhdessä is of yksi, veloissa of velka.
ALIKE = 2
# Of one kind, unless nothing else is left to suggest.
MOST_OF_A_KIND = 3
# Of a common beginning so many rows are looked at; the best of them are read when other words are to be in them
# too, and the best of those are weighed against each other.
MOST_LOOKED_AT, MOST_READ, CANDIDATES = 1_500, 300, 80

# Sources that are no document: topics, words, places.
VOCABULARY_SOURCES = ("vocabulary:topics", "vocabulary:words", "vocabulary:places")
TOPIC, WORD, PLACE, ORGANISATION = "topic", "word", "place", "organisation"
# These stand apart from names and titles, of which there may be hundreds of times as many, and have a row for every
# beginning: neither crowds the other out.
VOCABULARY = (TOPIC, WORD, PLACE)
WEIGHTS = {TOPIC: 40.0, WORD: 30.0, PLACE: 25.0, ORGANISATION: 20.0}
WEIGHT_OF_A_TITLE = 10.0
# Short, and known to few.
WEIGHT_OF_AN_ABBREVIATION = 15.0
# What it adds when the text begins with what was typed, and when only a part of a compound does.
FIRST_WORD, LATER_WORD, PART = 15, 0, -8
UNSUGGESTED = Path(__file__).with_name("data") / "unsuggested.yaml"

_TABLES = ("search_suggestion", "search_suggestion_use", "search_suggestion_key")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that can be suggested. `kind`: TOPIC, WORD, PLACE, ORGANISATION, or the type of the thing it names."""

    text: str
    language: str
    kind: str
    weight: float

    @property
    def id(self) -> int:
        """The same text of the same kind is the same suggestion, whoever it came from."""
        digest = blake2b(f"{self.kind}\0{self.language}\0{self.text}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 1


@dataclass(frozen=True, slots=True)
class Suggested:
    """What is shown to the person who types."""

    text: str
    kind: str
    language: str


class Suggestions:
    """Safe to share between threads. A source (a document's id, or a name for a list of words) has its suggestions,
    and a suggestion lives as long as any source has it; the more there are, the heavier it is."""

    def __init__(self, database: str, analysis: TextAnalysis) -> None:
        self._database = database
        self._analysis = analysis

        @lru_cache(maxsize=65_536)
        def keys(language: str, word: str) -> tuple[tuple[str, bool], ...]:
            return tuple(_keys(analysis.analyser(language).analyse(word), word))

        self._keys = keys

    # --- writing ---------------------------------------------------------------------------------------------------
    def create(self) -> None:
        """Make the tables that are missing. May be called at any time."""
        connection = connections[self._database]
        with connection.cursor() as cursor:
            if set(_TABLES) <= set(connection.introspection.table_names(cursor)):
                return
        # Beginnings are compared letter by letter, whatever the order of the alphabet is in the database's language.
        is_sqlite = connection.vendor == "sqlite"
        letters, clustered = ("TEXT", " WITHOUT ROWID") if is_sqlite else ('TEXT COLLATE "C"', "")
        with transaction.atomic(using=self._database):
            self._run(
                """CREATE TABLE IF NOT EXISTS search_suggestion (
                    id BIGINT PRIMARY KEY, text TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL,
                    words TEXT NOT NULL, uses INTEGER NOT NULL)"""
                + clustered
            )
            self._run(
                """CREATE TABLE IF NOT EXISTS search_suggestion_use (
                    source TEXT NOT NULL, suggestion BIGINT NOT NULL, PRIMARY KEY (source, suggestion))"""
                + clustered
            )
            self._run(
                f"""CREATE TABLE IF NOT EXISTS search_suggestion_key (
                    language TEXT NOT NULL, is_vocabulary BOOLEAN NOT NULL, key {letters} NOT NULL,
                    rank INTEGER NOT NULL, suggestion BIGINT NOT NULL,
                    PRIMARY KEY (language, is_vocabulary, key, rank, suggestion))"""
                + clustered
            )

    def clear(self) -> None:
        """Forget everything."""
        self.create()
        with transaction.atomic(using=self._database):
            for table in _TABLES:
                self._run(f"DELETE FROM {table}")

    def put(self, rows: Mapping[str, Iterable[Suggestion]]) -> None:
        """Make these the suggestions of each source, in place of those it had. Hundreds of sources at once are fast."""
        with transaction.atomic(using=self._database):
            known = self._uses(rows)
            wanted = {source: {each.id: each for each in suggestions} for source, suggestions in rows.items()}
            added = [
                (source, id, each)
                for source, suggestions in wanted.items()
                for id, each in suggestions.items()
                if id not in known[source]
            ]
            self._forget((source, id) for source, ids in known.items() for id in ids - wanted[source].keys())
            self._add(added)

    def delete(self, sources: Collection[str]) -> None:
        """Take away all suggestions of these sources."""
        self.put(dict.fromkeys(sources, ()))

    def sources(self) -> set[str]:
        """Every source that has suggestions."""
        return {source for (source,) in self._run("SELECT DISTINCT source FROM search_suggestion_use")}

    def _uses(self, sources: Iterable[str]) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {source: set() for source in sources}
        for chunk in _chunks(found, 500):
            statement = f"SELECT source, suggestion FROM search_suggestion_use WHERE source IN ({_marks(chunk)})"
            for source, id in self._run(statement, chunk):
                found[source].add(id)
        return found

    def _add(self, added: Sequence[tuple[str, int, Suggestion]]) -> None:
        new = {id: each for _source, id, each in added}
        for chunk in _chunks(list(new), 500):
            statement = f"SELECT id FROM search_suggestion WHERE id IN ({_marks(chunk)})"
            for (id,) in self._run(statement, chunk):
                del new[id]
        finnish = [each.text for each in new.values() if each.language.startswith("fi")]
        self._analysis.prime({word for text in finnish for word in tokenize(text)})
        rows, keys = [], []
        for id, each in new.items():
            ranks = self._ranks(each)
            # The small words too: «ei ole rahaa» is looked for by each of its words.
            words = dict.fromkeys([*map(fold, tokenize(each.text)), *ranks])
            rows.append((id, each.text, each.language, each.kind, "".join(f" {word}" for word in words), 0))
            is_vocabulary = each.kind in VOCABULARY
            found = _with_beginnings(ranks) if is_vocabulary else ranks
            keys += [(each.language, is_vocabulary, key, rank, id) for key, rank in found.items()]
        self._run_many(f"INSERT INTO search_suggestion VALUES ({_marks(range(6))}) ON CONFLICT DO NOTHING", rows)
        # Keys of a suggestion that was taken away stay: without it they find nothing, and they are ready if it returns.
        keys.sort()
        self._run_many(f"INSERT INTO search_suggestion_key VALUES ({_marks(range(5))}) ON CONFLICT DO NOTHING", keys)
        uses = [(source, id) for source, id, _each in added]
        self._run_many("INSERT INTO search_suggestion_use VALUES (%s, %s)", uses)
        self._run_many("UPDATE search_suggestion SET uses = uses + 1 WHERE id = %s", [(id,) for _source, id in uses])

    def _forget(self, gone: Iterable[tuple[str, int]]) -> None:
        uses = list(gone)
        ids = [(id,) for _source, id in uses]
        self._run_many("DELETE FROM search_suggestion_use WHERE source = %s AND suggestion = %s", uses)
        self._run_many("UPDATE search_suggestion SET uses = uses - 1 WHERE id = %s", ids)
        self._run_many("DELETE FROM search_suggestion WHERE id = %s AND uses <= 0", ids)

    def _ranks(self, suggestion: Suggestion) -> dict[str, int]:
        """Key → rank, the least first: of every word, of its base forms, and of the parts of a compound."""
        found: dict[str, int] = {}
        # Lay phrases are made of small words («en jaksa»); in titles those are the same in thousands.
        skipped = frozenset() if suggestion.kind == WORD else load_stop_words()
        base = min(len(suggestion.text), 99) - round(100 * suggestion.weight)
        for position, word in enumerate(tokenize(suggestion.text)):
            if position and word in skipped:
                continue
            for key, is_part in self._keys(suggestion.language, word):
                rank = base - 100 * (PART if is_part else LATER_WORD if position else FIRST_WORD)
                found[key] = min(rank, found.get(key, rank))
        return found

    # --- reading ---------------------------------------------------------------------------------------------------
    def suggest(self, text: str, language: str, limit: int = 8) -> list[Suggested]:
        """What the words may become: every word begins a word of the suggestion or a part of a compound in it.

        Suggestions of a kind stand together, the reader's own language before the others.
        """
        words = [key for word in tokenize(text[:MOST_CHARACTERS])[:MOST_WORDS] if (key := fold(word))]
        if not words:
            return []
        found: dict[str, Suggested] = {}
        for code in languages.reading_order(language):
            for each in self._candidates(code, words):
                found.setdefault(fold_name(each.text), each)
            if len(found) >= limit:
                break
        return _by_kind(list(found.values()), limit)

    def _candidates(self, language: str, words: Sequence[str]) -> list[Suggested]:
        """Suggestions in one language, best first."""
        rows = []
        for is_vocabulary in (True, False):
            # The longest word says most; the others are looked for in what it finds.
            for word in sorted(words, key=len, reverse=True):
                others = [other for other in words if other != word]
                if found := self._rows(language, is_vocabulary, word, others):
                    rows += found
                    break
        typed = " ".join(words)

        def order(row: tuple[Any, ...]) -> float:
            rank, text, _kind, uses = row
            begins = FIRST_WORD if len(words) > 1 and fold_name(text).startswith(typed) else 0
            return float(rank - 100 * (math.log2(max(uses, 1)) + begins))

        return [Suggested(text, kind, language) for _rank, text, kind, _uses in sorted(rows, key=order)]

    def _rows(self, language: str, is_vocabulary: bool, word: str, others: Sequence[str]) -> list[tuple[Any, ...]]:
        """(rank, text, kind, uses) of what has a word with this beginning and words that begin like the others."""
        inside = " AND words LIKE %s" * len(others)
        return self._run(
            # CROSS has SQLite begin with the few and not with the whole table.
            # First what has a row for this very beginning, in order of rank; then on by alphabet.
            f"""SELECT rank, text, kind, uses FROM (
                    SELECT suggestion, rank FROM (
                        SELECT suggestion, rank FROM search_suggestion_key
                        WHERE language = %s AND is_vocabulary = %s AND key >= %s AND key < %s
                        ORDER BY key, rank LIMIT %s) AS near
                    ORDER BY rank LIMIT %s) AS best
                CROSS JOIN search_suggestion WHERE id = suggestion {inside} ORDER BY rank, text LIMIT %s""",
            [
                language,
                is_vocabulary,
                word,
                word + chr(0x10FFFF),
                MOST_LOOKED_AT,
                MOST_READ if others else CANDIDATES,
                *(f"% {other}%" for other in others),
                CANDIDATES,
            ],
        )

    # --- SQL -------------------------------------------------------------------------------------------------------
    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with connections[self._database].cursor() as cursor:
            cursor.execute(statement, list(values))
            return cursor.fetchall() if cursor.description else []

    def _run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            with connections[self._database].cursor() as cursor:
                cursor.executemany(statement, rows)


def _keys(analysis: Analysis, word: str) -> Iterator[tuple[str, bool]]:
    """(key, whether only a part of the word begins with it), without those that another one finds as well."""
    # A stem under its language's prefix is an index term and begins like no word.
    alike = (lemma for lemma in analysis.lemmas if fold(lemma)[:ALIKE] == fold(word)[:ALIKE])
    wholes = dict.fromkeys(key for form in (word, *alike) if (key := fold(form)))
    parts = dict.fromkeys(fold(part) for part in (*analysis.parts, *word.split("-")[1:]) if len(part) >= SHORTEST_PART)
    for key in wholes:
        if not any(other != key and other.startswith(key) for other in wholes):
            yield key, False
    for key in parts:
        if not any(other != key and other.startswith(key) for other in (*wholes, *parts)) and key not in wholes:
            yield key, True


def _with_beginnings(ranks: Mapping[str, int]) -> dict[str, int]:
    """The keys and all their beginnings."""
    found = dict(ranks)
    for key, rank in ranks.items():
        for length in range(1, len(key)):
            found[key[:length]] = min(rank, found.get(key[:length], rank))
    return found


def _by_kind(best: Sequence[Suggested], limit: int) -> list[Suggested]:
    """The first `limit`, a few of each kind before many of one; those of a kind together, the best kind first."""
    counts: Counter[str] = Counter()
    few: list[Suggested] = []
    more: list[Suggested] = []
    for each in best:
        (few if counts[each.kind] < MOST_OF_A_KIND else more).append(each)
        counts[each.kind] += 1
    kinds = list(counts)
    return sorted([*few, *more][:limit], key=lambda each: kinds.index(each.kind))


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _chunks(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


# --- what is suggested -----------------------------------------------------------------------------------------------
def suggestions_of(document: Document) -> list[Suggestion]:
    """The titles of a searchable thing and the names of its organisation, in every language."""
    titles = [
        Suggestion(title, language, document.type, WEIGHT_OF_A_TITLE)
        for language, title in document.fields.get("title", ())
    ]
    names = [
        Suggestion(name, language, ORGANISATION, WEIGHTS[ORGANISATION])
        for language, name in document.fields.get("org", ())
    ]
    return [*titles, *names]


def vocabulary_suggestions(synonyms: Iterable[SynonymRow], analysis: TextAnalysis) -> dict[str, list[Suggestion]]:
    """Source → its suggestions, ready for `put`: topics with the other words for them, lay words, and places.

    Words of danger and words that put people down are understood by search but never suggested, nor is an inflected
    form (velkaa, veloissa) beside its base form.
    """
    rows = list(Service.objects.public().values("topics__code").annotate(count=Count("translation_key", distinct=True)))
    services = {row["topics__code"]: row["count"] for row in rows}
    topics: list[Suggestion] = []
    words: dict[tuple[str, str], float] = {}
    for term in Term.objects.topics():
        weight = WEIGHTS[TOPIC] + math.log2(1 + services.get(term.code, 0))
        topics += [Suggestion(label, language, TOPIC, weight) for language, label in term.labels.items()]
        for language, others in term.alt_labels.items():
            words |= dict.fromkeys(((language, word) for word in others), WEIGHTS[WORD])
    for row in synonyms:
        weight = WEIGHT_OF_AN_ABBREVIATION if row.kind == "abbreviation" else WEIGHTS[WORD]
        for source in row.sources:
            words.setdefault((row.language, source), weight)
    places = [
        Suggestion(name, language, PLACE, WEIGHTS[PLACE])
        for model in (Municipality, Region, County)
        for area in model.objects.all()
        for language, name in area.names.items()
    ]
    analysis.prime({each for _language, word in words for each in tokenize(word)})
    known = {(language, clean(text.lower())) for language, text in words}
    known.update((topic.language, clean(topic.text.lower())) for topic in topics)

    def is_inflected(word: str, language: str) -> bool:
        lemmas = analysis.analyser(language).analyse(word.lower()).lemmas
        return clean(word.lower()) not in lemmas and any((language, lemma) in known for lemma in lemmas)

    fit = [
        Suggestion(word, language, WORD, weight)
        for (language, word), weight in words.items()
        if not is_inflected(word, language) and _may_be_suggested(word, language, analysis)
    ]
    return dict(zip(VOCABULARY_SOURCES, (topics, fit, places), strict=True))


def _may_be_suggested(text: str, language: str, analysis: TextAnalysis) -> bool:
    never, analyser = _unsuggested(analysis).get(language, frozenset()), analysis.analyser(language)
    is_fit = all(never.isdisjoint(analyser.terms(word)) for word in tokenize(text))
    return is_fit and risk_of(text, analysis) is None


@lru_cache(maxsize=2)
def _unsuggested(analysis: TextAnalysis) -> dict[str, frozenset[str]]:
    """Language → the base forms of words that are never suggested."""
    words: dict[str, list[str]] = yaml.safe_load(UNSUGGESTED.read_text(encoding="utf-8"))
    return {
        language: frozenset(lemma for word in row for lemma in analysis.analyser(language).analyse(word).lemmas)
        for language, row in words.items()
    }


# --- the one of the process ------------------------------------------------------------------------------------------
def suggestions() -> Suggestions:
    """The suggestions of this process, with their tables there."""
    # The index writes them, so it imports this module.
    from search import indexing

    found = _suggestions(settings.SEARCH_DATABASE, indexing.analysis())
    found.create()
    return found


@lru_cache(maxsize=4)
def _suggestions(database: str, analysis: TextAnalysis) -> Suggestions:
    return Suggestions(database, analysis)
