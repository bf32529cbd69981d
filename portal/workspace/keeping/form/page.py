"""One step of the form of a service as a whole: its questions and parts, filled, checked, and read into values.

Between steps (what is asked) and views (requests); knows forms and contents, no HTTP.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, Form
from django.http import QueryDict
from django.utils.functional import cached_property

from directory.choices import DATED_KINDS
from directory.models import Organisation, Place, Service
from portal.workspace.keeping.form.choices import services_with
from portal.workspace.keeping.form.fields import QuestionsForm, href_of
from portal.workspace.keeping.form.parts import Part, RowsFormSet, part_form, rows_form
from portal.workspace.keeping.form.places import PlacesForm
from portal.workspace.keeping.form.steps import Group, Question, Step
from portal.workspace.keeping.form.values import as_content, changed_rows, is_filled

Content = Mapping[str, Any]

# What a browser sends beside what was typed.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "do", "over"})
CHOICE = "keep-"
_DAYS = ("starts_at", "ends_at", "enrol_by")


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with its field."""

    asked: Question
    field: BoundField

    @property
    def is_text(self) -> bool:
        """Whether it is answered in sentences, which writing help can be given on."""
        return self.asked.field in Service.TEXTS and self.asked.field != "keywords"

    @property
    def has_counter(self) -> bool:
        """Whether it has an end that a writer may meet."""
        return self.is_text and bool(Service._meta.get_field(self.asked.field).max_length)


@dataclass(frozen=True, slots=True)
class AskedGroup:
    """A group of a step with its fields or its part. `sources`: services that the part can be copied from."""

    asked: Group
    questions: tuple[AskedQuestion, ...] = ()
    part: Part | None = None
    is_open: bool = True
    sources: tuple[Service, ...] = ()


class StepPage:
    """A step, filled from a content (`data` None) or from what was sent.

    content: what the person began from; what differs from it is their change. is_quiet: shows what was typed without a
    word about what is wrong in it.
    """

    def __init__(
        self,
        step: Step,
        *,
        organisation: Organisation,
        language: str,
        content: Content,
        service: Service | None = None,
        data: QueryDict | None = None,
        is_quiet: bool = False,
    ) -> None:
        self.step, self.organisation, self.content, self.service = step, organisation, content, service
        self.is_quiet = is_quiet
        self.groups = [group for group in step.groups if not group.is_of_dated or _is_dated(content)]
        self.questions = QuestionsForm(
            [question for group in self.groups for question in group.questions],
            organisation=organisation,
            language=language,
            content=dict(content),
            data=data,
        )
        self.parts: dict[str, Part] = {
            group.part: part_form(group.part, organisation=organisation, language=language, content=content, data=data)
            for group in self.groups
            if group.part
        }
        if is_quiet:
            self.questions.is_quiet = True
            for part in self.parts.values():
                part.hush()

    @property
    def places(self) -> PlacesForm | None:
        """The form of places, where the step asks for them."""
        part = self.parts.get("service_places")
        return part if isinstance(part, PlacesForm) else None

    # --- checking and reading ---
    def is_valid(self) -> bool:
        """Whether all of it can be saved; every fault is found, not only the first."""
        return all([self.questions.is_valid(), *(part.is_valid() for part in self.parts.values())])

    def values(self) -> dict[str, Any]:
        """What differs from the content, as a revision holds it. Only of this step's own fields."""
        cleaned = self.questions.cleaned_data
        values = {name: as_content(name, cleaned[name]) for name in self.questions.changed_data}
        for name, part in self.parts.items():
            rows = changed_rows(part.content_rows(), self.content.get(name) or ())
            if rows is not None:
                values[name] = rows
        return values

    def add_errors(self, errors: Mapping[str, list[str]]) -> None:
        """What an action found wrong."""
        for name, messages in errors.items():
            for message in messages:
                self.questions.add_error(name if name in self.questions.fields else None, message)

    def faults(self) -> list[dict[str, str]]:
        """What is wrong, for the summary: {message, href}."""
        if self.is_quiet:
            return []
        form = self.questions
        found = [
            {"message": f"{form[name].label} {errors[0]}", "href": href_of(form[name])}
            for name, errors in form.errors.items()
            if name in form.fields
        ]
        found += [{"message": error, "href": "#main"} for error in form.non_field_errors()]
        for part in self.parts.values():
            found += [{"message": f"{label}: {error}", "href": href} for label, error, href in part.faults()]
        return found

    # --- showing ---
    @cached_property
    def asked(self) -> list[AskedGroup]:
        """The groups in their order, with their fields."""
        return list(self._asked())

    def _asked(self) -> Iterator[AskedGroup]:
        for group in self.groups:
            part = self.parts.get(group.part)
            fields = tuple(AskedQuestion(each, self.questions[each.field]) for each in group.questions)
            is_open = not group.is_folded or any(is_filled(each.field.value()) or each.field.errors for each in fields)
            if part is not None:
                is_open = is_open or part.has_typed()
            sources: tuple[Service, ...] = ()
            if isinstance(part, RowsFormSet) and part.name in RowsFormSet.copied:
                sources = tuple(services_with(part.name, self.organisation, self.service))
            yield AskedGroup(group, fields, part, is_open, sources)

    def texts(self) -> dict[str, str]:
        """What is written in the step's text fields at this moment, headings of the long description too."""
        forms: list[Form] = [self.questions]
        if "long_description" in self.parts:
            forms.append(self.parts["long_description"])
        return {name: value for form in forms for name in form.fields if isinstance(value := form[name].value(), str)}


