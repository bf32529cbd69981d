"""How good a ranking is: pure functions of a ranking and the grades that people gave. No search, no files."""

from collections.abc import Collection, Mapping, Sequence
from math import log2


def ndcg_at(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of the first `depth` hits, 0–1.

    A hit of grade g is worth 2^g − 1, discounted by log2(rank + 1); the sum is divided by that of the best possible
    order. What has no grade is worth nothing. Raises ValueError when no grade is above zero (nothing could be found),
    or when a hit comes twice.
    """
    if len(set(ranking)) != len(ranking):
        raise ValueError("A hit comes twice in the ranking.")
    ideal = _discounted(sorted(grades.values(), reverse=True)[:depth])
    if not ideal:
        raise ValueError("Nothing is relevant.")
    return _discounted([grades.get(hit, 0) for hit in ranking[:depth]]) / ideal


def recall_at(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 20, *, least: int = 2) -> float:
    """The share, 0–1, of what is graded `least` or more that is among the first `depth` hits.

    Raises ValueError when nothing is graded so high.
    """
    wanted = {hit for hit, grade in grades.items() if grade >= least}
    if not wanted:
        raise ValueError("Nothing is relevant.")
    return len(wanted.intersection(ranking[:depth])) / len(wanted)


def zero_share(rankings: Collection[Sequence[str]]) -> float:
    """The share, 0–1, of rankings that are empty: people who were left without an answer."""
    return sum(not ranking for ranking in rankings) / len(rankings) if rankings else 0.0


def overlap_at(one: Sequence[str], other: Sequence[str], depth: int = 10) -> float:
    """The share, 0–1, of the first `depth` hits that two engines have in common (order does not count).

    Two empty rankings agree wholly.
    """
    left, right = set(one[:depth]), set(other[:depth])
    longest = max(len(left), len(right))
    return len(left & right) / longest if longest else 1.0


def _discounted(gains: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / log2(rank + 1) for rank, grade in enumerate(gains, start=1))
