"""What the coverage map and the list of listings without a keeper show, as pages and as files. Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.choices import Stage
from directory.coverage import Cell, Coverage, CoverageMap, Line, coverage_map
from directory.models import Case, Municipality
from directory.orphans import Orphan, Reason
from portal.workspace.administering.figures_freshness import ListedService, listed
from portal.workspace.administering.presentation_queue import page_of

REASON_WORDS = {
    Reason.NOBODY: gettext_lazy("Neither the listing nor its organisation has a keeper here"),
    Reason.BOUNCED: gettext_lazy("Mail to its keepers comes back"),
}


# --- Coverage ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ShownCell:
    """A cell with the search that it stands for."""

    cell: Cell
    url: str
    name: str


def map_asked(query: QueryDict, area: str, counties: list[str] | None, at: datetime.datetime) -> CoverageMap:
    """The map that an address asks for. Whoever has one area sees its municipalities. Http404 for an unknown stage."""
    stage = query.get("stage", "")
    if stage and stage not in Stage.values:
        raise Http404("no such stage")
    county = area or (counties[0] if counties is not None and len(counties) == 1 else None)
    return coverage_map(at, county=county, counties=counties, stage=stage)


def coverage_context(found: CoverageMap, stage: str) -> dict[str, Any]:
    """What the page shows."""
    return {
        "map": found,
        "rows": [
            (line, _search(line, stage), [_shown(line, cell, stage) for cell in line.cells]) for line in found.lines
        ],
        "stage": stage,
        "stage_choices": Stage.choices,
        "gaps": found.count(Coverage.GAP),
        "wider": found.count(Coverage.WIDER),
        "total": sum(1 for _each in found.cells()),
    }


def _search(line: Line, stage: str, place: Any = None) -> str:
    pairs = [("topic", line.topic.code)]
    if isinstance(place, Municipality):
        pairs.append(("municipality", place.pk))
    elif place is not None:
        pairs.append(("place", str(place)))
    if stage:
        pairs.append(("stage", stage))
    return f"{reverse('search:search')}?{urlencode(pairs)}"


def _shown(line: Line, cell: Cell, stage: str) -> ShownCell:
    return ShownCell(cell, _search(line, stage, cell.place), f"{line.topic}, {cell.place}")


def coverage_table(found: CoverageMap) -> tuple[list[str], Iterable[list[object]]]:
    """(columns, rows) as a file: how many are for the very place; 0 is a gap, or covered from a wider area."""
    wide = [_("Whole country")] if found.county is None else [_("Whole country"), _("Whole county")]
    columns = [_("Topic"), *wide, *(str(place) for place in found.places)]
    return columns, (
        [
            str(line.topic),
            line.nationwide,
            *([] if line.countywide is None else [line.countywide]),
            *(cell.local for cell in line.cells),
        ]
        for line in found.lines
    )


# --- Without a keeper -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ShownOrphan:
    """A listing without a person, as the list shows it."""

    orphan: Orphan
    service: ListedService
    case: Case | None

    @property
    def reason(self) -> str:
        """Why, in words."""
        return str(REASON_WORDS[self.orphan.reason])

    @property
    def url(self) -> str:
        """Where one acts on it: the case, else the listing's keepers."""
        return page_of(self.case) if self.case else reverse("workspace:keepers", args=[self.orphan.key])


def shown_orphans(found: Iterable[Orphan], today: datetime.date) -> list[ShownOrphan]:
    """The listings with their names."""
    rows = list(found)
    services = listed((each.standing for each in rows), today)
    return [ShownOrphan(each, service, each.case) for each, service in zip(rows, services, strict=True)]


def orphans_table(found: Iterable[Orphan], today: datetime.date) -> tuple[list[str], list[list[object]]]:
    """(columns, rows) as a file."""
    columns = [_("Listing"), _("Organisation"), _("Area"), _("Why"), _("Organisation's mailbox"), _("How up to date")]
    return columns, [
        [
            each.service.title,
            each.service.organisation,
            each.service.area,
            each.reason,
            _("yes") if each.orphan.has_mailbox else _("no"),
            each.service.stage,
        ]
        for each in shown_orphans(found, today)
    ]
