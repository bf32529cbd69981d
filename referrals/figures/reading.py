"""What a person may see of the figures: whose areas, which quarters. Reads only, and only what was told.

Nothing here looks at an enquiry or a tally: a number that is not stored as told cannot be shown.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from directory.models import County, Organisation, Term
from directory.permissions import areas_of
from referrals.figures.quarters import TOLD_QUARTERS, Quarter
from referrals.figures.tables import EVERYWHERE, By, Group, Told
from referrals.models import ToldQuarter


@dataclass(frozen=True)
class View:
    """What is looked at. choices: (code, name) of the areas that the person may look at, the first one unasked."""

    area: str
    choices: list[tuple[str, str]]

    @property
    def is_everywhere(self) -> bool:
        """Whether it is all areas."""
        return self.area == EVERYWHERE

    @property
    def area_name(self) -> str:
        """The name of the area."""
        return dict(self.choices)[self.area]


def view_of(user: Any, asked: str) -> View | None:
    """The area that was asked for, if it is theirs; asked "": their first. None: not theirs.

    Somebody with several areas looks at one at a time: sums of some areas would be one more table to take others from.
    """
    own = areas_of(user)
    rows = County.objects.all() if own is None else County.objects.filter(pk__in=own)
    choices = sorted(((row.pk, str(row)) for row in rows), key=lambda pair: pair[1])
    if own is None:
        choices.insert(0, (EVERYWHERE, _("All areas")))
    codes = [code for code, _name in choices]
    if not codes or (asked and asked not in codes):
        return None
    return View(asked or codes[0], choices)


def told() -> dict[Quarter, Told]:
    """All that is told, the latest quarter first."""
    found = {}
    for row in ToldQuarter.objects.order_by("-quarter")[:TOLD_QUARTERS]:
        year, number = row.quarter.split("-")
        found[Quarter(int(year), int(number))] = Told.from_json(row.figures)
    return found


def names_of(groups: list[Group]) -> dict[Group, str]:
    """The names of areas, organisations or topics; groups of one division, which others' labels name."""
    codes = {group.code for group in groups}
    by = groups[0].by if groups else By.ALL
    if by is By.ORGANISATION:
        rows = Organisation.objects.filter(pk__in=codes).only("slug", "names")
        names = {str(row.pk): str(row) for row in rows}
    elif by is By.TOPIC:
        names = {term.code: str(term) for term in Term.objects.topics().filter(code__in=codes)}
    else:
        counties = {row.pk: str(row) for row in County.objects.all()}
        return {group: counties.get(group.area, _("No home municipality")) for group in groups}
    return {group: names.get(group.code, group.code) for group in groups}
