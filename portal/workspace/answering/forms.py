"""Whether there is room just now, told on the page of a letter: three choices and a day, for one listing of several."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from directory.choices import Capacity
from portal.workspace.keeping.forms_quick import CAPACITIES, until_days


class RoomForm(forms.Form):
    """Free places of one listing. It lapses by itself on the day chosen."""

    capacity = forms.ChoiceField(
        label=_("Is there room just now?"), choices=[(each, each.label) for each in CAPACITIES]
    )
    until = forms.ChoiceField(label=_("Until when?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = until_days(timezone.localdate())
        self.fields["until"].choices = [(day.isoformat(), date_format(day, "SHORT_DATE_FORMAT")) for day in days]

    def contents(self) -> dict[str, str]:
        """As directory.actions.change_at_once takes it."""
        return {
            "capacity": Capacity(self.cleaned_data["capacity"]).value,
            "capacity_until": self.cleaned_data["until"],
            "capacity_note": "",
        }
