"""What may be told of a round of self-assessment: figures of each statement and theme, and how they changed. Pure.

No database, no words, the threshold an argument. Two rules keep the answers anonymous, whatever is asked:

- Every figure comes from one group's ratings of one statement, and is given only when at least `smallest` of that group
  answered and at least `smallest` of them rated the statement. There is no total over groups and none over statements
  that are not shown, so nothing can be worked out as the whole less the rest. How few they were is not told either.
- What is told of a theme or of a change is worked out from what is shown already, so it tells nothing more.

That nothing is told of an open round, where figures that move with each answer would tell the latest, is a matter of
cards.quality.rounds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

RATES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Statement:
    """One statement as it was asked. key: within its round; simple: the same in Easy Finnish, or empty."""

    key: str
    theme: str
    text: str
    answered_by: str
    simple: str = ""


@dataclass(frozen=True)
class Answer:
    """What one answered. values: rate by the statement's key, only of those that were rated."""

    answered_by: str
    values: Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """One statement's ratings in figures.

    n: how many rated it. mean: to one decimal. low, high: more than half of the ratings lie from one to the other, the
    lowest and the highest quarter left out. spread: how many gave each of RATES.
    """

    n: int
    mean: float
    low: int
    high: int
    spread: tuple[int, ...]


@dataclass(frozen=True)
class StatementResult:
    """What may be told of one statement. figures: None when too few rated it. before: the mean of the earlier round."""

    statement: Statement
    figures: Figures | None = None
    before: float | None = None

    @property
    def change(self) -> float | None:
        """How the mean moved since the earlier round; None unless both may be told."""
        return None if self.figures is None or self.before is None else round(self.figures.mean - self.before, 1)


@dataclass(frozen=True)
class ThemeResult:
    """What may be told of one group's statements of one theme."""

    theme: str
    statements: tuple[StatementResult, ...]

    @property
    def mean(self) -> float | None:
        """The mean of the means that are shown."""
        return _mean_of([each.figures.mean for each in self.statements if each.figures])

    @property
    def change(self) -> float | None:
        """The mean of the changes that are shown."""
        return _mean_of([each.change for each in self.statements if each.change is not None])


@dataclass(frozen=True)
class GroupResult:
    """What may be told of those who answered as one. answers: how many; None when too few, and then no theme."""

    answered_by: str
    answers: int | None = None
    themes: tuple[ThemeResult, ...] = field(default=())


def results_of(
    statements: Sequence[Statement],
    answers: Iterable[Answer],
    *,
    smallest: int,
    before: Sequence[GroupResult] = (),
) -> list[GroupResult]:
    """What may be told of a round, by group, in the order of its statements.

    before: what may be told of the earlier round. A statement is compared with it only when the same group was asked
    the same thing in the same words.
    """
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(statement.answered_by, []).append(statement)
    by_group: dict[str, list[Answer]] = {group: [] for group in groups}
    for answer in answers:
        if answer.answered_by in by_group:
            by_group[answer.answered_by].append(answer)
    means = _means(before)
    return [_group_result(group, asked, by_group[group], smallest, means) for group, asked in groups.items()]


def figures_of(ratings: Sequence[int], *, smallest: int) -> Figures | None:
    """The figures of one statement's ratings, or None when they are fewer than `smallest`."""
    n = len(ratings)
    if n < max(smallest, 1):
        return None
    ordered = sorted(ratings)
    quarter = (n - 1) // 4
    return Figures(
        n=n,
        mean=round(sum(ordered) / n, 1),
        low=ordered[quarter],
        high=ordered[n - 1 - quarter],
        spread=tuple(ordered.count(rate) for rate in RATES),
    )


def _group_result(
    group: str,
    asked: Sequence[Statement],
    answers: Sequence[Answer],
    smallest: int,
    means: Mapping[tuple[str, str, str], float],
) -> GroupResult:
    if len(answers) < smallest:
        return GroupResult(group)
    themes: dict[str, list[StatementResult]] = {}
    for statement in asked:
        ratings = [answer.values[statement.key] for answer in answers if statement.key in answer.values]
        result = StatementResult(
            statement, figures_of(ratings, smallest=smallest), means.get(_what_was_asked(statement))
        )
        themes.setdefault(statement.theme, []).append(result)
    return GroupResult(group, len(answers), tuple(ThemeResult(theme, tuple(rows)) for theme, rows in themes.items()))


def _means(results: Sequence[GroupResult]) -> dict[tuple[str, str, str], float]:
    return {
        _what_was_asked(row.statement): row.figures.mean
        for group in results
        for theme in group.themes
        for row in theme.statements
        if row.figures
    }


def _what_was_asked(statement: Statement) -> tuple[str, str, str]:
    """What makes two statements the same: not the key, which counts places on a page that editors change."""
    return statement.answered_by, statement.theme, statement.text


def _mean_of(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None
