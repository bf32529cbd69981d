"""What people of the directory fill in: notes, answers, decisions. Fields only; who may is asked by the views."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.choices import CheckedHow, SendBackReason
from directory.models import CaseNote, FactReport, Review
from portal.accounts.models import User

_TEXT = forms.Textarea(attrs={"rows": 3})


class NoteForm(forms.Form):
    """A note for the other people of the directory."""

    text = forms.CharField(
        label=_("What to note down"),
        help_text=_("For the directory's own people: whom you called, what was said."),
        max_length=CaseNote._meta.get_field("text").max_length,
        widget=_TEXT,
    )


class CloseForm(forms.Form):
    """Why a case is done."""

    words = forms.CharField(
        label=_("What was done?"),
        required=False,
        max_length=CaseNote._meta.get_field("text").max_length,
        widget=_TEXT,
    )


class CheckForm(CloseForm):
    """A check by somebody of the directory."""

    how = forms.ChoiceField(
        label=_("How did you make sure?"),
        choices=[(each, each.label) for each in (CheckedHow.CALL, CheckedHow.VISIT)],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Who told you, and what?"),
        required=False,
        max_length=CaseNote._meta.get_field("text").max_length,
        widget=_TEXT,
    )
    field_order = ["how", "words"]


class AnswerForm(forms.Form):
    """The answer to a reader who told of a mistake."""

    answer = forms.CharField(
        label=_("Answer to the reader"),
        required=False,
        max_length=FactReport._meta.get_field("answer").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SendBackForm(forms.Form):
    """Why an edit goes back to its keeper."""

    reason = forms.ChoiceField(label=_("Reason"), choices=SendBackReason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("What should the keeper do? They get this by mail."),
        required=False,
        max_length=Review._meta.get_field("words").max_length,
        widget=_TEXT,
    )


class PersonForm(forms.Form):
    """One of some people."""

    person = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who?"), empty_label=None)

    def __init__(self, *args: Any, people: Any, label: str = "", is_optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.label = label or field.label
        if is_optional:
            field.required, field.empty_label = False, _("nobody's in particular")
