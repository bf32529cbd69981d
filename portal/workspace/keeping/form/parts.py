"""The parts of a service as forms: rows of contact ways, hours, links …, its places, its long description. No HTTP.

Each has `is_valid()`, `content_rows()` (as a revision holds them) and `faults()` (what is wrong, for the summary).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator, URLValidator, validate_email
from django.db import models
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.choices import ContactKind, Weekday
from directory.models import (
    ContactWay,
    OpeningException,
    OpeningHours,
    Organisation,
    Place,
    RequiredDocument,
    ServiceDescription,
    ServiceLink,
)
from portal.workspace.keeping.form.choices import places_for
from portal.workspace.keeping.form.fields import QuietForm, href_of, shape
from portal.workspace.keeping.form.places import PlacesForm
from portal.workspace.keeping.form.values import (
    DAYS,
    Content,
    Row,
    hours_initial,
    initial_of,
    part_fields,
    row_of,
)

# A form of more rows than this was not filled in by a person.
MOST_ROWS = 60


def _asked(field: models.Field, **given: Any) -> forms.Field:
    """A part's field; one of few choices is a select: rows must stay short."""
    return shape(field, **given)


class PartForm(forms.ModelForm):
    """One row. `main` is always seen, `more` waits behind a disclosure."""

    main: ClassVar[tuple[str, ...]] = ()
    more: ClassVar[tuple[str, ...]] = ()
    # What is chosen before anybody has touched the row: by itself it says nothing.
    given: ClassVar[frozenset[str]] = frozenset({"DELETE"})
    is_quiet = False

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.is_quiet else super().errors

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - self.given)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.main]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more if name in self.fields]

    @property
    def is_more_open(self) -> bool:
        """Whether something is in what waits behind the disclosure, or wrong there."""
        return any(
            field.errors or field.value() not in (None, "", False, field.field.initial) for field in self.more_fields
        )

    def content_rows(self) -> list[Row]:
        """The row as a revision holds it."""
        return [row_of(self.instance)]


class ContactWayForm(PartForm):
    main = ("kind", "value")
    more = ("label", "hours", "price", "audience")
    given = frozenset({"DELETE", "kind", "audience"})

    class Meta:
        model = ContactWay
        fields = ("kind", "value", "label", "hours", "price", "audience")
        formfield_callback = _asked

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"instance": ContactWay(kind=ContactKind.PHONE), **kwargs})
        self.fields["kind"].choices = ContactKind.choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind, value = data.get("kind"), data.get("value", "")
        check: Callable[[str], None]
        if kind in (ContactKind.WEB, ContactKind.CHAT) and value:
            # The page makes a link of it: nothing but a web address may get there.
            data["value"] = value = value if "://" in value else f"https://{value}"
            check, words = (
                URLValidator(schemes=["http", "https"]),
                _("This is not a web address. Write it like www.example.fi."),
            )
        elif kind == ContactKind.EMAIL and value:
            check, words = validate_email, _("This is not an e-mail address. Write it like name@example.fi.")
        elif kind == ContactKind.PHONE and value:
            check, words = (
                RegexValidator(r"^\+?[\d\s\-()./]{3,25}$"),
                _("This is not a phone number. Write only the number here."),
            )
        else:
            return data
        try:
            check(value)
        except forms.ValidationError:
            self.add_error("value", words)
        return data


class HoursForm(PartForm):
    """The same hours on one or several days of the week."""

    main = (DAYS, "opens", "closes")
    more = ("by_appointment", "note", "place", "valid_from", "valid_to")
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On which days?"), choices=Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = OpeningHours
        fields = ("opens", "closes", "by_appointment", "note", "place", "valid_from", "valid_to")
        formfield_callback = _asked

    def content_rows(self) -> list[Row]:
        rows = []
        for day in self.cleaned_data[DAYS]:
            self.instance.weekday = day
            rows.append(row_of(self.instance))
        return rows


class ExceptionForm(PartForm):
    main = ("date_from", "date_to", "is_closed")
    more = ("opens", "closes", "note", "place")
    given = frozenset({"DELETE", "is_closed"})

    class Meta:
        model = OpeningException
        fields = ("date_from", "date_to", "is_closed", "opens", "closes", "note", "place")
        formfield_callback = _asked


class LinkForm(PartForm):
    main = ("label", "url")

    class Meta:
        model = ServiceLink
        fields = ("label", "url")
        formfield_callback = _asked


class DocumentForm(PartForm):
    main = ("name", "url")

    class Meta:
        model = RequiredDocument
        fields = ("name", "url")
        formfield_callback = _asked


