"""What the page of freshness shows: shares, groups, the trend; and lists of chosen listings. Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from directory.choices import Kind
from directory.figures import (
    Share,
    Standing,
    TrendPoint,
    elsewhere_kept,
    first_days,
    histories,
    listings_of,
    share_of,
    shares_by,
    standings,
    trend,
)
from directory.freshness import Freshness
from directory.models import County, Organisation
from directory.selection import STAGE_WORDS, Selection
from portal.workspace.administering.figures_drawing import trend_svg
from portal.workspace.administering.figures_selection import area_choices, titles_of

PER_PAGE = 25
KEEP_TREND_SECONDS = 10 * 60
BY_AREA, BY_ORGANISATION, BY_KIND = "area", "organisation", "kind"


@dataclass(frozen=True)
class Group:
    """A share with a name. url: the listings that it counts."""

    name: str
    share: Share
    url: str = ""

    @property
    def stages(self) -> list[int]:
        """How many at each stage, in the order of the stages."""
        return [self.share.stages[stage] for stage in Freshness]


def freshness_context(query: QueryDict, area: str, counties: list[str] | None, at: datetime.datetime) -> dict[str, Any]:
    """What the page shows of these counties (None: of all)."""
    today = timezone.localdate(at)
    own = standings(listings_of(counties, at), today)
    by = query.get("by", "") if query.get("by") in (BY_ORGANISATION, BY_KIND) else BY_AREA
    share = share_of(own)
    points = [*_past(counties, today), TrendPoint(today, share)]
    groups = groups_of(own, by, area)
    return {
        "area": area,
        "by": by,
        "share": share,
        "stages": [(stage, STAGE_WORDS[stage], share.stages[stage], _list(area, stage=stage)) for stage in Freshness],
        "elsewhere": elsewhere_kept(counties, at),
        "trend_svg": trend_svg(points),
        "trend_columns": [_("Day"), _("Listings"), _("Up to date"), _("Share")],
        "trend_rows": [
            [date_format(each.on, "SHORT_DATE_FORMAT"), each.share.total, each.share.fresh, percent_words(each.share)]
            for each in points
        ],
        "columns": columns(),
        "page": Paginator(groups, PER_PAGE).get_page(query.get("page")),
        "query": query,
    }


def _past(counties: list[str] | None, today: datetime.date) -> list[TrendPoint]:
    """The months before, kept for a while: of all figures they take the longest and change the least."""
    key = f"figures:trend:{today}:{'all' if counties is None else '-'.join(sorted(counties))}"
    return cache.get_or_set(key, lambda: trend(histories(counties), first_days(today)), KEEP_TREND_SECONDS)


def columns() -> list[str]:
    """The heads of a table of groups, after its first."""
    return [_("Listings"), _("Share up to date"), *(str(STAGE_WORDS[stage]) for stage in Freshness)]


def percent_words(share: Share) -> str:
    """«84 %»; a dash for an empty set."""
    return "–" if share.percent is None else f"{share.percent} %"


def tabs(by: str, area: str) -> list[dict[str, Any]]:
    """The ways to divide the figures."""
    names = [
        (BY_AREA, pgettext("figures", "By area")),
        (BY_ORGANISATION, pgettext("figures", "By organisation")),
        (BY_KIND, pgettext("figures", "By kind")),
    ]
    chosen = [("area", area)] if area else []
    return [
        {"label": label, "url": f"?{urlencode([('by', each), *chosen])}#groups", "is_current": each == by}
        for each, label in names
    ]


def groups_of(own: Iterable[Standing], by: str, area: str = "") -> list[Group]:
    """The listings divided, those with the smallest share first."""
    if by == BY_ORGANISATION:
        rows = {row.pk: row for row in Organisation.objects.only("slug", "names")}
        found = [
            Group(str(rows[pk]), share, _list(area, organisation=rows[pk].slug))
            for pk, share in shares_by(own, lambda each: each.organisation_id).items()
        ]
    elif by == BY_KIND:
        found = [
            Group(str(Kind(kind).label), share, _list(area, kind=kind))
            for kind, share in shares_by(own, lambda each: each.kind).items()
        ]
    else:
        names = {row.pk: str(row) for row in County.objects.all()}
        found = [
            Group(names[county], share, _list(county)) if county else Group(_("No home municipality"), share)
            for county, share in shares_by(own, lambda each: each.county).items()
        ]
    return sorted(found, key=lambda each: (each.share.percent or 0, -each.share.total, each.name))


def _list(area: str, **choices: str) -> str:
    """The address of a list of listings."""
    return f"{reverse('workspace:services')}?{Selection(area=area, **choices).query()}"


def groups_table(
    query: QueryDict, counties: list[str] | None, at: datetime.datetime
) -> tuple[list[str], list[list[object]]]:
    """(columns, rows) of the divided figures, as a file."""
    own = standings(listings_of(counties, at), timezone.localdate(at))
    by = query.get("by", "")
    heads = {BY_ORGANISATION: _("Organisation"), BY_KIND: _("Kind")}
    rows = [[each.name, each.share.total, each.share.percent, *each.stages] for each in groups_of(own, by)]
    return [heads.get(by, _("Area")), *columns()], rows


# --- Lists ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ListedService:
    """One listing as a list shows it."""

    standing: Standing
    title: str
    organisation: str
    area: str
    stage: str
    days: int


def listed(rows: Iterable[Standing], today: datetime.date) -> list[ListedService]:
    """The listings with their names, in three queries."""
    found = list(rows)
    titles = titles_of(each.key for each in found)
    organisations = {row.pk: row for row in Organisation.objects.only("slug", "names")}
    counties = {row.pk: str(row) for row in County.objects.all()}
    return [
        ListedService(
            each,
            titles.get(each.key, ""),
            str(organisations[each.organisation_id]),
            counties.get(each.county or "", ""),
            str(STAGE_WORDS[each.stage]),
            (today - each.counts_from).days,
        )
        for each in found
    ]


def services_table(rows: Iterable[Standing], today: datetime.date) -> tuple[list[str], list[list[object]]]:
    """(columns, rows) of chosen listings, as a file."""
    heads = [_("Listing"), _("Organisation"), _("Area"), _("How up to date"), _("Checked or published"), _("Days")]
    return heads, [
        [each.title, each.organisation, each.area, each.stage, each.standing.counts_from, each.days]
        for each in listed(rows, today)
    ]


def area_context(area: str, counties: list[str] | None) -> dict[str, Any]:
    """What the choice of an area shows. counties: those of the person."""
    choices = area_choices(counties)
    return {"area": area, "area_choices": choices, "area_name": dict(choices).get(area, "")}
