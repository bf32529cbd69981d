"""The questions of a step as a Django form: each field is made of the model's. No parts (parts), no HTTP."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from directory.models import Organisation, Service
from portal.workspace.keeping.form.choices import choices_of
from portal.workspace.keeping.form.steps import Question
from portal.workspace.keeping.form.values import initial_of

# More than anybody reads, less than a server minds.
LONGEST_TEXT = 10_000
LONG_LISTS = frozenset({"topics", "target_groups", "municipalities", "counties", "languages"})


class QuietForm(forms.Form):
    """A form that can show what was typed without a word about it: for what comes back before it was sent."""

    is_quiet = False

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.is_quiet else super().errors


class Words(forms.CharField):
    """A text with line breaks as they are stored: a browser's own would make a change of what nobody changed."""

    def to_python(self, value: Any) -> Any:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class LongChoices(forms.CheckboxSelectMultiple):
    """Checkboxes for tens or hundreds of choices, groups folded; long-choices.js adds a field that narrows."""

    template_name = "workspace/keeping/form/_long_choices.html"


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


# What browsers send, and what a person types where there is no picker.
DATES = ["%Y-%m-%d", "%d.%m.%Y"]
TIMES = ["%H:%M", "%H.%M", "%H:%M:%S", "%H"]
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H.%M", "%d.%m.%Y %H:%M"]


def shape(field: models.Field, **given: Any) -> forms.Field:
    """A model's field as this form asks it: pickers for days and times, radio buttons for one of few, no lost words."""
    if isinstance(field, models.DateTimeField):
        given |= {"widget": MomentInput, "input_formats": MOMENTS}
    elif isinstance(field, models.DateField):
        given |= {"widget": DateInput, "input_formats": DATES}
    elif isinstance(field, models.TimeField):
        given |= {"widget": TimeInput, "input_formats": TIMES}
    elif isinstance(field, models.URLField):
        given["assume_scheme"] = "https"
    elif isinstance(field, models.TextField):
        given.setdefault("max_length", field.max_length or LONGEST_TEXT)
    if type(field) in (models.CharField, models.TextField) and not field.choices:
        given["form_class"] = Words
    asked: forms.Field = field.formfield(**given)  # type: ignore[assignment]
    # A browser would cut what is pasted without a word: too long is told instead, and counted.
    asked.widget.attrs.pop("maxlength", None)
    return asked


def _field_of(question: Question, organisation: Organisation, language: str) -> forms.Field:
    field = Service._meta.get_field(question.field)
    given: dict[str, Any] = {
        "label": question.label,
        "help_text": question.why,
        "required": question.is_required,
    }
    if question.field in LONG_LISTS:
        kind = field.related_model._meta.pk if field.many_to_many else field
        return forms.TypedMultipleChoiceField(
            **given,
            choices=choices_of(question.field, organisation),
            coerce=kind.to_python if field.many_to_many else str,
            widget=LongChoices,
        )
    if field.choices and isinstance(field, models.CharField):
        given["widget"] = forms.RadioSelect
    asked = shape(field, **given)
    if isinstance(asked, forms.CharField):
        if question.rows:
            asked.widget = forms.Textarea({"rows": question.rows})
        asked.widget.attrs["lang"] = language
    return asked


class QuestionsForm(QuietForm):
    """The questions of one step. `content`: what the fields begin with, as a revision holds it."""

    def __init__(
        self,
        questions: Iterable[Question],
        *,
        organisation: Organisation,
        language: str,
        content: dict[str, Any],
        data: Any = None,
    ) -> None:
        questions = list(questions)
        super().__init__(data, initial=initial_of(Service, content, [each.field for each in questions]))
        for question in questions:
            self.fields[question.field] = _field_of(question, organisation, language)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for first, last, words in (
            ("age_min", "age_max", _("The oldest age is below the youngest.")),
            ("starts_at", "ends_at", _("It ends before it starts.")),
        ):
            if data.get(first) is not None and data.get(last) is not None and data[last] < data[first]:
                self.add_error(last, ValidationError(words))
        return data


def href_of(field: forms.BoundField) -> str:
    """Where a summary of what is wrong leads to."""
    return f"#{field.auto_id}_group" if field.use_fieldset else f"#{field.id_for_label}"
