"""What the pages of figures show: words and tables of what is told. Plain values; no reading, no rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from directory.choices import Stage
from referrals.choices import DeclineReason
from referrals.figures.drawing import outcomes_svg, quarters_svg
from referrals.figures.quarters import Quarter
from referrals.figures.reading import View, names_of
from referrals.figures.tables import By, Cell, Group, Measure, Told
from referrals.figures.telling import BY_WORKER, FULL, MEETING, OWN

PER_PAGE = 25
NOT_TOLD = pgettext_lazy("figure", "not told")

MEASURE_WORDS: dict[Measure, str | Promise] = {
    Measure.SENT: pgettext_lazy("requests", "Sent"),
    Measure.ACCEPTED: pgettext_lazy("requests", "Accepted"),
    Measure.ARRIVED: pgettext_lazy("requests", "The person came"),
    Measure.WENT_ON: pgettext_lazy("requests", "Went on"),
    Measure.DECLINED: pgettext_lazy("requests", "Declined"),
    Measure.UNDECIDED: pgettext_lazy("requests", "No decision"),
    Measure.SILENT: pgettext_lazy("requests", "Answer late or missing"),
    Measure.RATED: pgettext_lazy("requests", "Told how it was"),
    Measure.GOOD: pgettext_lazy("requests", "It was good"),
}
REPLY_DAYS = gettext_lazy("Usual time to an answer, working days")
# The columns of the quarters, fewer so that a phone shows them.
_TREND = (Measure.SENT, Measure.ACCEPTED, Measure.ARRIVED, Measure.WENT_ON)

_KINDS = {
    BY_WORKER: gettext_lazy("Sent by a worker"),
    OWN: gettext_lazy("Sent by the person"),
    MEETING: gettext_lazy("Invitation to a joint meeting"),
}
_REASONS = {**dict(DeclineReason.choices), FULL: gettext_lazy("There was no room")}
_HEADS: dict[str, str | Promise] = {
    By.STAGE: gettext_lazy("Stage of the path"),
    By.TOPIC: gettext_lazy("Topic"),
    By.KIND: gettext_lazy("Kind of request"),
    By.REASON: gettext_lazy("Reason for declining"),
    By.ORGANISATION: gettext_lazy("Organisation"),
    By.ALL: gettext_lazy("Area"),
}
# In addresses: the division and what it is called. The division by areas counts the whole of each.
DIVISIONS: dict[str, tuple[By, str | Promise]] = {
    "stage": (By.STAGE, pgettext_lazy("figures", "By stage")),
    "topic": (By.TOPIC, pgettext_lazy("figures", "By topic")),
    "area": (By.ALL, pgettext_lazy("figures", "By area")),
    "organisation": (By.ORGANISATION, pgettext_lazy("figures", "By organisation")),
    "reason": (By.REASON, pgettext_lazy("figures", "Reasons for declining")),
    "kind": (By.KIND, pgettext_lazy("figures", "By kind")),
}


@dataclass(frozen=True)
class Row:
    """A row of a table. cells: None: not told. area: whose figures its name leads to, if any."""

    name: str
    cells: list[int | None]
    area: str = ""


@dataclass(frozen=True)
class Table:
    """A division with the whole that it divides."""

    by: str
    columns: list[str]
    rows: list[Row]
    whole: Row

    @property
    def as_file(self) -> tuple[list[str], list[list[object]]]:
        """(columns, rows): exactly what the page shows."""
        return self.columns, [[each.name, *map(_shown, each.cells)] for each in (*self.rows, self.whole)]


def divisions(view: View) -> dict[str, tuple[By, str | Promise]]:
    """The ways to divide what is looked at: organisations within one area, areas where there are several."""
    not_here = "organisation" if view.is_everywhere else "area"
    return {name: each for name, each in DIVISIONS.items() if name != not_here}


def quarter_words(quarter: Quarter) -> str:
    """«July–September 2026»."""
    first, last = date_format(quarter.first_month, "F"), date_format(quarter.last_month, "F Y")
    return f"{first}–{last}"


def table_of(figures: Told, view: View, by: str) -> Table:
    """One division of a quarter in one area, or in all."""
    division = DIVISIONS[by][0]
    if by == "area":
        groups = figures.areas()
    elif division is By.REASON:
        groups = _reasons(figures, view.area)
    else:
        groups = figures.groups(view.area, division)
    measures = [Measure.DECLINED] if division is By.REASON else list(MEASURE_WORDS)
    has_days = division is not By.REASON
    names = _names(groups, division)
    if division is By.STAGE:
        groups = sorted(groups)
    columns = [_HEADS[division], *(MEASURE_WORDS[each] for each in measures), *([REPLY_DAYS] if has_days else [])]
    known = {code for code, _name in view.choices}
    return Table(
        by,
        [str(column) for column in columns],
        [
            Row(
                names[group],
                _cells(figures, group, measures, has_days),
                area=group.area if by == "area" and group.area in known else "",
            )
            for group in groups
        ],
        Row(
            pgettext("figures", "All together"),
            _cells(figures, Group(view.area, By.ALL), measures, has_days),
        ),
    )


def figures_context(
    figures: Mapping[Quarter, Told], quarter: Quarter, view: View, by: str, page: str | None
) -> dict[str, Any]:
    """What the page shows of a quarter. figures: of all that are told. page: the part of a long table."""
    here = figures[quarter]
    whole = Group(view.area, By.ALL)
    outcomes = {measure: here.counts.get(Cell(whole, measure)) for measure in MEASURE_WORDS}
    trend = {each: told.counts for each, told in sorted(figures.items())}
    sent = {each: counts.get(Cell(whole, Measure.SENT)) for each, counts in trend.items()}
    came = {each: counts.get(Cell(whole, Measure.ARRIVED)) for each, counts in trend.items()}
    table = table_of(here, view, by)
    return {
        "period": quarter_words(quarter),
        "outcomes": {measure.value: count for measure, count in outcomes.items()},
        "outcomes_svg": outcomes_svg([(str(MEASURE_WORDS[each]), count) for each, count in outcomes.items()]),
        "outcomes_columns": [_("Requests"), pgettext("figures", "How many")],
        "outcomes_rows": [[MEASURE_WORDS[each], _shown(count)] for each, count in outcomes.items()],
        "reply_days": here.reply_days.get(whole),
        "trend_svg": quarters_svg([(quarter_words(each), each.code, sent[each], came[each]) for each in trend]),
        "trend_columns": [_("Time of sending"), *(MEASURE_WORDS[each] for each in _TREND)],
        "trend_rows": [
            [quarter_words(each), *(_shown(counts.get(Cell(whole, measure))) for measure in _TREND)]
            for each, counts in trend.items()
        ],
        "tabs": [
            {"label": label, "url": f"?{_address(quarter, view, name)}#divided", "is_current": name == by}
            for name, (_by, label) in divisions(view).items()
        ],
        "table": table,
        "page": Paginator(table.rows, PER_PAGE).get_page(page),
        "csv_query": _address(quarter, view, by),
    }


def _address(quarter: Quarter, view: View, by: str) -> str:
    return urlencode({"quarter": quarter.code, "area": view.area, "by": by})


def _reasons(figures: Told, area: str) -> list[Group]:
    """Of reasons the declined alone are counted."""
    found = [
        (-count, cell.group)
        for cell, count in figures.counts.items()
        if cell.group.area == area and cell.group.by is By.REASON
    ]
    return [group for _count, group in sorted(found)]


def _names(groups: Sequence[Group], by: By) -> Mapping[Group, str]:
    labels: dict[By, Mapping[Any, Any]] = {By.STAGE: dict(Stage.choices), By.KIND: _KINDS, By.REASON: _REASONS}
    if by in labels:
        return {group: str(labels[by].get(group.code, group.code)) for group in groups}
    return names_of(list(groups))


def _cells(figures: Told, group: Group, measures: Sequence[Measure], has_days: bool) -> list[int | None]:
    cells = [figures.counts.get(Cell(group, measure)) for measure in measures]
    return [*cells, figures.reply_days.get(group)] if has_days else cells


def _shown(count: int | None) -> int | str:
    return str(NOT_TOLD) if count is None else count
