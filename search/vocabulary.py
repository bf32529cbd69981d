"""The words people use and the words services use: synonyms and stop words as plain data, and how they match.

A row leads one way, from source phrases in any language to Finnish target words. Both sides are analysed once,
when the vocabulary is put together; a query only looks up. The rows in force are the editors' (search.models); the
files under data/ are what they began with, and serve where nothing has been loaded yet.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Count, Max

from search import spelling
from search.analysis import TextAnalysis, clean, tokenize
from search.documents import mark_of

DATA = Path(__file__).with_name("data")
KINDS = ("lay", "colloquial", "abbreviation", "near", "translation")
# What an editor writes as another word of a topic.
LABEL = "label"
# Nobody types longer phrases, and each length costs a look at every word of a query.
LONGEST_PHRASE = 5
# A label is short; what is longer is a text, and texts say many things by the way.
MOST_LABEL_WORDS = 8
# How long a process may answer with rows that an editor has changed in another one.
CHECK_SECONDS = 20


@dataclass(frozen=True, slots=True)
class SynonymRow:
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    kind: str
    language: str = "fi"
    note: str = ""
    # Index terms that the phrases lead to, beside those of the targets.
    marks: tuple[str, ...] = ()

    @property
    def finnish(self) -> tuple[str, ...]:
        """What of it is Finnish: the targets always are."""
        return (*self.sources, *self.targets) if self.language == "fi" else self.targets


@dataclass(frozen=True, slots=True)
class Match:
    """A row met in a query: which of the words it covers, and the terms it adds to them."""

    start: int
    length: int
    phrase: str
    row: SynonymRow
    terms: tuple[str, ...]


def load_synonyms(folder: Path = DATA / "synonyms") -> tuple[SynonymRow, ...]:
    """The rows that the project ships. Raises ValueError, which names the file and the row."""
    return tuple(row for path in sorted(folder.glob("*.yaml")) for row in _rows_of(path))


def _rows_of(path: Path) -> list[SynonymRow]:
    rows = []
    # The reader in C is seven times as fast where PyYAML has it.
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  (safe)
    for number, entry in enumerate(entries, start=1):
        place = f"{path.name}, row {number}"
        if unknown := set(entry) - {"from", "to", "kind", "language", "note"}:
            raise ValueError(f"{place}: unknown keys {sorted(unknown)}")
        row = SynonymRow(
            tuple(entry["from"]), tuple(entry["to"]), entry["kind"], entry.get("language", "fi"), entry.get("note", "")
        )
        if row.kind not in KINDS:
            raise ValueError(f"{place}: unknown kind {row.kind!r}")
        # YAML takes `on` and `no` for truth and 112 for a number.
        if wrong := [word for word in (*row.sources, *row.targets) if not isinstance(word, str)]:
            raise ValueError(f"{place}: {wrong[0]!r} is no text; put it in quotes")
        rows.append(row)
    return rows


def label_rows(terms: Iterable[Any]) -> Iterator[SynonymRow]:
    """The other words of topics and target groups (directory.models.Term) as rows that lead to the term's mark.

    They are not written in the index: there they would make every listing of a topic about all its words.
    """
    for term in terms:
        for language, words in term.alt_labels.items():
            if words:
                mark = mark_of(term.scheme, term.code)
                yield SynonymRow(tuple(words), (str(term.labels),), LABEL, language, marks=(mark,))


@cache
def load_stop_words(path: Path = DATA / "stopwords.yaml") -> frozenset[str]:
    """All languages in one set: a query does not say which it is in. Words that mean something in another of the
    languages are therefore not in the file."""
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    return frozenset(word for words in lists.values() for word in words)


@cache
def load_common_words(path: Path = DATA / "stopwords.yaml") -> frozenset[str]:
    """Those of the stop words that are searched when a query has nothing else."""
    return frozenset(yaml.safe_load(path.read_text(encoding="utf-8"))["common"])


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A source phrase made ready: for each of its words, the forms that stand for it."""

    words: tuple[frozenset[str], ...]
    phrase: str


@dataclass(frozen=True, slots=True)
class _Ready:
    """A row made ready: `singles` are its phrases of one word, with the keys by which the speller finds them."""

    patterns: tuple[_Pattern, ...]
    terms: tuple[str, ...]
    singles: tuple[tuple[str, frozenset[str]], ...]


def _made_ready(row: SynonymRow, analysis: TextAnalysis) -> _Ready:
    analyser, finnish = analysis.analyser(row.language), analysis.analyser("fi")

    def meant(word: str) -> tuple[str, ...]:
        """Whoever writes a word alone writes its base form: muisti is not what somebody remembered."""
        found = finnish.analyse(word).lemmas
        return (clean(word),) if clean(word) in found else found

    # A mark stands for its target.
    targets = [] if row.marks else [word for target in row.targets for word in tokenize(target)]
    patterns, singles = [], []
    for source in row.sources:
        words = tokenize(source)[:LONGEST_PHRASE]
        if words:
            is_alone = len(words) == 1 and analyser is finnish
            forms = (meant(word) if is_alone else analyser.analyse(word).lemmas for word in words)
            patterns.append(_Pattern(tuple(map(frozenset, forms)), source))
        if len(words) == 1:
            singles.append((words[0], frozenset(spelling.keys(words[0]))))
    terms = dict.fromkeys([*row.marks, *(lemma for word in targets for lemma in meant(word))])
    return _Ready(tuple(patterns), tuple(terms), tuple(singles))


