"""Forms of the worker's pages, beside the one about the person (referrals.person_form). No rules of their own."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.choices import Act, ConsentHow
from referrals.models import Enquiry

WORDS_MOST = 600
_LABELS: dict[Act, Any] = {
    Act.ANSWER: _("Your answer"),
    Act.AGREE: _("A word to the organisation"),
    Act.REFUSE_TIME: _("A word to the organisation"),
    Act.CANCEL: _("A word to the organisation"),
    Act.CLOSE: _("A word to the organisation"),
}
CONSENT_CHOICES = [(each.value, each.label) for each in (ConsentHow.SPOKEN, ConsentHow.WRITTEN)]


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Show what an action had to say, beside the field it is about where the form has it."""
    found = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for name, messages in found.items():
        form.add_error(name if name in form.fields else None, ValidationError(messages))


def errors_of(form: forms.Form | None) -> list[dict[str, str]]:
    """What is wrong in a form, for the one error summary of a page with several: messages and where they lead."""
    if form is None:
        return []
    return [
        {"message": f"{field.label}: {error}", "href": f"#{field.id_for_label}"}
        for field in form
        for error in field.errors
    ]


class ActForm(forms.Form):
    """One thing to do to one enquiry. version: of the page that is shown."""

    act = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        max_length=WORDS_MOST,
        required=False,
        help_text=_("No identity code, no diagnosis. The organisation, your team and the person read this."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Write what you want to say.")},
    )

    def __init__(self, act: Act, enquiry: Enquiry, data: Any = None) -> None:
        # Several of these stand on one page: each has ids of its own, and the same names.
        super().__init__(
            data,
            auto_id=f"{act.value}-{enquiry.pk}-%s",
            initial={"act": act.value, "version": enquiry.version},
        )
        self.what = act
        self.fields["words"].label = _LABELS[act]
        self.fields["words"].required = act is Act.ANSWER


class ConsentForm(forms.Form):
    """The person's consent to ask further organisations."""

    knows = forms.BooleanField(
        label=_("The person knows which organisations are asked now and what they are told, and wants it"),
        error_messages={"required": _("Ask the person first, and tick this then.")},
    )
    how = forms.ChoiceField(
        label=_("How did the person give consent?"),
        choices=CONSENT_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Tell how the person gave consent.")},
    )


class MeetingForm(forms.Form):
    """The time that is suggested for a joint meeting, if there is one already."""

    meeting_day = forms.DateField(
        label=_("Suggested day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    meeting_time = forms.TimeField(
        label=_("Suggested time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        """Day and time belong together, and are still to come."""
        known: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return known
        if bool(known.get("meeting_day")) != bool(known.get("meeting_time")):
            missing = "meeting_time" if known.get("meeting_day") else "meeting_day"
            self.add_error(missing, _("Tell both the day and the time, or neither."))
        elif (moment := self.meeting_at()) is not None and moment < timezone.now():
            self.add_error("meeting_day", _("The time is past."))
        return known

    def meeting_at(self) -> datetime.datetime | None:
        """The moment, in Helsinki; None when none is suggested."""
        day, time = self.cleaned_data.get("meeting_day"), self.cleaned_data.get("meeting_time")
        return timezone.make_aware(datetime.datetime.combine(day, time)) if day and time else None
