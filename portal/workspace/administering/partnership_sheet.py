"""The checklist of partnership as one area fills it in: a form for each item, what was saved, what could not be.

An item that its reader has not touched is never written, however old the page is; an item that somebody else has
changed meanwhile is shown both ways, with what was typed still in the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.actions import AnsweredMeanwhileError, answer_partnership
from directory.models import (
    County,
    PartnershipAnswer,
    PartnershipGroup,
    PartnershipItem,
    PartnershipProgress,
    PartnershipState,
)
from directory.models.partnership import NOTE_LENGTH
from portal.accounts.models import User

TOUCHABLE = ("state", "note")


class NoteField(forms.CharField):
    """A text of several lines; the two ways to end a line are no difference."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> str:
        """The text with plain line ends."""
        return "\n".join((super().to_python(value) or "").splitlines())


class PartnershipForm(forms.Form):
    """How far an area has come with one item. The values that its reader saw travel with it."""

    state = forms.ChoiceField(
        choices=PartnershipState.choices, widget=forms.RadioSelect, required=False, show_hidden_initial=True
    )
    note = NoteField(max_length=NOTE_LENGTH, required=False, show_hidden_initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, item: PartnershipItem, seen: PartnershipAnswer | None, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix=item.key, initial=_values(seen))
        self.fields["state"].label = str(item.text)
        self.fields["note"].label = format_html(
            '{}<span class="visually-hidden">: {}</span>', gettext("A few words about it"), item.text
        )

    @property
    def is_touched(self) -> bool:
        """Whether the reader has changed what they saw."""
        return any(name in TOUCHABLE for name in self.changed_data)

    def clean(self) -> dict[str, Any]:
        """An answer says how far; a note alone does not."""
        values = self.cleaned_data
        if "state" in values and not values["state"] and self.is_touched:
            self.add_error("state", _("Choose how far you have come."))
        return values


def _values(answer: PartnershipAnswer | None) -> dict[str, Any]:
    if answer is None:
        return {"state": "", "note": "", "version": 0}
    return {"state": answer.state, "note": answer.note, "version": answer.version}


@dataclass
class Row:
    """An item with its form. theirs: what somebody else has answered since the page was opened."""

    item: PartnershipItem
    answer: PartnershipAnswer | None
    form: PartnershipForm
    theirs: PartnershipAnswer | None = None

    @property
    def anchor(self) -> str:
        """The id of the row on the page."""
        return f"item-{self.item.key}"


class Sheet:
    """The whole checklist of one area, as its page shows and saves it."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.groups = PartnershipItem.objects.by_group()
        self.rows: dict[int, Row] = {}
        self._read()

    def _read(self) -> None:
        answers = {each.item_id: each for each in PartnershipAnswer.objects.of_county(self.county.pk)}
        for _group, items in self.groups:
            for item in items:
                answer = answers.get(item.pk)
                self.rows[item.pk] = Row(item, answer, PartnershipForm(item, answer))

    def save(self, data: QueryDict, by: User) -> int:
        """Write what was touched and can be written; how many answers that were. `errors` tells of the rest."""
        unsaved: list[Row] = []
        saved = 0
        for row in self.rows.values():
            form = PartnershipForm(row.item, row.answer, data)
            if not form.is_touched:
                continue
            if not form.is_valid():
                unsaved.append(Row(row.item, row.answer, form))
                continue
            values = form.cleaned_data
            try:
                answer_partnership(
                    self.county,
                    row.item,
                    state=values["state"],
                    note=values["note"],
                    by=by,
                    version=values["version"] or 0,
                )
                saved += 1
            except AnsweredMeanwhileError as error:
                unsaved.append(_both(row.item, error.current, data))
        self._read()
        self.rows |= {row.item.pk: row for row in unsaved}
        return saved

    @property
    def errors(self) -> list[dict[str, str]]:
        """What could not be saved, for the summary above the form."""
        return [
            {
                "href": f"#{row.anchor}",
                "message": gettext("Somebody has changed this: %(item)s") % {"item": row.item}
                if row.theirs
                else str(row.item),
            }
            for row in self.rows.values()
            if row.theirs or row.form.errors
        ]

    def progress(self) -> dict[PartnershipGroup, PartnershipProgress]:
        """How far the area has come with each part."""
        return PartnershipItem.objects.progress(self.county.pk)

    def parts(self, progress: Mapping[PartnershipGroup, PartnershipProgress]) -> list[dict[str, Any]]:
        """The parts as the page shows them: code, name, progress, rows."""
        return [
            {
                "code": group.value,
                "name": group.label,
                "progress": progress[group],
                "rows": [self.rows[item.pk] for item in items],
            }
            for group, items in self.groups
        ]


def _both(item: PartnershipItem, theirs: PartnershipAnswer, data: QueryDict) -> Row:
    """What was typed, in a form that has now seen the other's answer: sent again, it is meant."""
    form = PartnershipForm(item, theirs)
    told = data.copy()
    told[form.add_prefix("version")] = str(theirs.version)
    for name in TOUCHABLE:
        told[form.add_initial_prefix(name)] = getattr(theirs, name)
    return Row(item, theirs, PartnershipForm(item, theirs, told), theirs)
