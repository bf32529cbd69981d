"""Words that the index does not know → the nearest that it does. Pure: the words come from a `Spellings`.

Words meet by keys: the first letters of the folded word, whole and with each letter left out once. Two words
with a key in common are near each other; the distance is then measured properly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from search.analysis import fold

KEY_LETTERS = 10
SHORTEST = 4
SHORTEST_END = 5


class Spellings(Protocol):
    """Where known words are looked up by key."""

    def words_by_key(self, keys: Iterable[str]) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Spelled:
    """`words`: what to search instead; two when only the ends of a compound were made out."""

    words: tuple[str, ...]
    shown: str


def keys(word: str) -> set[str]:
    head = fold(word)[:KEY_LETTERS]
    return {head, *(head[:i] + head[i + 1 :] for i in range(len(head)))}


def most_edits(word: str) -> int:
    return 1 if len(word) <= 7 else 2 if len(word) <= 14 else 3


def distance(a: str, b: str, most: int) -> int:
    """Edits between two words, two neighbours swapped being one edit; `most + 1` when there are more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        before_last, before, row = before, row, [i]
        for j, other in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _begins_alike(a: str, b: str) -> bool:
    return a[:1] == b[:1] or a[:2] == b[1::-1]


def correct(word: str, spellings: Spellings, frequency: Callable[[str], int], *, edits: bool = True) -> Spelled | None:
    """The nearest word that finds something; with `edits=False` only umlauts may differ.

    `frequency` of a word: how many documents it would find.
    """
    if len(word) < SHORTEST or any(letter.isdigit() for letter in word):
        return None
    if found := _nearest(word, spellings, frequency, edits=edits):
        return Spelled((found,), found)
    return _by_ends(word, spellings, frequency) if edits else None


def _nearest(
    word: str, spellings: Spellings, frequency: Callable[[str], int], *, edits: bool, shortest: int = SHORTEST
) -> str | None:
    folded = fold(word)
    most = most_edits(folded) if edits else 0
    best: tuple[int, int, int, str] | None = None
    for candidate in spellings.words_by_key(keys(word) if edits else {folded[:KEY_LETTERS]}):
        other = fold(candidate)
        if len(other) < shortest or not _begins_alike(folded, other):
            continue
        far = distance(folded, other, most)
        if far > most or (count := frequency(candidate)) == 0:
            continue
        # Between equals the commoner word, and ruoka-apu before its index form ruokaapu.
        rank = (far, -count, -candidate.count("-"), candidate)
        best = rank if best is None or rank < best else best
    return best[3] if best else None


def _by_ends(word: str, spellings: Spellings, frequency: Callable[[str], int]) -> Spelled | None:
    """A compound whose beginning is a known word and whose end nearly is: velka|neuvotna."""
    for cut in range(len(word) - SHORTEST_END, SHORTEST - 1, -1):
        begin = _nearest(word[:cut], spellings, frequency, edits=False)
        if begin is None or len(fold(begin)) != cut:
            continue
        if end := _nearest(word[cut:], spellings, frequency, edits=True, shortest=SHORTEST_END):
            return Spelled((begin, end), begin + end)
    return None
