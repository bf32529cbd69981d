"""The chooser of a set of listings, as a form in the address; what a set is, before anything is done to it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.choices import Kind
from directory.figures import Standing
from directory.freshness import Freshness
from directory.models import County, Organisation, Service
from directory.permissions import areas_of
from directory.selection import STAGE_WORDS, STRETCH, Reach, Selection, reach_of
from directory.vocabulary import topic_choices
from portal.base import languages

MOST_TITLES = 8


def area_choices(counties: list[str] | None) -> list[tuple[str, str]]:
    """(code, name) of the areas that a person may narrow to; none where there is only one."""
    found = _areas(counties)
    return found if len(found) > 1 else []


def _areas(counties: list[str] | None) -> list[tuple[str, str]]:
    rows = County.objects.all() if counties is None else County.objects.filter(pk__in=counties)
    return sorted(((row.pk, str(row)) for row in rows), key=lambda pair: pair[1])


def counties_asked(request: HttpRequest) -> tuple[str, list[str] | None]:
    """(the area that was asked for or "", the counties to show; None: all). Http404 for one that is not theirs."""
    own: list[str] | None = areas_of(request.user)  # type: ignore[assignment]
    area = request.GET.get("area", "")
    if not area:
        return "", own
    if area not in (set(County.objects.values_list("pk", flat=True)) if own is None else own):
        raise Http404("no such area")
    return area, [area]


class SelectionForm(forms.Form):
    """Which listings. Each field is one of directory.selection.Selection."""

    area = forms.ChoiceField(label=_("Area"), required=False)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Kind.choices])
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    stage = forms.ChoiceField(
        label=_("How up to date"),
        required=False,
        choices=[("", _("All")), *((each.value, STAGE_WORDS[each]) for each in Freshness)],
    )
    checked_before = forms.DateField(
        label=_("Last checked before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, counties: list[str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = _areas(counties)
        organisations = Organisation.objects.in_areas(counties).filter(services__isnull=False).distinct()
        names = sorted(
            ((each.slug, str(each)) for each in organisations.only("slug", "names")), key=lambda pair: pair[1]
        )
        self.fields["area"].choices = [("", _("All")), *areas]
        self.fields["organisation"].choices = [("", _("All")), *names]
        self.fields["topic"].choices = [("", _("All")), *topic_choices()]
        if len(areas) < 2:
            self.fields["area"].widget = forms.HiddenInput()

    @property
    def selection(self) -> Selection:
        """What was chosen, of a valid form."""
        return Selection(**self.cleaned_data)


def chosen(request: HttpRequest) -> SelectionForm:
    """The form as the address fills it in; on a POST too, whose address says for which set it is."""
    return SelectionForm(request.GET, counties=areas_of(request.user))


def titles_of(keys: Iterable[UUID]) -> dict[UUID, str]:
    """Service → its title in the reader's language, or the first there is; of thousands too, for a file."""
    wanted = list(dict.fromkeys(keys))
    order = {code: place for place, code in enumerate(languages.reading_order(get_language() or languages.FINNISH))}
    found: dict[UUID, tuple[int, str]] = {}
    for start in range(0, len(wanted), STRETCH):
        rows = Service.objects.of_keys(wanted[start : start + STRETCH]).order_by("pk")
        for key, code, title in rows.values_list("translation_key", "locale__language_code", "title"):
            rank = order.get(code, len(order))
            if key not in found or rank < found[key][0]:
                found[key] = rank, title
    return {key: title for key, (_rank, title) in found.items()}


@dataclass(frozen=True)
class Preview:
    """What a set is before anything is done to it. titles: of the first few."""

    selection: Selection
    listings: list[Standing]
    reach: Reach
    titles: list[str]

    @property
    def people(self) -> int:
        """How many persons would be written to."""
        return sum(bool(each.user) for each in self.reach.recipients)

    @property
    def mailboxes(self) -> int:
        """How many shared mailboxes of organisations would be."""
        return len(self.reach.recipients) - self.people

    @property
    def more(self) -> int:
        """How many are not among the titles."""
        return len(self.listings) - len(self.titles)


def preview_of(selection: Selection, user: Any, at: datetime.datetime) -> Preview:
    """How many listings and people a set is."""
    listings = selection.listings(areas_of(user), at)
    first = listings[:MOST_TITLES]
    titles = titles_of(each.key for each in first)
    return Preview(selection, listings, reach_of(listings), [titles.get(each.key, "") for each in first])
