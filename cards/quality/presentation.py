"""A round as its pages, its table and its print show it: plain values and pictures. No rules: those are in figures."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cards.choices import CriteriaTheme
from cards.models import QualityRound
from cards.quality.drawing import Row, decimal, overview_svg, signed, strip_svg
from cards.quality.figures import RATES, GroupResult, StatementResult, ThemeResult
from cards.quality.words import in_plural


def results_context(results: Sequence[GroupResult]) -> dict[str, Any]:
    """What the page and the print show of a closed round."""
    return {
        "groups": [_group(group) for group in results],
        "overview": _overview(results),
        "is_compared": any(row.before is not None for row in _rows(results)),
        "has_results": any(group.answers is not None for group in results),
    }


def _group(group: GroupResult) -> dict[str, Any]:
    return {
        "code": group.answered_by,
        "name": in_plural(group.answered_by),
        "answers": group.answers,
        "themes": [
            {"name": CriteriaTheme(theme.theme).label, "rows": [_row(row) for row in theme.statements]}
            for theme in group.themes
        ],
    }


def _row(row: StatementResult) -> dict[str, Any]:
    return {
        "text": row.statement.text,
        "figures": row.figures,
        "svg": mark_safe(strip_svg(row)),
        "mean": decimal(row.figures.mean) if row.figures else "",
        "change": "" if row.change is None else signed(row.change),
    }


def _overview(results: Sequence[GroupResult]) -> dict[str, Any]:
    shown = [(group, theme) for group in results for theme in group.themes if theme.mean is not None]
    return {
        "svg": mark_safe(overview_svg([_overview_row(group, theme) for group, theme in shown])),
        "rows": [
            {
                "group": in_plural(group.answered_by),
                "theme": CriteriaTheme(theme.theme).label,
                "mean": decimal(theme.mean or 0),
                "change": "" if theme.change is None else signed(theme.change),
            }
            for group, theme in shown
        ],
    }


def _overview_row(group: GroupResult, theme: ThemeResult) -> Row:
    mean, change = theme.mean or 0, theme.change
    # The ring stands where the change says: it is of the statements that both rounds can show.
    before = None if change is None else min(max(mean - change, RATES[0]), RATES[-1])
    short = str(CriteriaTheme(theme.theme).label).partition(":")[0]
    return Row(f"{in_plural(group.answered_by)} · {short}", mean, before)


def _rows(results: Sequence[GroupResult]) -> Iterator[StatementResult]:
    return (row for group in results for theme in group.themes for row in theme.statements)


# --- Table ------------------------------------------------------------------------------------------------------------
def table_of(results: Sequence[GroupResult]) -> tuple[list[str], list[list[object]]]:
    """The same figures as columns and rows for a spreadsheet. Where too few answered there are words and no number."""
    columns = [
        _("Who answers"),
        _("Theme"),
        _("Statement"),
        _("Answers"),
        _("Mean"),
        _("Half of the answers from"),
        pgettext("table of ratings", "to"),
        *(_("How many gave %(rate)d") % {"rate": rate} for rate in RATES),
        _("Mean of the earlier round"),
        pgettext("difference", "Change"),
    ]
    rows: list[list[object]] = []
    for group in results:
        name = in_plural(group.answered_by)
        if group.answers is None:
            rows.append([name, "", "", _("too few")])
        for theme in group.themes:
            label = str(CriteriaTheme(theme.theme).label)
            rows += [[name, label, row.statement.text, *_cells(row)] for row in theme.statements]
    return columns, rows


def _cells(row: StatementResult) -> list[object]:
    figures = row.figures
    if figures is None:
        return [_("too few")]
    compared = [] if row.change is None else [row.before, row.change]
    return [figures.n, figures.mean, figures.low, figures.high, *figures.spread, *compared]


# --- Names ------------------------------------------------------------------------------------------------------------
def name_of(asked: QualityRound) -> str:
    """What is assessed: the page's title, or the round's own name when the page is gone."""
    return asked.criteria.title if asked.criteria is not None else asked.name
