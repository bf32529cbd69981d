"""Pictures of a round's results: SVG made on the server, with words for those who do not see it. No database.

Only what is in the table beside is drawn. Colours are attributes for the print and are overruled on the screen, where
quality.css knows the dark ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cards.quality.figures import RATES, StatementResult

# A strip: how the ratings of one statement fell, with the mean under them.
STRIP_WIDTH, STRIP_HEIGHT, STRIP_LINE, STRIP_SIDE = 220, 66, 20, 22
SMALLEST_DOT, LARGEST_DOT = 8, 18
# The overview: a row for each theme of a group.
WIDTH, ROW, TOP, BOTTOM, SIDE = 360, 46, 6, 26, 14


@dataclass(frozen=True)
class Row:
    """A row of the overview."""

    label: str
    mean: float
    before: float | None


def strip_svg(result: StatementResult) -> str:
    """How the ratings of one statement fell: a dot for each rate that was given. Empty when nothing may be told."""
    figures = result.figures
    if figures is None:
        return ""
    described = ", ".join(f"{rate}: {count}" for rate, count in zip(RATES, figures.spread, strict=True))
    context = {
        "width": STRIP_WIDTH,
        "height": STRIP_HEIGHT,
        "line": STRIP_LINE,
        "left": _place(1, STRIP_WIDTH, STRIP_SIDE),
        "right": _place(5, STRIP_WIDTH, STRIP_SIDE),
        "scale": [{"x": _place(rate, STRIP_WIDTH, STRIP_SIDE), "label": rate} for rate in RATES],
        "title": _("How many gave each number: %(counts)s. Mean %(mean)s.")
        % {"counts": described, "mean": decimal(figures.mean)},
        "dots": [
            {
                "x": _place(rate, STRIP_WIDTH, STRIP_SIDE),
                "r": round(max(SMALLEST_DOT, LARGEST_DOT * sqrt(count / figures.n)), 1),
                "count": count,
            }
            for rate, count in zip(RATES, figures.spread, strict=True)
            if count
        ],
        "mean": _place(figures.mean, STRIP_WIDTH, STRIP_SIDE),
        "before": None if result.before is None else _place(result.before, STRIP_WIDTH, STRIP_SIDE),
    }
    return render_to_string("cards/quality/strip.svg", context)


def overview_svg(rows: Sequence[Row]) -> str:
    """The means of themes on one axis, with where they were in the earlier round. Empty without any."""
    if not rows:
        return ""
    height = TOP + len(rows) * ROW + BOTTOM
    described = "; ".join(f"{row.label}: {decimal(row.mean)}" for row in rows)
    context = {
        "width": WIDTH,
        "height": height,
        "title": _("Means by theme, on a scale from 1 to 5"),
        "description": described,
        "scale": [{"x": _place(rate, WIDTH, SIDE), "label": rate} for rate in RATES],
        "bottom": height - BOTTOM,
        "top": TOP,
        "scale_y": height - 6,
        "rows": [
            {
                "label": row.label,
                "label_y": TOP + number * ROW + 16,
                "y": TOP + number * ROW + 32,
                "x": _place(row.mean, WIDTH, SIDE),
                "before": None if row.before is None else _place(row.before, WIDTH, SIDE),
            }
            for number, row in enumerate(rows)
        ],
        "left": _place(1, WIDTH, SIDE),
        "right": _place(5, WIDTH, SIDE),
    }
    return render_to_string("cards/quality/overview.svg", context)


def decimal(number: float) -> str:
    """A mean as it is written in the reader's language: 3,8."""
    return str(number_format(number, decimal_pos=1, use_l10n=True))


def signed(number: float) -> str:
    """A change as it is written: +0,4; −0,2 with a real minus; ±0."""
    if not number:
        return "±0"
    return f"{'+' if number > 0 else '−'}{decimal(abs(number))}"


def _place(rate: float, width: float, side: float) -> float:
    """Where a rate stands between the margins."""
    return round(side + (rate - 1) / 4 * (width - 2 * side), 1)
