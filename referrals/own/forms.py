"""Forms of the person's pages, beside the one about the person (referrals.person_form). Rules: referrals.actions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referrals.choices import Act
from referrals.codes import normalised
from referrals.models import Enquiry

WORDS_MOST = 600
NO, YES = "no", "yes"


class CodeForm(forms.Form):
    """The code that was given on paper or on the page after sending."""

    koodi = forms.CharField(
        label=_("Your code"),
        help_text=_("Twelve letters and numbers, for example K7M4-P2QX-9RTD. Small letters will do."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Write the code.")},
    )

    def code(self) -> str:
        """The code as it was given; empty when what was typed cannot be one. Of a valid form only."""
        return normalised(self.cleaned_data["koodi"])

    def refuse(self) -> None:
        """Say that it opens nothing: in the same words whatever there is."""
        self.add_error(
            "koodi",
            _(
                "This code does not open anything. Check each letter and number. The code may also be an old one, or"
                " the data may have been removed already."
            ),
        )


class GatesForm(forms.Form):
    """What is asked before anything is told: danger first, then whether the person knows what is sent and to whom."""

    danger = forms.ChoiceField(
        label=_("Do you need help right now?"),
        help_text=_("For example: you or somebody else is in danger, or you think of killing yourself."),
        choices=[(NO, pgettext_lazy("in danger", "No")), (YES, pgettext_lazy("in danger", "Yes"))],
        widget=forms.RadioSelect(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Answer this first.")},
    )
    agrees = forms.BooleanField(
        label=_("I want this organisation to get what I write, and to make contact with me or wait for me"),
        error_messages={"required": _("Tick this if you want to go on. Without it nothing can be sent.")},
    )
    # A field no person sees; programs that fill in everything give themselves away.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    @property
    def tells_of_danger(self) -> bool:
        """Whether somebody needs help right now, whatever else was answered."""
        return self.data.get("danger") == YES

    @property
    def is_by_program(self) -> bool:
        """Whether a program filled in the form."""
        return bool(self.data.get("website"))

    def clean_danger(self) -> str:
        """Only a no leads on."""
        if self.cleaned_data["danger"] != NO:
            raise ValidationError(_("Answer this first."))
        return self.cleaned_data["danger"]


class ActForm(forms.Form):
    """One thing that the person does to one enquiry. version: of the page that is shown."""

    act = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        max_length=WORDS_MOST,
        required=False,
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
        words = self.fields["words"]
        words.required = act is Act.ANSWER
        words.label = _("Your answer") if act is Act.ANSWER else _("What do you want to say to the organisation?")
        if act is Act.REFUSE_TIME:
            words.help_text = _("For example, which time would suit you.")
        if act is Act.AGREE:
            # To agree, a press is enough.
            del self.fields["words"]

    def refuse(self, error: ValidationError) -> None:
        """Show what the action had to say, beside the field it is about where the form has it."""
        found = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
        for name, messages in found.items():
            self.add_error(name if name in self.fields else None, ValidationError(messages))
