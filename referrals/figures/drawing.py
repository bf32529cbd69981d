"""Figures of referrals as pictures: SVG made on the server, with words for those who do not see it. No database."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

WIDTH = 420
# Of the bars that lie: one below its word.
BAR, STEP, LONGEST = 18, 50, 350
# Of the columns that stand.
HEIGHT, FOOT, TOP = 220, 30, 46
MOST_COLUMNS = 8


def outcomes_svg(outcomes: Sequence[tuple[str, int | None]]) -> str:
    """A bar for each (word, how many); a dashed one for what is not told. Empty when nothing is told."""
    known = [count for _word, count in outcomes if count is not None]
    if not any(known):
        return ""
    unit = LONGEST / max(known)
    context = {
        "width": WIDTH,
        "height": STEP * len(outcomes),
        "bar": BAR,
        "title": _("What became of the requests"),
        "description": _("A bar for each figure of the table below; a dashed one where the figure is not told."),
        "bars": [
            {
                "y": STEP * number,
                "word": word,
                "width": LONGEST if count is None else round(count * unit, 1),
                "count": count,
                "value_x": 10 if count is None else round(count * unit, 1) + 8,
                "not_told": pgettext("figure", "not told"),
            }
            for number, (word, count) in enumerate(outcomes)
        ],
    }
    return render_to_string("referrals/figures/outcomes.svg", context)


def quarters_svg(quarters: Sequence[tuple[str, str, int | None, int | None]]) -> str:
    """Two columns for each (words, code, sent, came), the latest quarters. Empty with fewer than two to compare."""
    shown = quarters[-MOST_COLUMNS:]
    known = [count for _words, _code, sent, came in shown for count in (sent, came) if count is not None]
    if not any(known) or len(shown) < 2:
        return ""
    unit = (HEIGHT - TOP - FOOT) / max(known)
    step = (WIDTH - 2) / len(shown)
    column = min(step * 0.36, 40)
    context = {
        "width": WIDTH,
        "height": HEIGHT,
        "base": HEIGHT - FOOT,
        "column": round(column, 1),
        "title": _("Requests by the quarter of sending"),
        "description": _("Two columns for each quarter: how many requests were sent, and in how many the person came."),
        "sent": pgettext("requests", "Sent"),
        "came": pgettext("requests", "The person came"),
        "not_told": pgettext("figure", "not told") if len(known) < 2 * len(shown) else "",
        "quarters": [
            {
                "middle": round(1 + step * (number + 0.5), 1),
                "label": f"{code[5:]}/{code[2:4]}",
                "words": words,
                "columns": [
                    _column(sent, 1 + step * (number + 0.5) - column - 1, unit, is_full=False),
                    _column(came, 1 + step * (number + 0.5) + 1, unit, is_full=True),
                ],
            }
            for number, (words, code, sent, came) in enumerate(shown)
        ],
    }
    return render_to_string("referrals/figures/quarters.svg", context)


def _column(count: int | None, x: float, unit: float, *, is_full: bool) -> dict[str, object]:
    height = 0 if count is None else count * unit
    y = round(HEIGHT - FOOT - height, 1)
    return {"x": round(x, 1), "y": y, "height": round(height, 1), "count": count, "is_full": is_full}