class Synonyms:
    """Rows made ready to be met. Never changed in place: `with_rows` makes another and reads only what is new to it."""

    _analysis: TextAnalysis
    _ready: dict[SynonymRow, _Ready]

    def __init__(self, rows: Iterable[SynonymRow], analysis: TextAnalysis, before: Synonyms | None = None) -> None:
        rows = tuple(dict.fromkeys(rows))
        known: dict[SynonymRow, _Ready] = before._ready if before is not None and before._analysis is analysis else {}
        new = [row for row in rows if row not in known]
        analysis.prime({word for row in new for text in row.finnish for word in tokenize(text)})
        self._analysis = analysis
        self._ready = {row: known.get(row) or _made_ready(row, analysis) for row in rows}
        self._phrases: dict[str, list[tuple[_Pattern, SynonymRow, tuple[str, ...]]]] = {}
        self.source_words: set[str] = set()
        self._by_key: dict[str, list[str]] = {}
        for row, ready in self._ready.items():
            for pattern in ready.patterns:
                for form in pattern.words[0]:
                    self._phrases.setdefault(form, []).append((pattern, row, ready.terms))
            for word, keys in ready.singles:
                if word not in self.source_words:
                    self.source_words.add(word)
                    for key in keys:
                        self._by_key.setdefault(key, []).append(word)

    @property
    def rows(self) -> tuple[SynonymRow, ...]:
        """The rows it is made of."""
        return tuple(self._ready)

    def with_rows(self, rows: Iterable[SynonymRow]) -> Synonyms:
        """The same language, other rows."""
        return Synonyms(rows, self._analysis, before=self)

    def match(self, keys: Sequence[frozenset[str]]) -> list[Match]:
        """The rows met in a query. `keys`: for each word, every whole-word form it may stand for.

        A word belongs to the longest phrase that covers it, so «rahat loppu» is not also «loppu».
        """
        found: list[Match] = []
        for start, forms in enumerate(keys):
            for form in forms:
                for pattern, row, terms in self._phrases.get(form, ()):
                    window = keys[start : start + len(pattern.words)]
                    if len(window) == len(pattern.words) and all(
                        a & b for a, b in zip(pattern.words, window, strict=True)
                    ):
                        match = Match(start, len(window), pattern.phrase, row, terms)
                        if match not in found:
                            found.append(match)
        longest = [0] * len(keys)
        for match in found:
            for position in range(match.start, match.start + match.length):
                longest[position] = max(longest[position], match.length)
        return [
            match
            for match in found
            if any(longest[p] == match.length for p in range(match.start, match.start + match.length))
        ]

    def leads_of(self, texts: Iterable[tuple[str, str]]) -> set[str]:
        """Marks of our terms that labels of other vocabularies, as (language, text), lead to by these rows."""
        found: set[str] = set()
        for language, text in texts:
            read = self._analysis.analyser(language)
            words = [frozenset(read.analyse(word).lemmas) for word in tokenize(text)[:MOST_LABEL_WORDS]]
            found.update(mark for match in self.match(words) for mark in match.row.marks)
        return found

    def words_by_key(self, keys: Iterable[str]) -> list[str]:
        """Source words by spelling key."""
        return list(dict.fromkeys(word for key in keys for word in self._by_key.get(key, ())))


# --- the rows in force ---------------------------------------------------------------------------------------------
class _InForce:
    """What one analysis has read, and when it was last compared with the database."""

    def __init__(self, analysis: TextAnalysis) -> None:
        self._lock = threading.Lock()
        self._compared_at = 0.0
        self._looks = -1
        self._version: Any = None
        self._synonyms = Synonyms((), analysis)

    def synonyms(self) -> Synonyms:
        """The rows, read again when they have changed."""
        if self._is_settled():
            return self._synonyms
        # While one thread reads, the others answer with what there is; the first time there is nothing yet.
        if self._lock.acquire(blocking=self._version is None):
            try:
                if not self._is_settled():
                    self._compare()
            finally:
                self._lock.release()
        return self._synonyms

    def _is_settled(self) -> bool:
        # Either way: a clock can be set back.
        return self._looks == _looks and abs(time.time() - self._compared_at) < CHECK_SECONDS

    def _compare(self) -> None:
        # Models cannot be imported before Django is ready, and whoever has rows of his own needs none of them.
        from directory.models import Term
        from search.models import Synonym

        looks, now = _looks, time.time()
        kept = Synonym.objects.version()
        version = (kept, Term.objects.aggregate(rows=Count("pk"), latest=Max("updated_at")))
        if version != self._version:
            rows = Synonym.objects.rows_in_force() if kept.rows else load_synonyms()
            self._synonyms, self._version = self._synonyms.with_rows([*rows, *label_rows(Term.objects.all())]), version
        self._looks, self._compared_at = looks, now


_looks = 0
_in_force = lru_cache(maxsize=8)(_InForce)


def current_synonyms(analysis: TextAnalysis) -> Synonyms:
    """The synonyms that editors keep, at most CHECK_SECONDS old; those that ship where none have been loaded."""
    return _in_force(analysis).synonyms()


def look_again() -> None:
    """Compare with the database at the next search: rows have changed in this process."""
    global _looks
    _looks += 1
