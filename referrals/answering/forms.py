"""What an organisation fills in to answer: a form for each act that asks something. No reading, no writing.

What each act needs is checked by referrals.actions; here a day and a time become a moment in Helsinki.
"""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from referrals.actions.acting import FULL_DAYS
from referrals.choices import Act, DeclineReason

LONGEST_WORDS = 1000
# Where the field is that a refusal of referrals.actions is about.
_FIELD_OF = {"meeting_at": "day"}
_DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
_TIME_FORMATS = ["%H:%M", "%H.%M", "%H"]


def _words(label: Any, *, help_text: Any = "", rows: int = 3, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_WORDS,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=_DAY_FORMATS,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Tell the day."),
            "invalid": gettext_lazy("Write the day like this: 1.9.2026."),
        },
    )


def _time(*, required: bool = False) -> forms.TimeField:
    return forms.TimeField(
        label=gettext_lazy("Time"),
        required=required,
        input_formats=_TIME_FORMATS,
        widget=forms.TimeInput(attrs={"type": "time", "autocomplete": "off"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Tell the time."),
            "invalid": gettext_lazy("Write the time like this: 14.30."),
        },
    )


class ActForm(forms.Form):
    """An act that asks nothing. Forms of acts that do are below; `values` is what `referrals.actions.act` takes."""

    def __init__(self, data: Any = None, *, act: Act, is_secret: bool = False) -> None:
        super().__init__(data, prefix=act.value)
        self.what = act
        if is_secret and "words" in self.fields:
            warning = _("The address is kept secret. Do not write it here: tell the place by phone.")
            self.fields["words"].help_text = warning

    def values(self) -> dict[str, Any]:
        """Of a valid form: the words, the moment of a meeting and what else the act takes."""
        return {}

    @sensitive_variables()
    def take_refusal(self, error: ValidationError) -> None:
        """Put what referrals.actions refused beside the fields that it is about."""
        for name, messages in error.message_dict.items() if hasattr(error, "error_dict") else [("", error.messages)]:
            field = _FIELD_OF.get(name, name)
            self.add_error(field if field in self.fields else None, messages)


class _MeetingForm(ActForm):
    def clean(self) -> dict[str, Any]:
        """Puts the moment of the meeting into `meeting_at`; neither day nor time: no moment."""
        data = super().clean() or self.cleaned_data
        day, time = data.get("day"), data.get("time")
        if day and time is None and "time" not in self.errors:
            self.add_error("time", _("Tell the time, too."))
        if time is not None and not day and "day" not in self.errors:
            self.add_error("day", _("Tell the day, too."))
        both = day is not None and time is not None
        data["meeting_at"] = timezone.make_aware(datetime.datetime.combine(day, time)) if both else None
        return data

    def values(self) -> dict[str, Any]:
        return {"words": self.cleaned_data["words"], "meeting_at": self.cleaned_data["meeting_at"]}


class AcceptForm(_MeetingForm):
    """The person is welcome; the first meeting is on a day, or is agreed on with the person."""

    day = _day(
        gettext_lazy("Day of the first meeting"),
        help_text=gettext_lazy("Leave the day and the time empty, if you agree on them with the person."),
    )
    time = _time()
    words = _words(
        gettext_lazy("Where do you meet?"),
        help_text=gettext_lazy("For example: at the front door, Aino meets you. You can tell more, too."),
        rows=2,
    )


class AcceptTimeForm(ActForm):
    """A time is on the table already: the organisation comes."""

    words = _words(gettext_lazy("Do you want to tell something?"), rows=2)

    def values(self) -> dict[str, Any]:
        return {"words": self.cleaned_data["words"]}


class SuggestForm(_MeetingForm):
    """Another time."""

    day = _day(gettext_lazy("Day"), required=True)
    time = _time(required=True)
    words = _words(gettext_lazy("Where do you meet, and what else is good to know?"), rows=2)


class AskForm(ActForm):
    """A question to the sender."""

    words = _words(
        gettext_lazy("What do you want to ask?"),
        help_text=gettext_lazy("The sender answers together with the person. Do not ask about health or diagnoses."),
        required=True,
    )

    def values(self) -> dict[str, Any]:
        return {"words": self.cleaned_data["words"]}


class DeclineForm(ActForm):
    """A standard reason, and words for who wants to say more."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it not possible?"),
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a reason: it helps the person and the worker to go on."),
        },
    )
    words = _words(
        gettext_lazy("Do you want to say more?"),
        help_text=gettext_lazy("The person can read this. Be kind. You can tell where else to ask."),
    )

    def values(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"], "words": self.cleaned_data["words"]}


class FullForm(ActForm):
    """Until when there is no room."""

    until = _day(
        gettext_lazy("Full until"),
        required=True,
        help_text=gettext_lazy(
            "Your listing says so to everybody until this day. After it the note goes away by itself."
        ),
    )

    def __init__(self, data: Any = None, *, act: Act, is_secret: bool = False) -> None:
        super().__init__(data, act=act, is_secret=is_secret)
        self.fields["until"].initial = timezone.localdate() + datetime.timedelta(days=FULL_DAYS)

    def clean_until(self) -> datetime.date:
        """A day that is still to come, within a year."""
        day, today = self.cleaned_data["until"], timezone.localdate()
        if day < today:
            raise ValidationError(_("This day is past."))
        if day > today + datetime.timedelta(days=366):
            raise ValidationError(_("Choose a day within a year."))
        return day

    def values(self) -> dict[str, Any]:
        return {"full_until": self.cleaned_data["until"]}


_FORMS: dict[Act, type[ActForm]] = {
    Act.ACCEPT: AcceptForm,
    Act.ASK: AskForm,
    Act.SUGGEST: SuggestForm,
    Act.DECLINE: DeclineForm,
    Act.SAY_FULL: FullForm,
}


def form_for(act: Act, data: Any = None, *, has_time: bool = False, is_secret: bool = False) -> ActForm:
    """The form of an act. has_time: a meeting that is still to come is suggested already. is_secret: the listing's
    address must not be written down."""
    kind = AcceptTimeForm if act is Act.ACCEPT and has_time else _FORMS.get(act, ActForm)
    return kind(data, act=act, is_secret=is_secret)
