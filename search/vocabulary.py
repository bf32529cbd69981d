"""The words people use and the words services use: synonyms and stop words as plain data, and how they match.

A row leads one way, from source phrases in any language to Finnish target words. Both sides are analysed once,
when the vocabulary is put together; a query only looks up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from search import spelling
from search.analysis import TextAnalysis, tokenize

DATA = Path(__file__).with_name("data")
KINDS = ("lay", "colloquial", "abbreviation", "near", "translation")
# Nobody types longer phrases, and each length costs a look at every word of a query.
LONGEST_PHRASE = 5


@dataclass(frozen=True, slots=True)
class SynonymRow:
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    kind: str
    language: str = "fi"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A row met in a query: which of the words it covers, and the terms it adds to them."""

    start: int
    length: int
    phrase: str
    row: SynonymRow
    terms: tuple[str, ...]


def load_synonyms(folder: Path = DATA / "synonyms") -> tuple[SynonymRow, ...]:
    """The rows that the project ships, one file for each language of the source phrases."""
    return tuple(row for path in sorted(folder.glob("*.yaml")) for row in _rows_of(path))


def _rows_of(path: Path) -> list[SynonymRow]:
    rows = []
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1):
        if unknown := set(entry) - {"from", "to", "kind", "language", "note"}:
            raise ValueError(f"{path.name}, row {number}: unknown keys {sorted(unknown)}")
        row = SynonymRow(
            tuple(entry["from"]), tuple(entry["to"]), entry["kind"], entry.get("language", "fi"), entry.get("note", "")
        )
        if row.kind not in KINDS:
            raise ValueError(f"{path.name}, row {number}: unknown kind {row.kind!r}")
        rows.append(row)
    return rows


@cache
def load_stop_words(path: Path = DATA / "stopwords.yaml") -> frozenset[str]:
    """All languages in one set: a query does not say which it is in. Words that mean something in another of the
    languages are therefore not in the file."""
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    return frozenset(word for words in lists.values() for word in words)


class Synonyms:
    """Rows made ready to be met. Built anew when the rows change, never changed in place."""

    def __init__(self, rows: Iterable[SynonymRow], analysis: TextAnalysis) -> None:
        self._phrases: dict[str, list[tuple[tuple[frozenset[str], ...], str, SynonymRow, tuple[str, ...]]]] = {}
        self.source_words: set[str] = set()
        self._by_key: dict[str, list[str]] = {}
        finnish = analysis.analyser("fi")
        for row in rows:
            analyser = analysis.analyser(row.language)
            targets = [word for target in row.targets for word in tokenize(target)]
            terms = tuple(dict.fromkeys(lemma for word in targets for lemma in finnish.analyse(word).lemmas))
            for source in row.sources:
                words = tokenize(source)[:LONGEST_PHRASE]
                if not words:
                    continue
                keys = tuple(frozenset(analyser.analyse(word).lemmas) for word in words)
                for key in keys[0]:
                    self._phrases.setdefault(key, []).append((keys, source, row, terms))
                if len(words) == 1 and words[0] not in self.source_words:
                    self.source_words.add(words[0])
                    for key in spelling.keys(words[0]):
                        self._by_key.setdefault(key, []).append(words[0])

    def match(self, keys: Sequence[frozenset[str]]) -> list[Match]:
        """The rows met in a query. `keys`: for each word, every whole-word form it may stand for.

        A word belongs to the longest phrase that covers it, so «rahat loppu» is not also «loppu».
        """
        found: list[Match] = []
        for start, forms in enumerate(keys):
            for form in forms:
                for pattern, phrase, row, terms in self._phrases.get(form, ()):
                    window = keys[start : start + len(pattern)]
                    if len(window) == len(pattern) and all(a & b for a, b in zip(pattern, window, strict=True)):
                        match = Match(start, len(pattern), phrase, row, terms)
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

    def words_by_key(self, keys: Iterable[str]) -> list[str]:
        """Source words by spelling key."""
        return list(dict.fromkeys(word for key in keys for word in self._by_key.get(key, ())))