class RowsFormSet(forms.BaseFormSet):
    """Rows of one part. Every row is a new one to Django: what was there is told by the content, not by the browser."""

    words: ClassVar[dict[str, tuple[Any, Any]]] = {
        "contact_ways": (gettext_lazy("Contact way"), gettext_lazy("Add a contact way")),
        "opening_hours": (gettext_lazy("Hours"), gettext_lazy("Add hours")),
        "opening_exceptions": (gettext_lazy("Exception"), gettext_lazy("Add an exception")),
        "links": (gettext_lazy("Link"), gettext_lazy("Add a link")),
        "required_documents": (gettext_lazy("Thing to bring"), gettext_lazy("Add one")),
    }
    # Parts that one seldom writes anew for each service.
    copied = frozenset({"contact_ways", "opening_hours"})

    def __init__(self, name: str, *, rows: list[Content], places: list[Place], data: Any = None) -> None:
        self.name, self.places = name, places
        # Asked only when there is something to tell apart.
        self.asks_place = len(places) > 1 or any(row.get("place") for row in rows)
        initial = (
            hours_initial(rows)
            if name == "opening_hours"
            else [initial_of(self.form._meta.model, row, part_fields(self.form._meta.model)) for row in rows]
        )
        super().__init__(data, initial=None if data is not None else initial, prefix=name)

    @property
    def row_label(self) -> Any:
        return self.words[self.name][0]

    @property
    def add_label(self) -> Any:
        return self.words[self.name][1]

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        return super().total_form_count() if self.is_bound else max(len(self.initial or ()), 1)

    def add_fields(self, form: PartForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take this away")
        if "place" in form.fields:
            if self.asks_place:
                form.fields["place"].queryset = Place.objects.filter(pk__in=[place.pk for place in self.places])
                form.fields["place"].choices = [("", _("All places")), *((each.pk, str(each)) for each in self.places)]
            else:
                del form.fields["place"]

    def hush(self) -> None:
        """Show what was typed without a word about it."""
        for form in self.forms:
            form.is_quiet = True

    def content_rows(self) -> list[Row]:
        rows = [
            row
            for form in self.forms
            if form.has_changed() and not form.cleaned_data.get("DELETE")
            for row in form.content_rows()
        ]
        if self.name == "opening_hours":
            rows.sort(key=lambda row: (row["weekday"], row["opens"]))
        return rows

    def faults(self) -> Iterator[tuple[str, str, str]]:
        for form in self.forms:
            if form.errors and form.cleaned_data.get("DELETE"):
                continue
            for name, errors in form.errors.items():
                field = form[name] if name in form.fields else None
                href = href_of(field) if field else f"#{self.name}"
                yield (str(field.label) if field else str(self.row_label)), errors[0], href
        for error in self.non_form_errors():
            yield str(self.row_label), error, f"#{self.name}"

    def has_typed(self) -> bool:
        """Whether any row has something in it."""
        return any(form.has_changed() for form in self.forms) if self.is_bound else bool(self.initial)


def _rows_of(form: type[PartForm]) -> type[RowsFormSet]:
    return forms.formset_factory(form, RowsFormSet, extra=0, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


ROWS: dict[str, type[RowsFormSet]] = {
    "contact_ways": _rows_of(ContactWayForm),
    "opening_hours": _rows_of(HoursForm),
    "opening_exceptions": _rows_of(ExceptionForm),
    "links": _rows_of(LinkForm),
    "required_documents": _rows_of(DocumentForm),
}


# --- long description ------------------------------------------------------------------------------------------------
class LongForm(QuietForm):
    """The 17 headings of the service-description form."""

    def __init__(self, rows: list[Content], language: str, data: Any = None) -> None:
        names = part_fields(ServiceDescription)
        super().__init__(data, initial=initial_of(ServiceDescription, rows[0] if rows else {}, names), prefix="long")
        for name in names:
            self.fields[name] = shape(ServiceDescription._meta.get_field(name))
            self.fields[name].widget.attrs |= {"rows": 4, "lang": language}

    @property
    def name(self) -> str:
        return "long_description"

    def hush(self) -> None:
        """Show what was typed without a word about it."""
        self.is_quiet = True

    def content_rows(self) -> list[Row]:
        return [row_of(ServiceDescription(**self.cleaned_data))] if any(self.cleaned_data.values()) else []

    def faults(self) -> Iterator[tuple[str, str, str]]:
        for name, errors in self.errors.items():
            yield str(self[name].label), errors[0], href_of(self[name])

    def has_typed(self) -> bool:
        return any(self[name].value() for name in self.fields)


Part = RowsFormSet | PlacesForm | LongForm


def rows_form(name: str, *, organisation: Organisation, content: Mapping[str, Any], data: Any = None) -> RowsFormSet:
    """The rows of one part, filled from a content or from what was sent."""
    places = places_for(organisation) if name in ("opening_hours", "opening_exceptions") else []
    return ROWS[name](name, rows=list(content.get(name) or ()), places=places, data=data)


def part_form(
    name: str, *, organisation: Organisation, language: str, content: Mapping[str, Any], data: Any = None
) -> Part:
    """The form of one part, filled from a content or from what was sent."""
    rows = list(content.get(name) or ())
    if name == "service_places":
        return PlacesForm(organisation, rows, data)
    if name == "long_description":
        return LongForm(rows, language, data)
    return rows_form(name, organisation=organisation, content=content, data=data)
