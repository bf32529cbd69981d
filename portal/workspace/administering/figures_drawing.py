"""The trend of freshness as a picture: SVG made on the server, with words for those who do not see it. No database."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.figures import TrendPoint

WIDTH, HEIGHT = 420, 220
LEFT, RIGHT, TOP, BOTTOM = 50, 14, 12, 34


def trend_svg(points: Sequence[TrendPoint]) -> str:
    """A line of the share of the fresh. A day without listings is a break in it. Empty when no day has any."""
    known = [point for point in points if point.share.percent is not None]
    if not known:
        return ""
    step = (WIDTH - LEFT - RIGHT) / max(len(points) - 1, 1)
    dots, lines, line = [], [], []
    for number, point in enumerate(points):
        percent = point.share.percent
        if percent is None:
            lines, line = [*lines, line], []
            continue
        x, y = round(LEFT + number * step, 1), _height(percent)
        dots.append({"x": x, "y": y, "title": f"{_day(point)}: {percent} %"})
        line.append(f"{x},{y}")
    ends = (points[0], points[len(points) // 2], points[-1])
    context = {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "title": _("Share of listings that are up to date, by month"),
        "description": _(
            "From %(first)d %% on %(first_day)s to %(last)d %% on %(last_day)s. All figures are in the table."
        )
        % {
            "first": known[0].share.percent,
            "first_day": _day(known[0]),
            "last": known[-1].share.percent,
            "last_day": _day(known[-1]),
        },
        "scale": [{"y": _height(percent), "label": f"{percent} %"} for percent in (0, 50, 100)],
        "dots": dots,
        "lines": [" ".join(each) for each in (*lines, line) if len(each) > 1],
        "days": [
            {"x": x, "anchor": anchor, "label": date_format(point.on, "SHORT_DATE_FORMAT")}
            for point, x, anchor in zip(
                ends,
                (LEFT, round(LEFT + len(points) // 2 * step, 1), WIDTH - RIGHT),
                ("start", "middle", "end"),
                strict=True,
            )
        ],
        "days_y": HEIGHT - 8,
    }
    return render_to_string("workspace/administering/figures/trend.svg", context)


def _height(percent: int) -> float:
    return round(TOP + (100 - percent) / 100 * (HEIGHT - TOP - BOTTOM), 1)


def _day(point: TrendPoint) -> str:
    return date_format(point.on, "SHORT_DATE_FORMAT")
