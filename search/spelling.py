"""Words that the index does not know → the nearest that it does. Pure: the words come from a `Spellings`.

Words meet by keys: the first letters of the folded word, whole and with each letter left out once. Two words
with a key in common are near each other; the distance is then measured properly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import fold

KEY_LETTERS = 10
SHORTEST = 4
SHORTEST_END = 5
# Words at one distance whose frequencies are looked at; more of them are noise.
MOST_CANDIDATES = 40

# Words → in how many documents each is found; those found nowhere may be left out.
Frequencies = Callable[[Collection[str]], Mapping[str, int]]


class Spellings(Protocol):
    """Where known words are looked up."""

    def folded_by_key(self, keys: Collection[str]) -> set[str]:
        """Folded words that share a key with `keys`."""
        ...

    def spelt(self, folded: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Folded word → the words that fold to it; unknown ones are left out."""
        ...


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


def _begins_alike(a: str, b: str) -> bool:
    return a[:1] == b[:1] or a[:2] == b[1::-1]


def correct(word: str, spellings: Spellings, frequencies: Frequencies, *, edits: bool = True) -> Spelled | None:
    """The nearest word that finds something; with `edits=False` only umlauts may differ."""
    if len(word) < SHORTEST or any(letter.isdigit() for letter in word):
        return None
    if not edits:
        folded = fold(word)
        found = _commonest(spellings.spelt([folded]).get(folded, ()), frequencies)
        return Spelled((found,), found) if found else None
    if found := _nearest(word, spellings, frequencies):
        return Spelled((found,), found)
    return _by_ends(word, spellings, frequencies)


def spoken(word: str) -> list[str]:
    """What a clipped or drawn-out word may be in writing: nettii → nettiin, kelal → kelalla, rahhaa → rahaa."""
    a = "a" if set("aou") & set(word) else "ä"
    found = [word + "n", word + a, word + "l" + a]
    if len(word) > 2 and word[-1] == word[-2] and word[-1] in "aeiouyäö":
        found.append(word[:-1] + a)
    if word[-1:] == "l":
        found.append(word + "l" + a)
    found += [word[:at] + word[at + 1 :] for at in range(1, len(word) - 1) if word[at] == word[at - 1]]
    return found


def _nearest(word: str, spellings: Spellings, frequencies: Frequencies, shortest: int = SHORTEST) -> str | None:
    folded = fold(word)
    most = most_edits(folded)
    near = [
        other
        for other in spellings.folded_by_key(keys(folded))
        if abs(len(other) - len(folded)) <= most and len(other) >= shortest and _begins_alike(folded, other)
    ]
    by_distance: dict[int, list[str]] = {}
    # Two neighbours swapped are one edit.
    for other, far, _position in process.extract(folded, near, scorer=OSA.distance, score_cutoff=most, limit=None):
        by_distance.setdefault(int(far), []).append(other)
    for far in sorted(by_distance):
        words = spellings.spelt(sorted(by_distance[far])[:MOST_CANDIDATES])
        if found := _commonest([each for many in words.values() for each in many], frequencies):
            return found
    return None


def _commonest(words: Iterable[str], frequencies: Frequencies) -> str | None:
    """The word found most often, and ruoka-apu before its index form ruokaapu."""
    candidates = list(words)
    counts = frequencies(candidates) if candidates else {}
    ranked = [(-counts.get(word, 0), -word.count("-"), word) for word in candidates if counts.get(word, 0)]
    return min(ranked)[2] if ranked else None


def _by_ends(word: str, spellings: Spellings, frequencies: Frequencies) -> Spelled | None:
    """A compound whose beginning is a known word and whose end nearly is: velka|neuvotna."""
    cuts = {cut: fold(word[:cut]) for cut in range(len(word) - SHORTEST_END, SHORTEST - 1, -1)}
    known = spellings.spelt(list(cuts.values()))
    for cut, folded in cuts.items():
        begin = _commonest(known[folded], frequencies) if len(folded) == cut and folded in known else None
        if begin and (end := _nearest(word[cut:], spellings, frequencies, SHORTEST_END)):
            return Spelled((begin, end), begin + end)
    return None
