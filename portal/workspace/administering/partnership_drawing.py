"""How far an area has come with each part of the checklist, as a picture: SVG made on the server. No database."""

from collections.abc import Mapping
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import PartnershipGroup, PartnershipProgress, PartnershipState

WIDTH, BAR, STEP, LEGEND = 420, 16, 44, 88
NOT_ANSWERED = gettext_lazy("No answer")
# The order of the bands, and how each is filled: told apart without colour.
FILLS = {
    PartnershipState.IN_PLACE: "full",
    PartnershipState.UNDER_WAY: "hatched",
    PartnershipState.NOT_BEGUN: "empty",
    PartnershipState.NOT_OURS: "dotted",
    None: "dashed",
}


class Band(NamedTuple):
    """A stretch of a bar."""

    x: float
    width: float
    fill: str
    title: str


def counts_of(progress: PartnershipProgress) -> list[tuple[str, str, int]]:
    """(fill, word, count) of each state in the order of the picture and its table, what has no answer last."""
    return [
        (
            fill,
            str(state.label if state else NOT_ANSWERED),
            progress.states[state] if state else progress.unanswered,
        )
        for state, fill in FILLS.items()
    ]


def progress_svg(parts: Mapping[PartnershipGroup, PartnershipProgress]) -> str:
    """A bar for each part. Empty without parts."""
    if not parts:
        return ""
    done = sum(each.states[PartnershipState.IN_PLACE] for each in parts.values())
    words = counts_of(next(iter(parts.values())))
    context = {
        "width": WIDTH,
        "height": LEGEND + STEP * len(parts),
        "bar": BAR,
        "title": _("How far the area has come with each part"),
        "description": _("%(done)d of %(all)d in place. All figures are in the table.")
        % {"done": done, "all": sum(each.total for each in parts.values())},
        "legend": [
            {"x": 1 + number % 2 * 210, "y": 4 + number // 2 * 26, "fill": fill, "word": word}
            for number, (fill, word, _count) in enumerate(words)
        ],
        "bars": [
            {"y": LEGEND + STEP * number, "name": group.label, "bands": _bands(progress)}
            for number, (group, progress) in enumerate(parts.items())
        ],
    }
    return render_to_string("workspace/administering/partnership.svg", context)


def _bands(progress: PartnershipProgress) -> list[Band]:
    unit = (WIDTH - 2) / progress.total
    bands, x = [], 1.0
    for fill, word, count in counts_of(progress):
        if count:
            bands.append(Band(round(x, 1), round(count * unit, 1), fill, f"{word}: {count}"))
            x += count * unit
    return bands