def _is_dated(content: Content) -> bool:
    return content.get("kind") in DATED_KINDS or any(content.get(name) for name in _DAYS)


# --- what was typed, as a browser sends it ---------------------------------------------------------------------------
def typed_of(data: QueryDict) -> dict[str, list[str]]:
    """What a person typed, to be kept: everything but the browser's own."""
    return {name: values for name, values in data.lists() if name not in NOT_TYPED and not name.startswith(CHOICE)}


def as_sent(typed: Mapping[str, list[str]]) -> QueryDict:
    """What was kept, as if it were sent now."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, list(values))
    return data


def with_one_more(data: QueryDict, part: str) -> QueryDict:
    """What was sent, with an empty row more in a part."""
    more = data.copy()
    more[f"{part}-TOTAL_FORMS"] = str(_rows_in(data, part) + 1)
    return more


def with_rows(data: QueryDict, part: str, rows: list[Content], organisation: Organisation) -> QueryDict:
    """What was sent, with rows copied from another service after those with something in them."""
    before = rows_form(part, organisation=organisation, content={}, data=data)
    copied = rows_form(part, organisation=organisation, content={part: rows})
    result = data.copy()
    for name in data:
        if name.startswith(f"{part}-") and name.split("-")[1].isdigit():
            del result[name]
    kept = [form for form in before.forms if form.has_changed()]
    for number, form in enumerate([*kept, *copied.forms]):
        for field in form:
            name = f"{part}-{number}-{field.name}"
            if form.is_bound:
                result.setlist(name, data.getlist(field.html_name))
            else:
                result.setlist(name, _sent(field))
    result[f"{part}-TOTAL_FORMS"] = str(len(kept) + len(copied.forms))
    return result


def _sent(field: BoundField) -> list[str]:
    """A field's value as a browser would send it."""
    value = field.value()
    if isinstance(value, bool):
        return ["on"] if value else []
    if isinstance(value, list):
        return [str(each) for each in value]
    shown = field.field.widget.format_value(value)
    return [] if shown is None else shown if isinstance(shown, list) else [str(shown)]


def with_place(data: QueryDict, place: Place) -> QueryDict:
    """What was sent, with a place chosen and the form of a new one empty."""
    result = data.copy()
    for name in data:
        if name.startswith("new_place-"):
            del result[name]
    chosen = result.getlist("places-places")
    result.setlist("places-places", [*chosen, *([] if str(place.pk) in chosen else [str(place.pk)])])
    return result


def _rows_in(data: QueryDict, part: str) -> int:
    try:
        return int(data.get(f"{part}-TOTAL_FORMS", "0"))
    except ValueError:
        return 0
