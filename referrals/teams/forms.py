"""Forms of the teams' pages. What may be done is said by referrals.actions.teams."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from referrals.models import Team, TeamMember


class JoinForm(forms.Form):
    """Who one is, for those who decide. needs_message=False: they know already."""

    message = forms.CharField(
        label=_("Who are you, and what is your work?"),
        help_text=_("Your task and a work phone number. Only those who decide read this. Tell nothing of clients."),
        max_length=TeamMember._meta.get_field("message").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tell who you are, so that we can make sure.")},
    )

    def __init__(self, *args: Any, needs_message: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_message:
            del self.fields["message"]


class TeamForm(JoinForm):
    """A new team."""

    name = forms.CharField(
        label=_("Name of the team"),
        help_text=_("As your clients know it, for instance: Adult social work."),
        max_length=Team._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the team a name.")},
    )

    field_order = ["name", "message"]


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Show what an action had to say, beside the field it is about where the form has it."""
    found = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for name, messages in found.items():
        form.add_error(name if name in form.fields else None, ValidationError(messages))
