"""Where a service is given, as a form: the organisation's own places to choose from, and a new one. No HTTP."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import Municipality, Organisation, Place, ServicePlace
from portal.workspace.keeping.form.choices import places_for, towns
from portal.workspace.keeping.form.fields import QuietForm, href_of
from portal.workspace.keeping.form.values import Content, Row, row_of


class NewPlaceForm(QuietForm):
    """A place that is not in the list yet."""

    name = forms.CharField(
        label=gettext_lazy("Name of the place"),
        max_length=150,
        help_text=gettext_lazy("As people call it."),
    )
    street = forms.CharField(label=gettext_lazy("Street address"), max_length=200, required=False)
    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        required=False,
        validators=[RegexValidator(r"^\d{5}$", gettext_lazy("Five digits, please."))],
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(), label=gettext_lazy("Town"), required=False, blank=True
    )
    is_secret = forms.BooleanField(
        label=gettext_lazy("The address is secret"),
        required=False,
        help_text=gettext_lazy(
            "For shelters. The public sees only that there is a place; the address is told by phone."
        ),
    )
    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="new_place", empty_permitted=True)
        self.fields["name"].widget.attrs.pop("maxlength", None)
        self.fields["street"].widget.attrs.pop("maxlength", None)
        self.fields["municipality"].choices = [("", _("Choose")), *towns()]

    def values(self) -> dict[str, Any]:
        """What to make a place of."""
        return dict(self.cleaned_data)


class PlacesForm(QuietForm):
    """Which of the organisation's places a service is given at, and a new one."""

    places = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Where does it happen?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, organisation: Organisation, rows: list[Content], data: Any = None) -> None:
        self.known = places_for(organisation)
        numbers = {place.pk for place in self.known}
        self.before = before = [row["place"] for row in rows]
        # What this person may not see stays as it is.
        self.kept = [number for number in before if number not in numbers]
        super().__init__(data, initial={"places": [number for number in before if number in numbers]}, prefix="places")
        self.fields["places"].choices = [(place.pk, _words_of(place)) for place in self.known]
        self.new = NewPlaceForm(data)

    @property
    def name(self) -> str:
        return "service_places"

    def is_valid(self) -> bool:
        return all((super().is_valid(), self.new.is_valid()))

    def hush(self) -> None:
        """Show what was typed without a word about it."""
        self.is_quiet = self.new.is_quiet = True

    def content_rows(self) -> list[Row]:
        chosen = [*self.cleaned_data["places"], *self.kept]
        # Those that were there first, in their order.
        chosen.sort(key=lambda number: self.before.index(number) if number in self.before else len(self.before))
        return [row_of(ServicePlace(place_id=number)) for number in chosen]

    def faults(self) -> Iterator[tuple[str, str, str]]:
        for form in (self, self.new):
            for name, errors in form.errors.items():
                yield str(form[name].label), errors[0], href_of(form[name])

    def has_typed(self) -> bool:
        return bool(self["places"].value()) or self.new.has_changed()


def _words_of(place: Place) -> str:
    parts = [place.name, place.street, str(place.municipality or "")]
    if place.is_secret:
        parts.append(_("secret address"))
    return ", ".join(filter(None, parts))
